import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createInterface } from 'node:readline';

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca?: string;
}

/** One request; the parsed JSON of its answer. An answer of 400 and above is an error that holds its text. */
export function callJson(call: Call): Promise<unknown> {
  const send = call.url.startsWith('https:') ? requestHttps : requestHttp;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const request = send(
    call.url,
    { method: call.method, headers: call.headers, ca: call.ca, timeout: 20_000 },
    (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const status = response.statusCode ?? 0;
        if (status >= 400) reject(new Error(`${call.method} ${call.url}: ${status} ${text}`));
        else resolve(parse(text));
      });
    },
  );
  request.on('timeout', () => request.destroy(new Error(`${call.method} ${call.url}: no answer in 20 s`)));
  request.on('error', reject);
  request.end(call.body);
  return promise;
}

/** The JSON lines of an answer that goes on until `signal` aborts it; rejects when it ends before. */
export function followJson(call: Call, signal: AbortSignal, tell: (event: unknown) => void): Promise<void> {
  const send = call.url.startsWith('https:') ? requestHttps : requestHttp;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const over = (error: Error): void => (signal.aborted ? resolve() : reject(error));
  const options = { method: call.method, headers: call.headers, ca: call.ca, signal };
  const request = send(call.url, options, (response) => {
    const lines = createInterface({ input: response });
    lines.on('line', (line) => tell(parse(line)));
    // It takes the response's errors to itself.
    lines.on('error', over);
    lines.on('close', () => over(new Error(`${call.url} ended.`)));
  });
  request.on('error', over);
  request.end();
  return promise;
}

/** Kubernetes' `/readyz` and Argo CD's `/healthz` answer with plain text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
