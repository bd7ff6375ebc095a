import type { Clock } from '@sluice/core/clock';
import type { SluiceError } from '@sluice/core/errors';
import type { Fetch, FetchAnswer } from '@sluice/core/plain-fetch';
import { at, type Json, text } from '../json.ts';
import type { Authorization } from './authorization.ts';
import { notAnApi, unauthenticated, unavailable, unreachable } from './client-errors.ts';

/** What the API answered. `date` is the server's own clock (header `Date`) in ms since the epoch, in steps of one second. */
export type Reply =
  | { readonly ok: true; readonly body: Json; readonly date: number | undefined }
  | {
      readonly ok: false;
      readonly status: number;
      readonly code: number | undefined;
      readonly message: string;
    };

/** A list stands in the URL once for each of its values. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Client {
  /** The base URL, for messages. */
  readonly server: string;
  get(path: string, query?: Query, options?: GetOptions): Promise<Reply>;
  /** Sent once: a second `sync` is another operation. */
  post(path: string, body: unknown): Promise<Reply>;
  /** The same client for a run that ends at this time of the local clock: no request of it outlasts that by more than two seconds. */
  within(until: number): Client;
}

export interface GetOptions {
  /** For headers and body together. */
  readonly timeoutMs?: number;
  readonly attempts?: number;
}

export interface ClientOptions {
  /** With scheme and base path, without credentials. */
  readonly server: string;
  readonly authorization: Authorization;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Default 20 s. */
  readonly timeoutMs?: number;
}

interface Exchange {
  readonly status: number;
  readonly headers: FetchAnswer['headers'];
  readonly content: string;
}

// 429 and 502 to 504 come from ingresses and servers that restart; 500 is what gRPC's Unknown and Internal become.
const transient: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const longestPause = 30_000;
/** A server that hangs is not asked four times over, each to its time-out: whoever waits asks again anyway. */
const longestTrying = 20_000;
const UNAUTHENTICATED = 16;
const defaultTimeout = 20_000;
/** Past the end of a run: what is asked just before it must have time to be answered. */
const lastWord = 2000;
const shortestTimeout = 250;

/**
 * A client of Argo CD's REST API. GETs are tried again on network errors, 429 and 5xx. Throws a SluiceError where no answer of
 * the API came, or the token is not accepted; any other refusal is a value.
 */
