import { parseAddress } from '@sluice/gitops/git/address';

/**
 * One spelling for every way to write where a repository is: `git@github.com:acme/gitops.git`, `ssh://git@GitHub.com/acme/gitops`
 * and `https://github.com/acme/gitops/` are the same. Argo CD folds the case of the whole address as well.
 */
export function canonicalGitUrl(url: string): string {
  const text = url.trim().toLowerCase();
  const parsed = parseAddress(text);
  if (parsed === undefined) return text;
  const port =
    parsed.port === '' || (parsed.protocol === 'ssh:' && parsed.port === '22') ? '' : `:${parsed.port}`;
  const path = parsed.pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  return `${parsed.hostname}${port}${path}`;
}

export const sameGitUrl = (a: string, b: string): boolean => canonicalGitUrl(a) === canonicalGitUrl(b);

/** An address that a token of GitHub can be used with: an SSH one on the same host is read over HTTPS. */
export function httpsUrl(url: string, serverUrl: string): string {
  if (/^https?:/i.test(url.trim())) return url.trim().replace(/^(https?:\/\/)[^@/]*@/i, '$1');
  const [host = '', ...path] = canonicalGitUrl(url).split('/');
  const server = new URL(serverUrl);
  return host === server.hostname ? `${serverUrl}/${path.join('/')}` : `https://${host}/${path.join('/')}`;
}
