import type { Env } from './context.ts';
import { proxySettings } from './http.ts';

/** What Git and the programs that it starts may see of the runner's environment. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|all_proxy|SSL_CERT_(FILE|DIR)|GIT_SSL_CAINFO|GIT_SSL_CERT|GIT_SSL_KEY|GIT_EXEC_PATH)$/i;

interface Settings {
  readonly env: Env;
  readonly dir: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly ssh: string | undefined;
  /** File of the authorities to trust instead of the machine's. */
  readonly authorities: string | undefined;
}

/**
 * The environment of a Git command. Configuration goes in by `GIT_CONFIG_*`, which no other process sees and no file
 * keeps; commands that Git starts itself, such as the fetch of a missing blob, inherit it.
 */
export function gitEnvironment(settings: Settings): Record<string, string> {
  const { env, url, ssh, authorities } = settings;
  return {
    ...defined(Object.entries(env).filter(([name]) => PASSED_ON.test(name))),
    ...proxyVariables(env),
    ...(authorities === undefined ? {} : { GIT_SSL_CAINFO: authorities }),
    // The configuration of a checked-out tree may name a remote that runs a program.
    GIT_ALLOW_PROTOCOL: allowedProtocols(url),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // An askpass program of the desktop would open a window and wait.
    GIT_ASKPASS: 'true',
    SSH_ASKPASS: 'true',
    ...(ssh === undefined ? {} : { GIT_SSH_COMMAND: ssh, GIT_SSH_VARIANT: 'ssh' }),
    // The messages that we tell apart are English.
    LC_ALL: 'C',
    ...configuration([
      ['core.hooksPath', '/dev/null'],
      ['core.fsmonitor', 'false'],
      ['core.quotePath', 'false'],
      ['core.autocrlf', 'false'],
      ['credential.helper', ''],
      ['gc.auto', '0'],
      ['maintenance.auto', 'false'],
      ['advice.detachedHead', 'false'],
      // A connection on which 30 s long hardly a byte came is dead.
      ['http.lowSpeedLimit', '100'],
      ['http.lowSpeedTime', '30'],
      // In a container job the workspace belongs to another user. No hook or monitor of it can run here.
      ['safe.directory', settings.dir],
      ...authorization(settings),
    ]),
  };
}

function authorization({ url, token }: Settings): readonly (readonly [string, string])[] {
  const server = url === undefined ? null : URL.parse(url);
  if (!token || server === null || !/^https?:$/.test(server.protocol)) return [];
  return [
    [`http.${server.origin}/.extraheader`, `Authorization: basic ${basic(token)}`],
    // After a redirect Git sends an extra header to the other host as well (seen with 2.39: info/refs without, the
    // POST after it with the header).
    ['http.followRedirects', 'false'],
  ];
}

/** curl heeds the name in upper case only for https, and lets no `HTTP_PROXY` stand in for `HTTPS_PROXY`; Node's side does. */
function proxyVariables(env: Env): Record<string, string> {
  const { proxy, httpProxy, noProxy } = proxySettings(env);
  return defined([
    ['https_proxy', proxy ?? httpProxy],
    ['http_proxy', httpProxy],
    ['no_proxy', noProxy],
  ]);
}

function allowedProtocols(url: string | undefined): string {
  if (url === undefined) return '';
  const protocol = URL.parse(url)?.protocol ?? '';
  if (protocol === 'ssh:') return 'ssh';
  return protocol.startsWith('http') ? 'http:https' : 'file';
}

/** The form in which GitHub takes a token from Git. */
export function basic(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64');
}

function defined(entries: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function configuration(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(entries.length)],
    ...entries.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]);
}
