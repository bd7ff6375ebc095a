import { SluiceError } from '@sluice/core/errors';
import './reasons.ts';

/** Where an SBOM is fetched from. Only GitHub's own API is sent a token. */
export type Address =
  | { readonly type: 'asset'; readonly repository: string; readonly id: number }
  | { readonly type: 'release'; readonly repository: string; readonly tag: string; readonly file: string }
  | { readonly type: 'plain'; readonly url: string };

export interface GitHubAddresses {
  readonly serverUrl: string;
  readonly apiUrl: string;
}

const NAME = '([\\w.-]+/[\\w.-]+)';

/**
 * What an address names. A file of a release is asked from the API, also where the address is that of the browser: of a private
 * repository the browser's takes no token. Throws a SluiceError for what is neither https nor such a file.
 */
export function addressOf(url: string, { serverUrl, apiUrl }: GitHubAddresses): Address {
  const parsed = new URL(url);
  const asset = below(parsed, apiUrl, new RegExp(`^/repos/${NAME}/releases/assets/(\\d{1,15})$`));
  if (asset !== undefined) return { type: 'asset', repository: asset[1] ?? '', id: Number(asset[2]) };
  const release = below(parsed, serverUrl, new RegExp(`^/${NAME}/releases/download/(.+)/([^/]+)$`));
  const [repository, tag, file] = (release ?? []).slice(1).map(decoded);
  if (repository !== undefined && tag !== undefined && file !== undefined)
    return { type: 'release', repository, tag, file };
  if (parsed.protocol === 'https:') return { type: 'plain', url };
  throw new SluiceError(
    'input',
    'sbom-refused',
    `${shownUrl(url)} is no https:// address: nothing is fetched.`,
    {
      hint: 'Name the SBOM by an https:// address, as that of a file of a release.',
    },
  );
}

function below(url: URL, base: string, pattern: RegExp): RegExpExecArray | undefined {
  const { origin, pathname } = new URL(base);
  const path = pathname.replace(/\/+$/, '');
  if (url.origin !== origin || !url.pathname.startsWith(`${path}/`) || url.search !== '') return undefined;
  return pattern.exec(url.pathname.slice(path.length)) ?? undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Without what may be a signature. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
