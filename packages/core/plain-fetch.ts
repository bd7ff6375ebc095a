import type { ClientRequest, IncomingMessage } from 'node:http';

/** The part of the standard's `fetch` that is used here; Node's own fits it. */
export type Fetch = (url: string, init?: FetchInit) => Promise<FetchAnswer>;

export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `manual` hands a redirect to the caller. */
  readonly redirect?: 'follow' | 'manual';
  readonly signal?: AbortSignal;
  /** For headers and body together; after it a DOMException `TimeoutError`. */
  readonly timeoutMs?: number;
  /** More of an answer is not read: a RangeError. */
  readonly maxBytes?: number;
  /** The answer comes with its headers; its body is then in `body`, as it arrives. */
  readonly streamed?: boolean;
}

export interface FetchAnswer {
  readonly status: number;
  readonly url: string;
  readonly headers: { get(name: string): string | null; [Symbol.iterator](): Iterator<[string, string]> };
  text(): Promise<string>;
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Where the request was `streamed`. To leave it early closes the connection. */
  readonly body?: AsyncIterable<Uint8Array> | null;
}

const MOST_REDIRECTS = 5;

/**
 * `fetch` over Node's own HTTP client. What stands behind the global one is undici, which takes as long to load as Node
 * itself takes to start, even for an action that makes one call. An answer comes when all of it is there.
 * Rejects with the reason of the signal, or with the error of the connection.
 */
export const plainFetch: Fetch = async (url, init = {}) => {
  let target = new URL(url);
  let request = init;
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(target, request);
    const location = answer.headers.get('location');
    if (init.redirect === 'manual' || location === null || !REDIRECTS.has(answer.status)) return answer;
    if (redirects === MOST_REDIRECTS) throw new Error(`${target.host} redirects again and again`);
    const next = new URL(location, target);
    request = redirected(request, answer.status, next.origin === target.origin);
    target = next;
  }
};

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** As the standard has it: another server is not sent the token; below 307 what was a POST becomes a GET. */
function redirected(
  { headers = {}, method, body, ...rest }: FetchInit,
  status: number,
  isSameServer: boolean,
) {
  const kept = Object.entries(headers).filter(
    ([name]) => isSameServer || !['authorization', 'cookie'].includes(name.toLowerCase()),
  );
  const request: FetchInit = { ...rest, headers: Object.fromEntries(kept) };
  return status < 307 ? request : { ...request, ...(method && { method }), ...(body && { body }) };
}

async function exchange(url: URL, init: FetchInit): Promise<FetchAnswer> {
  const { signal, timeoutMs, streamed, maxBytes } = init;
  signal?.throwIfAborted();
  const request = requestOf(url, init);
  let reason: unknown;
  const stop = (why: unknown) => {
    reason ??= why;
    request.destroy();
  };
  // Not the client's own `signal`, `AbortSignal.any` and `AbortSignal.timeout`: together they take 2 ms of a start.
  const onAbort = () => stop(signal?.reason);
  const onTimeout = () => stop(new DOMException('No answer came in time', 'TimeoutError'));
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  request.once('close', () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  });
  try {
    const message = await answerTo(request, init.body);
    const headers = new Map(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
    const body = streamed ? Buffer.alloc(0) : await content(message, maxBytes);
    const text = () => new TextDecoder().decode(body);
    return {
      status: message.statusCode ?? 0,
      url: url.href,
      headers: {
        get: (name) => headers.get(name.toLowerCase()) ?? null,
        [Symbol.iterator]: () => headers.entries(),
      },
      text: async () => text(),
      json: async () => JSON.parse(text()),
      arrayBuffer: async () => new Uint8Array(body).buffer,
      ...(streamed && { body: message }),
    };
  } catch (error) {
    // Of what was stopped the client says no more than that the connection ended.
    throw reason ?? error;
  }
}

function requestOf(url: URL, { method = 'GET', headers, streamed }: FetchInit): ClientRequest {
  // Not by `import`: that reads every export of node:http, and one of them, WebSocket, loads undici.
  const { request } =
    url.protocol === 'https:'
      ? process.getBuiltinModule('node:https')
      : process.getBuiltinModule('node:http');
  // What is packed comes in lumps.
  const all = { 'accept-encoding': streamed ? 'identity' : 'gzip', 'user-agent': 'sluice', ...headers };
  return request(url, { method, headers: all });
}

const answerTo = (request: ClientRequest, body: string | undefined): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.on('response', resolve).on('error', reject).end(body);
  });

async function content(message: IncomingMessage, maxBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else message.destroy(new RangeError(`the answer has more than ${maxBytes} bytes`));
    });
    message.once('end', resolve).once('error', reject);
  });
  const bytes = Buffer.concat(chunks);
  if (message.headers['content-encoding'] !== 'gzip' || bytes.length === 0) return bytes;
  const [{ gunzip }, { promisify }] = await Promise.all([import('node:zlib'), import('node:util')]);
  const limit = Number.isFinite(maxBytes) ? { maxOutputLength: maxBytes } : {};
  // Node's error for one that unpacks to more is a RangeError as well.
  return promisify<Buffer, object, Buffer>(gunzip)(bytes, limit);
}
