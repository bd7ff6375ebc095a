import type { Plugin } from 'rolldown';

/**
 * `@actions/core` loads `@actions/http-client`, and with it 400 kB of undici, at its start; only `getIDToken` needs it.
 * For importers inside `@actions/core` this resolves the client to a module whose `HttpClient` loads the real one when
 * it is first used.
 */
export function lazyHttpClient(): Plugin {
  const names = ['@actions/http-client', '@actions/http-client/lib/auth'];
  const prefix = '\0lazy:';
  return {
    name: 'lazy-http-client',
    resolveId(source, importer) {
      const lazily = names.includes(source) && /[\\/]@actions[\\/]core[\\/]/.test(importer ?? '');
      return lazily ? `${prefix}${source}` : undefined;
    },
    load(id) {
      if (id === `${prefix}${names[0]}`) return LAZY_CLIENT;
      return id === `${prefix}${names[1]}` ? LAZY_CREDENTIALS : undefined;
    },
  };
}

/** The two classes as `@actions/core` uses them: `new`, and `getJson`. */
const LAZY_CREDENTIALS =
  'export class BearerCredentialHandler { constructor(token) { this.token = token; } }';
const LAZY_CLIENT = `
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
}`;
