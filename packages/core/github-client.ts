import { setTimeout } from 'node:timers/promises';
import { Octokit } from '@octokit/core';
import type { OctokitOptions } from '@octokit/core/types';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { API_VERSION } from './github-first.ts';
import type { TokenSource } from './github-token.ts';
import type { Fetch } from './http.ts';
import type { Log } from './log.ts';

/** A rate limit that ends later than this is an error: a runner costs money while it waits. */
const LONGEST_WAIT_S = 120;

export interface ClientSettings {
  readonly apiUrl: string;
  readonly fetch: Fetch;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Absent where `app` logs in. */
  readonly source?: TokenSource;
  /** Octokit's own login, for what a GitHub App asks in its own name. */
  readonly app?: Pick<OctokitOptions, 'authStrategy' | 'auth'>;
  /** Minting has a queue of its own: calls that wait for a token hold places in theirs. */
  readonly purpose: 'call' | 'mint';
  /** How many writes go out without a pause between them; by default a handful. */
  readonly burst?: number | undefined;
}

/**
 * Octokit with its retry and throttling plugins.
 *
 * Three more tries after a 5xx answer or a cut connection, about 0.3, 1.2 and 2.7 s apart (a little different for each client).
 */
export function createClient(settings: ClientSettings): Octokit {
  const { apiUrl, fetch, log, signal, source, app, purpose } = settings;
  const wait = (what: string) => (seconds: number, options: object, _octokit: unknown, tries: number) => {
    const waits = seconds <= LONGEST_WAIT_S && tries < 2 && !isSentOnce(options);
    if (waits) log.info(`GitHub's ${what} is used up: waiting ${seconds} s`);
    return waits;
  };
  const pacing = paced(settings.burst);
  const Client = Octokit.plugin((octokit) => login(octokit, source), retry, throttling);
  return new Client({
    ...app,
    baseUrl: apiUrl,
    userAgent: 'sluice',
    request: { fetch, ...(signal ? { signal } : {}) },
    log: {
      debug: (message: string) => log.debug(message),
      info: (message: string) => log.debug(message),
      warn: (message: string) => log.debug(message),
      error: (message: string) => log.debug(message),
    },
    retry: {
      retryAfterBaseValue: 250 + Math.random() * 100,
      // The plugin's own, and those that another try cannot change; 429 is the throttling plugin's.
      doNotRetry: [304, 400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 451, 501],
    },
    throttle: {
      id: purpose,
      // Of a Bottleneck group the plugin calls `key().schedule()`, and nothing else.
      write: pacing as never,
      notifications: pacing as never,
      onRateLimit: wait('rate limit'),
      onSecondaryRateLimit: wait('secondary rate limit'),
    },
  });
}

function isSentOnce(options: object): boolean {
  const request: unknown = Reflect.get(options, 'request');
  return typeof request === 'object' && request !== null && Reflect.get(request, 'retries') === 0;
}

/** GitHub asks for a second between writes where there are many of them; an action makes a handful. */
const UNPACED_WRITES = 20;

/** Takes the place of the throttling plugin's own queues, which let the second write already wait, for 1 or 3 s. */
function paced(unpaced = UNPACED_WRITES) {
  let writes = 0;
  let last = Promise.resolve();
  const schedule = async <T>(_options: object, job: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes > unpaced) {
      last = last.then(() => setTimeout(1000));
      await last;
    }
    return job();
  };
  return { key: () => ({ schedule }) };
}

/** The innermost hook, so that each try has a token of now. */
function login(octokit: Octokit, source: TokenSource | undefined): void {
  octokit.hook.wrap('request', async (request, options) => {
    options.headers['x-github-api-version'] = API_VERSION;
    if (source === undefined) return request(options);
    const token = await source.token();
    options.headers.authorization = `bearer ${token}`;
    try {
      return await request(options);
    } catch (error) {
      recogniseSecondaryLimit(error);
      if (!isUnauthorized(error) || !source.drop(token)) throw error;
      options.headers.authorization = `bearer ${await source.token()}`;
      return request(options);
    }
  });
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 401;
}

/**
 * The throttling plugin knows a secondary limit by the words "secondary rate" only. GitHub Enterprise Server and
 * proxies word it otherwise; what they have in common is `retry-after` beside 403 or 429.
 */
function recogniseSecondaryLimit(error: unknown): void {
  if (!(error instanceof Error) || !('status' in error) || !('response' in error)) return;
  if (error.status !== 403 && error.status !== 429) return;
  if (/secondary rate/i.test(error.message) || retryAfter(error.response) === undefined) return;
  error.message += ' (secondary rate limit)';
}

function retryAfter(response: unknown): unknown {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  return typeof headers === 'object' && headers !== null ? Reflect.get(headers, 'retry-after') : undefined;
}
