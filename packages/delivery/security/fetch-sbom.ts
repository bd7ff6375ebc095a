import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type ErrorKind, SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import { reasonOf } from '@sluice/core/no-answer';
import type { World } from '@sluice/core/run';
import { oneLine } from '@sluice/sbom/page/foreign';
import { type Address, addressOf, shownUrl } from './address.ts';
import type { SbomReference } from './reference.ts';

export interface Fetching extends Pick<World, 'fetch' | 'clock' | 'signal'> {
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** GitHub with a token that reaches this repository. */
  readonly gitHubOf: (repository: string) => GitHub;
}

/** GitHub takes SBOMs of 16 MB for attestations; ten times that is more than anybody has. */
const LARGEST = 256_000_000;
const MOST_REDIRECTS = 5;
const TRIES = 3;
/** For one try, headers and body together. */
const TIMEOUT_MS = 120_000;

/**
 * Fetches an SBOM into a new file, and nothing else: only over https, and with a token only from GitHub's own API. Throws a SluiceError
 * where the bytes do not have the digest: somebody has put something else there.
 */
export async function fetchSbom(reference: SbomReference, into: string, fetching: Fetching): Promise<void> {
  const { url, headers } = await locate(addressOf(reference.url, fetching), fetching);
  for (let tried = 1; ; tried++) {
    const end = await attempt(url, headers, into, fetching);
    if (end.type === 'digest') return checkDigest(end.digest, reference);
    if (!end.again || tried === TRIES) throw failed('platform', 'sbom-not-fetched', reference, end.why);
    await fetching.clock.sleep(1000 * 4 ** (tried - 1), fetching.signal);
  }
}

interface Located {
  readonly url: string;
  /** For the first address alone, and not for where it leads. */
  readonly headers: Readonly<Record<string, string>>;
}

async function locate(address: Address, { apiUrl, gitHubOf }: Fetching): Promise<Located> {
  if (address.type === 'plain') return { url: address.url, headers: {} };
  const github = gitHubOf(address.repository);
  const id = address.type === 'asset' ? address.id : await assetOf(address, github);
  return {
    url: `${apiUrl.replace(/\/+$/, '')}/repos/${address.repository}/releases/assets/${id}`,
    headers: { accept: 'application/octet-stream', authorization: `Bearer ${await github.token()}` },
  };
}

async function assetOf(
  { repository, tag, file }: Extract<Address, { type: 'release' }>,
  github: GitHub,
): Promise<number> {
  const [owner = '', repo = ''] = repository.split('/');
  const route = 'GET /repos/{owner}/{repo}/releases/tags/{tag}';
  const { data } = await github.request(route, { owner, repo, tag });
  const asset = data.assets.find(({ name }) => name === file);
  if (asset !== undefined) return asset.id;
  const sentence = `The release ${oneLine(tag)} of ${repository} has no file ${oneLine(file)}.`;
  throw new SluiceError('platform', 'sbom-not-fetched', sentence, {
    hint: 'Add the SBOM to the release again: a Deployment names it for as long as it is active.',
  });
}

type End =
  | { readonly type: 'digest'; readonly digest: string }
  | { readonly type: 'failed'; readonly why: string; readonly again: boolean };

async function attempt(
  first: string,
  headers: Located['headers'],
  into: string,
  { fetch, signal }: Fetching,
): Promise<End> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const options = { redirect: 'manual', streamed: true, signal: limit } as const;
  try {
    let url = first;
    let sent = headers;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const answer = await fetch(url, { ...options, headers: { ...sent, 'user-agent': 'sluice' } });
      if (answer.status === 200) return await save(answer.body ?? [], into);
      await discard(answer.body);
      const location = REDIRECTS.has(answer.status) ? answer.headers.get('location') : null;
      if (location === null) return refused(answer.status);
      const next = URL.parse(location, url);
      if (next === null || !(next.protocol === 'https:' || next.origin === new URL(first).origin))
        return { type: 'failed', why: 'it leads to an address that is not https', again: false };
      url = next.href;
      sent = {};
    }
    return { type: 'failed', why: 'it redirects again and again', again: false };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SluiceError) throw error;
    const why = limit.aborted ? `there was no answer in ${TIMEOUT_MS / 1000} s` : reasonOf(error);
    return { type: 'failed', why, again: true };
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const refused = (status: number): End => ({
  type: 'failed',
  why: `the server answered ${status}`,
  again: status >= 500 || status === 429 || status === 408,
});

async function discard(body: AsyncIterable<Uint8Array> | null | undefined): Promise<void> {
  // To leave it closes the connection.
  for await (const _ of body ?? []) break;
}

async function save(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, into: string): Promise<End> {
  const hash = createHash('sha256');
  const file: FileHandle = await open(into, 'w', 0o600);
  try {
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > LARGEST)
        return { type: 'failed', why: `it has more than ${LARGEST / 1_000_000} MB`, again: false };
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { type: 'digest', digest: `sha256:${hash.digest('hex')}` };
}

function checkDigest(found: string, reference: SbomReference): void {
  if (found === reference.digest) return;
  const why = `what lies there is ${found}, and ${reference.digest} was named: it is not the SBOM of what was deployed`;
  throw failed('platform', 'sbom-changed', reference, why);
}

function failed(
  kind: ErrorKind,
  code: 'sbom-not-fetched' | 'sbom-changed',
  { url }: SbomReference,
  why: string,
): SluiceError {
  const sentence = `The SBOM at ${oneLine(shownUrl(url))} could not be fetched: ${oneLine(why)}.`;
  return new SluiceError(kind, code, sentence, {
    hint: 'Put the SBOM back where the Deployment says that it is, or deploy again with the address of one that is there.',
  });
}
