import { parseAddress } from '../git/address.ts';

/**
 * `owner/name` of a repository on the server that the workflow runs on, however its address is written: `git@host:owner/name.git`,
 * `ssh://…`, `https://…`, with or without `.git`; undefined for one on another server, or no address of a repository.
 */
export function repositoryOn(serverUrl: string, repoURL: string): string | undefined {
  const url = parseAddress(repoURL);
  const server = URL.parse(serverUrl);
  if (url === undefined || server === null || !/^(?:https?|ssh|git):$/.test(url.protocol)) return undefined;
  if (url.hostname.toLowerCase() !== server.hostname || !samePort(url, server)) return undefined;
  const path = url.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/i, '');
  return /^[\w.-]+\/[\w.-]+$/.test(path) && !path.includes('..') ? path : undefined;
}

/** Another port is another server; that of SSH says nothing of the web's. */
function samePort(url: URL, server: URL): boolean {
  return url.protocol === 'ssh:' || url.port === server.port;
}

/** An address without what may be a password in it, for messages. */
export function withoutLogin(repoURL: string): string {
  return repoURL.trim().replace(/^([a-z+]+:\/\/)[^/]*@/i, '$1');
}
