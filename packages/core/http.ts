import type { Env } from './context.ts';
import { SluiceError } from './errors.ts';
import { type Fetch, plainFetch } from './plain-fetch.ts';

export type { Fetch } from './plain-fetch.ts';

/** How to reach a server where the plain `fetch` is not enough. PEM texts; absent means not needed. */
export interface HttpSettings {
  /** URL of the proxy for https. */
  readonly proxy?: string | undefined;
  /** The one for http, and for https where `proxy` is absent. */
  readonly httpProxy?: string | undefined;
  /** As the variable NO_PROXY has it: hosts and domains, separated by commas. */
  readonly noProxy?: string | undefined;
  /** Added to the authorities that Node trusts. */
  readonly ca?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  /** Takes any certificate. */
  readonly insecure?: boolean | undefined;
}

/** The proxy that the environment asks for, in the lower or upper case that curl and most tools read. */
export function proxySettings(env: Env): HttpSettings {
  return {
    proxy: env.https_proxy || env.HTTPS_PROXY || undefined,
    httpProxy: env.http_proxy || env.HTTP_PROXY || undefined,
    noProxy: env.no_proxy || env.NO_PROXY || undefined,
  };
}

/**
 * The plain `fetch` where it will do. It ignores proxies and takes no authority or client certificate: for those, and
 * only then, undici (700 kB, 30 ms to load) comes with a dispatcher of its own.
 */
export async function createFetch(settings: HttpSettings): Promise<Fetch> {
  const { proxy, httpProxy, ca, clientCertificate, clientKey, insecure } = settings;
  if (!(proxy || httpProxy || ca || clientCertificate || clientKey || insecure)) return plainFetch;
  for (const url of [proxy, httpProxy]) if (url) checkProxy(url);
  const { undiciFetch } = await import('./undici-fetch.ts');
  return undiciFetch(settings);
}

function checkProxy(url: string): void {
  const parsed = URL.parse(url);
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return;
  throw new SluiceError(
    'input',
    'invalid-proxy',
    'The address of the proxy is not a URL that begins with http:// or https://.',
    {
      hint: 'Correct the environment variable HTTPS_PROXY or HTTP_PROXY.',
    },
  );
}
