import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Fetch, FetchAnswer } from '@sluice/core/plain-fetch';
import { at, type Json, text } from '../json.ts';
import { grpcCode, parseJson, pause, pauseAsked, type Query, withQuery } from './answers.ts';
import type { Authorization, LoginWords } from './authorization.ts';
import { notAnApi, redirectTo, unauthenticated, unavailable, unreachable } from './client-errors.ts';
import { createLane } from './lane.ts';
import { openStream, type StreamAnswer } from './stream-open.ts';

export type { Query } from './answers.ts';

/** What the API answered. `date` is the server's own clock (header `Date`) in ms since the epoch, in steps of one second. */
export type Reply =
  | { readonly ok: true; readonly body: Json; readonly date: number | undefined }
  | {
      readonly ok: false;
      readonly status: number;
      readonly code: number | undefined;
      readonly message: string;
    };

export interface Client {
  /** The base URL, for messages. */
  readonly server: string;
  /** How messages call what it logs in with. */
  readonly login: LoginWords;
  get(path: string, query?: Query, options?: GetOptions): Promise<Reply>;
  /** Sent once: a second `sync` is another operation. */
  post(path: string, body: unknown): Promise<Reply>;
  /**
   * Opens a stream, beside the one connection that all requests share. Resolves with its headers, which a server may send only with
   * the first event. Rejects where no answer of the API comes, and with the reason of the signal, which closes it.
   */
  open(path: string, query: Query, signal: AbortSignal): Promise<StreamAnswer>;
  /** The same client for a run that ends at this time of the local clock: no request of it outlasts that by more than two seconds. */
  within(until: number): Client;
}

