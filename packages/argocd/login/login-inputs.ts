/** One Argo CD: its name in this run, empty where it is the only one, and its URL without a slash at the end. */
export interface Server {
  readonly name: string;
  readonly url: string;
}

/** A token, and the name of the server that it is for; empty: for every one. */
export interface ServerToken {
  readonly server: string;
  readonly token: string;
}

/** A header that is sent with every request, for a proxy that authenticates. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** Reads `https://argocd.example/base` or `name=https://…`. */
export function parseServer(entry: string): Server {
  const [, name = '', address = ''] = /^(?:([\w.-]+)=)?(.*)$/.exec(entry) ?? [];
  if (/,\s*([\w.-]+=)?https?:/.test(address))
    throw new Error('allowed: one per line, not separated by commas');
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error('allowed: a URL with https:// or http://');
  if (url.username !== '' || url.password !== '')
    throw new Error('allowed: a URL without a user and password');
  if (url.search !== '' || url.hash !== '') throw new Error('allowed: a URL without ? and #');
  return { name, url: url.href.replace(/\/+$/, '') };
}

/** Whether what is sent there can be read on the way: in the clear, and not to this machine. */
export function isInTheClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Of several each needs a name of its own: results, tokens and messages are told apart by it. */
export function distinctServers(servers: readonly Server[]): void {
  if (servers.length < 2) return;
  const names = servers.map(({ name }) => name);
  if (names.includes('')) throw new Error('allowed: `name=URL` for each, where there are several');
  const twice = servers.find(({ name, url }, at) =>
    servers.slice(0, at).some((one) => one.name === name || one.url === url),
  );
  if (twice !== undefined) throw new Error(`${twice.name} is given twice: give each server once`);
}

/**
 * Reads `token` or `name=token`. Argo CD's tokens are JWTs, which hold no `=`. One that is empty belongs to no server, which is told
 * with the servers.
 */
export function parseServerToken(entry: string): ServerToken {
  const [, server = '', token = entry] = /^([\w.-]{1,63})=(.*)$/s.exec(entry) ?? [];
  return { server, token };
}

/** What each request sets, and what is of the connection (RFC 9110, section 7.6.1). */
const ours =
  /^(authorization|host|content-type|content-length|accept|accept-encoding|connection|transfer-encoding|expect|te|trailer|upgrade)$/i;

/** Why nothing stands behind a name: an expression of a secret that is not there is empty. */
export const emptySecret = 'the secret is empty, or not passed to this job';

/** Reads `Name: value` (RFC 9110, section 5). Its errors repeat nothing of the value. */
export function parseHeader(entry: string): Header {
  const [, bare] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*$/.exec(entry) ?? [];
  if (bare !== undefined) throw new Error(`names ${bare} and holds no value: ${emptySecret}`);
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]+)$/.exec(entry) ?? [];
  if (name === undefined || value === undefined) throw new Error('allowed: <name>: <value>, in ASCII');
  if (ours.test(name)) throw new Error(`allowed: any header but ${name}, which every request has already`);
  return { name, value };
}

/** A header is sent once: of two, nobody could tell which. */
export function distinctHeaders(headers: readonly Header[]): void {
  const names = headers.map(({ name }) => name.toLowerCase());
  const twice = headers.find(({ name }, at) => names.indexOf(name.toLowerCase()) !== at);
  if (twice !== undefined) throw new Error(`${twice.name} is given twice: give each header once`);
}
