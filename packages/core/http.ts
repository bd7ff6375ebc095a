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
 * only then, undici (400 kB, 30 ms to load) comes with a dispatcher of its own.
 */
export async function createFetch(settings: HttpSettings): Promise<Fetch> {
  const { proxy, httpProxy, noProxy, ca, clientCertificate, clientKey, insecure } = settings;
  if (!(proxy || httpProxy || ca || clientCertificate || clientKey || insecure)) return plainFetch;
  for (const url of [proxy, httpProxy]) if (url) checkProxy(url);
  const [{ EnvHttpProxyAgent, fetch }, { getCACertificates }] = await Promise.all([
    import('undici'),
    import('node:tls'),
  ]);
  const tls = {
    // `default`: Node's own and those of NODE_EXTRA_CA_CERTS.
    ...(ca ? { ca: [...getCACertificates('default'), ca] } : {}),
    ...(clientCertificate ? { cert: clientCertificate } : {}),
    ...(clientKey ? { key: clientKey } : {}),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
  const dispatcher = new EnvHttpProxyAgent({
    // Empty texts, so that undici does not look into the environment by itself.
    httpProxy: httpProxy ?? '',
    httpsProxy: proxy ?? '',
    noProxy: noProxy ?? '',
    connect: tls,
    requestTls: tls,
    proxyTls: ca ? { ca: tls.ca } : {},
  });
  // undici declares Request, Response and so on once more, with the same shape as Node's, which is undici as well.
  const call = fetch as unknown as (input: unknown, init: unknown) => Promise<Response>;
  return async (input, init) => {
    const response = await call(input, { ...init, dispatcher });
    if (init?.streamed) return response;
    // As the plain one: an answer comes when all of it is there, so that a body that was cut is a connection that was cut.
    await readAll(response, init?.maxBytes);
    return response;
  };
}

/** Reads a copy of the body to its end, or gives both up: a copy given up alone would wait for the other. */
async function readAll(response: Response, maxBytes = Number.POSITIVE_INFINITY): Promise<void> {
  const copy = response.clone().body?.getReader();
  let size = 0;
  for (let part = await copy?.read(); part?.value !== undefined; part = await copy?.read()) {
    size += part.value.length;
    if (size <= maxBytes) continue;
    for (const branch of [copy, response.body]) branch?.cancel().catch(() => {});
    throw new RangeError(`the answer has more than ${maxBytes} bytes`);
  }
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
