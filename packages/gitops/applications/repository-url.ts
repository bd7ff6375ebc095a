/** Where GitHub takes SSH on the port of HTTPS. */
const aliases: Readonly<Record<string, string>> = { 'ssh.github.com': 'github.com' };

/**
 * `owner/name` of a repository on the server that the workflow runs on, however its address is written: `git@host:owner/name.git`,
 * `ssh://…`, `https://…`, with or without `.git`; undefined for one on another server, or no address of a repository.
 */
export function repositoryOn(serverUrl: string, repoURL: string): string | undefined {
  const address = repoURL.trim();
  const scp = /^(?:[^@/\s]+@)?([\w.-]+):(?!\/\/)\/*([^\s]+)$/.exec(address);
  const url = URL.parse(scp === null ? address : `ssh://${scp[1]}/${scp[2]}`);
  const server = URL.parse(serverUrl);
  if (url === null || server === null || !/^(?:https?|ssh|git):$/.test(url.protocol)) return undefined;
  const host = url.hostname.toLowerCase();
  if ((aliases[host] ?? host) !== server.hostname || !samePort(url, server)) return undefined;
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