export function createClient(options: ClientOptions): Client {
  const server = options.server.replace(/\/+$/, '');
  /** Argo CD itself has answered before: a web page or a refused token may then be a restart behind a proxy. */
  let known = false;
  /** No token that was ever used stands in a message. */
  const tokens = new Set<string>();

  async function exchange(
    url: string,
    timeoutMs: number,
    body?: string,
    isSecond = false,
  ): Promise<Exchange> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const token = await options.authorization.token();
    tokens.add(token);
    const response = await options.fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...options.authorization.headers,
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        // Compared as a string by the server: with a charset it answers 415.
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      // A redirect would lose the header or reach another host with the token.
      redirect: 'manual',
      signal: options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]),
      ...(body === undefined ? {} : { body }),
    });
    const { status, headers } = response;
    const answer = { status, headers, content: await response.text() };
    // Once: a new token that is refused as well is no question of its age.
    const isOld = status === 401 && !isSecond && (await options.authorization.renew(token));
    return isOld ? exchange(url, timeoutMs, body, true) : answer;
  }

  const hidden = (message: string): string =>
    [...tokens].reduce((text, token) => (token === '' ? text : text.replaceAll(token, '***')), message);

  function reply({ status, headers, content }: Exchange): Reply {
    const location = headers.get('location');
    if (status >= 300 && status < 400)
      throw notAnApi(server, status, `a redirect to ${location ?? 'nowhere'}`, known);
    if (headers.get('content-type')?.startsWith('text/html'))
      throw notAnApi(server, status, 'a web page', known);
    const body = parseJson(content);
    if (status >= 200 && status < 300) {
      if (body === undefined) throw notAnApi(server, status, 'something that is no JSON', known);
      known = true;
      const date = Date.parse(headers.get('date') ?? '');
      return { ok: true, body, date: Number.isNaN(date) ? undefined : date };
    }
    const message = hidden(
      text(at(body, 'message')) ?? text(at(body, 'error')) ?? content.trim().slice(0, 300),
    );
    if (status === 401 || grpcCode(body) === UNAUTHENTICATED) throw unauthenticated(server, message);
    return { ok: false, status, code: grpcCode(body), message };
  }

  /** One exchange; a failure of the way to the server is a value, so that the caller can weigh another try. */
  async function attempt(url: string, timeoutMs: number, body?: string): Promise<Exchange | SluiceError> {
    try {
      return await exchange(url, timeoutMs, body);
    } catch (error) {
      options.signal?.throwIfAborted();
      return unreachable(server, error);
    }
  }

  /** What a request may take of the time that is left. */
  function bounded(timeoutMs = options.timeoutMs ?? defaultTimeout, until: number): number {
    return Math.min(timeoutMs, Math.max(until + lastWord - options.clock.now(), shortestTimeout));
  }

  async function get(path: string, query: Query, how: GetOptions, until: number): Promise<Reply> {
    const url = withQuery(`${server}${path}`, query);
    const { clock, signal } = options;
    const end = Math.min(clock.now() + longestTrying, until);
    for (let tries = 1; ; tries++) {
      const answer = await attempt(url, bounded(how.timeoutMs, until));
      const now = clock.now();
      if (!mayPass(answer) || now >= end || tries >= attemptsFor(answer, how)) return settled(answer);
      const asked = answer instanceof Error ? undefined : retryAfter(answer.headers, now);
      await clock.sleep(Math.min(asked ?? pause(tries), until - now), signal);
    }
  }

  async function post(path: string, body: unknown, until: number): Promise<Reply> {
    return settled(await attempt(`${server}${path}`, bounded(undefined, until), JSON.stringify(body)));
  }

  /** A token that was good is refused for some seconds while Argo CD restarts and has not read its accounts and projects yet. */
  function attemptsFor(answer: Exchange | SluiceError, how: GetOptions): number {
    if (!(answer instanceof Error) && answer.status === 401) return known ? 5 : 2;
    return how.attempts ?? 4;
  }

  function settled(answer: Exchange | SluiceError): Reply {
    if (answer instanceof Error) throw answer;
    return transient.has(answer.status) ? lastReply(answer) : reply(answer);
  }

  /** 500, 503 and 504 with Argo CD's own body are its answer (repo-server away, unknown revision); anything else is the way to it. */
  function lastReply(answer: Exchange): Reply {
    const own = grpcCode(parseJson(answer.content)) !== undefined;
    if (own) return reply(answer);
    const words = answer.headers.get('content-type')?.startsWith('text/html')
      ? 'a web page'
      : answer.content.trim();
    throw unavailable(server, answer.status, hidden(words.slice(0, 300)) || 'nothing');
  }

  const within = (until: number): Client => ({
    server,
    get: (path, query = {}, how = {}) => get(path, query, how, until),
    post: (path, body) => post(path, body, until),
    within,
  });
  return within(Number.POSITIVE_INFINITY);
}

/** Whether another try may help. */
function mayPass(answer: Exchange | SluiceError): boolean {
  return answer instanceof Error
    ? answer.kind === 'platform'
    : transient.has(answer.status) || answer.status === 401;
}

function withQuery(url: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) parameters.append(name, one);
  }
  return parameters.size === 0 ? url : `${url}?${parameters}`;
}

function parseJson(content: string): Json {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** The gRPC code beside the message: 9 FailedPrecondition, 14 Unavailable. It says more than the HTTP status. */
function grpcCode(body: Json): number | undefined {
  const code = at(body, 'code');
  return typeof code === 'number' ? code : undefined;
}

/** 0.5, 1, 2 s with half of it left to chance, so that many waiting jobs do not come back at once. */
function pause(attempt: number): number {
  return 500 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

/** `Retry-After` in ms: seconds or an HTTP date, bounded. */
function retryAfter(headers: FetchAnswer['headers'], now: number): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longestPause);
}