export interface GetOptions {
  /** For headers and body together, from when it is sent. */
  readonly timeoutMs?: number;
  readonly attempts?: number;
  /** From when it is sent: after that it is given up as soon as another request waits. */
  readonly yieldsAfterMs?: number;
  /** One of those that go on as long as something is watched. */
  readonly isRead?: boolean;
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

interface Request {
  readonly url: string;
  /** Asked for when it is sent: it may have waited for others. */
  readonly timeoutMs: () => number;
  readonly yieldsAfterMs?: number;
  /** A POST with it, else a GET. */
  readonly body?: string;
}

interface Exchange {
  readonly status: number;
  readonly headers: FetchAnswer['headers'];
  readonly content: string;
}

// 429 and 502 to 504 come from ingresses and servers that restart; 500 is what gRPC's Unknown and Internal become.
const transient: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
/** A server that hangs is not asked four times over, each to its time-out: whoever waits asks again anyway. */
const longestTrying = 20_000;
const UNAUTHENTICATED = 16;
const defaultTimeout = 20_000;
/** Past the end of a run: what is asked just before it must have time to be answered. */
const lastWord = 2000;
const shortestTimeout = 250;
/** Of an answer that is none of Argo CD's, what is looked through. */
const longestWords = 20_000;
/** A list of thousands of Applications with their specs has some megabytes; nothing that is larger is read. */
const largestAnswer = 64 * 1024 * 1024;

/**
 * A client of Argo CD's REST API. Requests are sent one after the other, over one connection. GETs are tried again on network
 * errors, 429 and 5xx. Throws a SluiceError where no answer of the API came, or the token is not accepted; any other refusal is a
 * value.
 */
export function createClient(options: ClientOptions): Client {
  const server = options.server.replace(/\/+$/, '');
  /** Argo CD itself has answered before: a web page or a refused token may then be a restart behind a proxy. */
  let known = false;
  /** Nothing that was ever sent to be let in stands in a message. */
  const tokens = new Set(Object.values(options.authorization.headers).filter(isLong));
  const lane = createLane();

  async function exchange(request: Request, yields: AbortSignal, isSecond = false): Promise<Exchange> {
    const { url, body } = request;
    const signals = [AbortSignal.timeout(request.timeoutMs()), yields];
    const signal = AbortSignal.any(options.signal === undefined ? signals : [...signals, options.signal]);
    const token = await options.authorization.token(signal);
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
      signal,
      maxBytes: largestAnswer,
      ...(body === undefined ? {} : { body }),
    });
    const { status, headers } = response;
    const answer = { status, headers, content: await response.text() };
    // Once: a new token that is refused as well is no question of its age.
    const isOld = status === 401 && !isSecond && (await options.authorization.renew(token, signal));
    return isOld ? exchange(request, yields, true) : answer;
  }

  const hidden = (message: string): string =>
    [...tokens]
      .sort((a, b) => b.length - a.length)
      .reduce((text, token) => (token === '' ? text : text.replaceAll(token, '***')), message);

  /** Cut only then: half a secret is no longer known as one. */
  const shortly = (content: string): string => hidden(content.trim().slice(0, longestWords)).slice(0, 300);

  function wordsOf(body: Json, content: string): string {
    const said = text(at(body, 'message')) ?? text(at(body, 'error'));
    return said === undefined ? shortly(content) : hidden(said);
  }

  function reply({ status, headers, content }: Exchange): Reply {
    if (status >= 300 && status < 400)
      throw notAnApi(server, status, hidden(redirectTo(headers.get('location'))), known);
    if (headers.get('content-type')?.startsWith('text/html'))
      throw notAnApi(server, status, 'a web page', known);
    const body = parseJson(content);
    if (status >= 200 && status < 300) {
      if (body === undefined) throw notAnApi(server, status, 'something that is no JSON', known);
      known = true;
      const date = Date.parse(headers.get('date') ?? '');
      return { ok: true, body, date: Number.isNaN(date) ? undefined : date };
    }
    const message = wordsOf(body, content);
    const code = grpcCode(body);
    if (status === 401 || code === UNAUTHENTICATED)
      throw unauthenticated(server, options.authorization.words, { code, message });
    return { ok: false, status, code, message };
  }

  /** One exchange; a failure of the way to the server is a value, so that the caller can weigh another try. */
  async function attempt(request: Request): Promise<Exchange | SluiceError> {
    try {
      return await lane.run((yields) => exchange(request, yields), request.yieldsAfterMs);
    } catch (error) {
      options.signal?.throwIfAborted();
      // It would be as large the next time.
      if (error instanceof RangeError) throw unavailable(server, 200, error.message);
      // Of the login, which says for itself what is wrong.
      return error instanceof SluiceError ? error : unreachable(server, error);
    }
  }

  /** What a request may take of the time that is left when it is sent. */
  function bounded(timeoutMs = options.timeoutMs ?? defaultTimeout, until: number, askedAt: number): number {
    const now = options.clock.now();
    const left = until + lastWord - now;
    // It has waited for others that were not answered.
    if (left < 0 && now > askedAt + shortestTimeout)
      throw new DOMException('The run is over', 'TimeoutError');
    return Math.min(timeoutMs, Math.max(left, shortestTimeout));
  }

  async function get(path: string, query: Query, how: GetOptions, until: number): Promise<Reply> {
    const url = withQuery(`${server}${path}`, query);
    const { clock, signal } = options;
    const askedAt = clock.now();
    let sentAt: number | undefined;
    const timeoutMs = () => {
      sentAt ??= clock.now();
      return bounded(how.timeoutMs, until, askedAt);
    };
    for (let tries = 1; ; tries++) {
      const answer = await attempt({
        ...{ url, timeoutMs },
        ...(how.yieldsAfterMs !== undefined && { yieldsAfterMs: how.yieldsAfterMs }),
      });
      const now = clock.now();
      const end = Math.min((sentAt ?? now) + longestTrying, until);
      if (!mayPass(answer) || now >= end || tries >= attemptsFor(answer, how)) return settled(answer);
      const asked = answer instanceof Error ? undefined : pauseAsked(answer.headers, now);
      await clock.sleep(Math.min(asked ?? pause(tries), until - now), signal);
    }
  }

  async function post(path: string, body: unknown, until: number): Promise<Reply> {
    const askedAt = options.clock.now();
    const timeoutMs = () => bounded(undefined, until, askedAt);
    return settled(await attempt({ url: `${server}${path}`, timeoutMs, body: JSON.stringify(body) }));
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
    throw unavailable(server, answer.status, shortly(words) || 'nothing');
  }

  const within = (until: number): Client => ({
    server,
    login: options.authorization.words,
    get: (path, query = {}, how = {}) => get(path, query, how, until),
    post: (path, body) => post(path, body, until),
    open: (path, query, signal) =>
      openStream(withQuery(`${server}${path}`, query), { ...options, server, tokens, hidden, signal }),
    within,
  });
  return within(Number.POSITIVE_INFINITY);
}

/** Shorter values (`true`, `1`) are in too many words, and are no secrets. */
const isLong = (value: string): boolean => value.length >= 6;

/** Whether another try may help. */
function mayPass(answer: Exchange | SluiceError): boolean {
  return answer instanceof Error
    ? answer.kind === 'platform'
    : transient.has(answer.status) || answer.status === 401;
}
