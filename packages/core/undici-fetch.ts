import { getCACertificates } from 'node:tls';
import { EnvHttpProxyAgent, fetch } from 'undici';
import type { HttpSettings } from './http.ts';
import type { Fetch } from './plain-fetch.ts';

/** Goes through proxies, and knows authorities and client certificates. */
export function undiciFetch(settings: HttpSettings): Fetch {
  const { proxy, httpProxy, noProxy, ca, clientCertificate, clientKey, insecure } = settings;
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
    const { signal, timeoutMs } = init ?? {};
    const signals = [signal ?? [], timeoutMs === undefined ? [] : AbortSignal.timeout(timeoutMs)].flat();
    const response = await call(input, { ...init, signal: AbortSignal.any(signals), dispatcher });
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
