import { at, type Json, text } from '@sluice/argocd/json';

/** An SBOM by its address and the SHA-256 of its bytes: who names one says what is in it. */
export interface SbomReference {
  readonly url: string;
  /** `sha256:` and 64 digits. */
  readonly digest: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** What servers take. */
const LONGEST_URL = 2000;

/** `https://github.com/acme/app/releases/download/v1/sbom.cdx.json@sha256:…`. Throws an Error that says what is allowed. */
export function parseReference(given: string): SbomReference {
  const at = given.lastIndexOf('@sha256:');
  const reference = { url: given.slice(0, Math.max(at, 0)), digest: given.slice(at + 1) };
  const form = 'https://…@sha256:…, the address of the SBOM and the SHA-256 of its bytes';
  // The word of deploy.yml: its expressions know no other way to refuse.
  if (given === 'missing') throw new Error(`\`scan\` needs \`sbom\`: give ${form}`);
  const wrong = at < 0 ? 'it has no digest' : problemOf(reference);
  if (wrong === undefined) return reference;
  throw new Error(`${wrong}; allowed: ${form}`);
}

/** What a Deployment's payload says of its SBOM; whoever may write Deployments may have written it. Undefined: it names none. */
export function payloadSbom(payload: Json): SbomReference | { readonly unreadable: string } | undefined {
  const value = at(payload, 'sbom') ?? null;
  if (value === null) return undefined;
  const reference = { url: text(at(value, 'url')) ?? '', digest: text(at(value, 'digest')) ?? '' };
  const wrong = problemOf(reference);
  return wrong === undefined ? reference : { unreadable: wrong };
}

/** That it is https, or GitHub's own server over http, is looked at where that is known. */
function problemOf({ url, digest }: SbomReference): string | undefined {
  if (!DIGEST.test(digest)) return 'its digest is not sha256: and 64 digits';
  const parsed = url.length > LONGEST_URL ? null : URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return 'its address is no https:// URL';
  if (parsed.username !== '' || parsed.password !== '') return 'its address holds a login';
  return undefined;
}
