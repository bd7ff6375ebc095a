import type { Plugin } from 'rolldown';

/**
 * `@actions/core` loads at its start what most actions never use: `@actions/http-client`, and with it 400 kB of undici,
 * for `getIDToken`; and `@actions/exec`, with Node's child processes, for the name of the operating system.
 * For importers inside `@actions/core` this resolves them to modules that load the real ones when they are first used.
 */
export function lazyHttpClient(): Plugin {
  return {
    name: 'lazy-http-client',
    resolveId(source, importer) {
      const lazily = MODULES.has(source) && /[\\/]@actions[\\/]core[\\/]/.test(importer ?? '');
      return lazily ? `${PREFIX}${source}` : undefined;
    },
    load(id) {
      return id.startsWith(PREFIX) ? MODULES.get(id.slice(PREFIX.length)) : undefined;
    },
  };
}

const PREFIX = '\0lazy:';

/** What `@actions/core` uses of each: two classes, `getJson` and one function. */
const MODULES: ReadonlyMap<string, string> = new Map([
  [
    '@actions/http-client',
    `
export class HttpClient {
  constructor(...args) { this.args = args; }
  async getJson(...args) {
    const [{ HttpClient }, { BearerCredentialHandler }] = await Promise.all([
      import('@actions/http-client'),
      import('@actions/http-client/lib/auth'),
    ]);
    const [agent, handlers, options] = this.args;
    const real = handlers.map(({ token }) => new BearerCredentialHandler(token));
    return new HttpClient(agent, real, options).getJson(...args);
  }
}`,
  ],
  [
    '@actions/http-client/lib/auth',
    'export class BearerCredentialHandler { constructor(token) { this.token = token; } }',
  ],
  [
    '@actions/exec',
    "export const getExecOutput = async (...args) => (await import('@actions/exec')).getExecOutput(...args);",
  ],
]);
