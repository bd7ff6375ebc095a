import type { Fetch, FetchInit } from '@sluice/core/plain-fetch';
import { notAnApi, redirectTo, unavailable, unreachable } from '../api/client-errors.ts';
import type { Json } from '../json.ts';

/** Whom to ask, and how. */
export interface Asking {
  /** The base URL, for messages. */
  readonly server: string;
  readonly fetch: Fetch;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Whether the server has answered as it should before: then a web page is an outage, and no wrong address. */
  readonly known: boolean;
}

export interface LoginAnswer {
  readonly status: number;
  readonly body: Json;
}

const timeoutMs = 10_000;
const mostBytes = 200_000;

/**
 * One request of a login, sent once. Throws a SluiceError where no answer came, or one that is none of the server that should
 * answer; it holds nothing of what was sent.
 */
export async function loginRequest(
  url: string,
  init: Omit<FetchInit, 'signal'>,
  { server, fetch, signal, known }: Asking,
): Promise<LoginAnswer> {
  const asked = await ask(url, init, { server, fetch, signal });
  const { status, headers } = asked;
  if (status === 429 || status >= 500) throw unavailable(server, status, 'no login now');
  if (status >= 300 && status < 400) {
    const location = headers.get('location');
    // So Argo CD hands on an error 500 of Dex (NewDexHTTPReverseProxy in its util/dex/dex.go).
    if (/[?&](has_)?sso_error=/.test(location ?? '')) throw unavailable(server, 500, 'its Dex failed');
    throw notAnApi(server, status, redirectTo(location), known);
  }
  if (headers.get('content-type')?.startsWith('text/html'))
    throw notAnApi(server, status, 'a web page', known);
  return { status, body: parsed(await asked.text()) };
}

async function ask(
  url: string,
  init: Omit<FetchInit, 'signal'>,
  { server, fetch, signal }: Pick<Asking, 'server' | 'fetch' | 'signal'>,
) {
  try {
    return await fetch(url, {
      ...init,
      // A redirect would take the password or the identity to another host.
      redirect: 'manual',
      maxBytes: mostBytes,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(server, error);
  }
}

function parsed(content: string): Json {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
