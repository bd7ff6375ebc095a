import type { Endpoints } from '@octokit/types';
import type { Clock } from './clock.ts';
import { callOf, failureOf, graphqlErrors, isNotJson, repositoryIn } from './github-answers.ts';
import { appTokens } from './github-app.ts';
import type { createClient } from './github-client.ts';
import { type Call, githubFailure, graphqlError, type Login, notJson, restError } from './github-errors.ts';
import { addressOf, type First, type FirstCall, firstTry } from './github-first.ts';
import { type Credential, fixedToken } from './github-token.ts';
import type { Fetch } from './http.ts';
import type { Log } from './log.ts';
import { plainFetch } from './plain-fetch.ts';

export type { Credential } from './github-token.ts';
export { githubFailure };

/**
 * GitHub's API. Each call is tried again after a 5xx answer, a cut connection or a rate limit that ends soon, so a
 * write may arrive twice: callers look at what is there, not at how often they asked.
 * Every error is a SluiceError; `githubFailure` tells the status and the types of GitHub's own errors.
 */
export interface GitHub {
  request<R extends keyof Endpoints>(
    route: R,
    parameters: Endpoints[R]['parameters'],
    options?: CallOptions,
  ): Promise<Endpoints[R]['response']>;
  /** `parse` checks `data` and throws for what it does not expect. */
  graphql<T>(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    parse: (data: unknown) => T,
    options?: CallOptions,
  ): Promise<T>;
  /** The current token, for Git. */
  token(): Promise<string>;
}

export interface CallOptions {
  /** Sent once, and no limit waited for: the caller looks at what came of it before it asks again. */
  readonly once?: boolean;
  /** The `etag` of an answer that is known: where nothing has changed the call fails with status 304, and counts for no rate limit. */
  readonly etag?: string | undefined;
}

export interface GitHubSettings {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly credential: Credential;
  readonly log: Log;
  readonly clock: Clock;
  readonly fetch?: Fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For one try, headers and body together. */
  readonly timeoutMs?: number | undefined;
  /** How many writes go out without a pause between them; by default 20. */
  readonly burst?: number | undefined;
}

/** GitHub gives up on a request after 10 s; Node's fetch would wait 5 minutes for one that is lost. */
const TIMEOUT_MS = 30_000;

export function createGitHub(settings: GitHubSettings): GitHub {
  const { credential, signal, fetch = plainFetch } = settings;
  const apiUrl = settings.apiUrl.replace(/\/+$/, '');
  const graphqlBase = settings.graphqlUrl.replace(/\/graphql\/*$/, '');
  const { timeoutMs = TIMEOUT_MS } = settings;
  const bounded: Fetch = (input, init) => fetch(input, { ...init, timeoutMs });
  const setup = { ...settings, apiUrl, fetch: bounded };
  const source = credential.type === 'token' ? fixedToken(credential.token) : appTokens(credential, setup);
  const login = loginOf(credential);
  let loaded: Promise<ReturnType<typeof createClient>> | undefined;
  /** Loaded late: an action that makes no call starts without Octokit. */
  function client() {
    loaded ??= import('./github-client.ts').then((module) =>
      module.createClient({ ...setup, source, purpose: 'call' }),
    );
    return loaded;
  }
  let isTrying = false;
  /** Undefined where Octokit is to ask: it is there already, or there is more than one call at a time, which it spaces out. */
  async function tryFirst(
    call: Pick<FirstCall, 'body' | 'isWhole'> & { readonly url: string | undefined },
  ): Promise<First | undefined> {
    const { url } = call;
    if (credential.type !== 'token' || loaded !== undefined || isTrying || url === undefined)
      return undefined;
    isTrying = true;
    const first = await firstTry(bounded, { ...call, url, token: credential.token, signal });
    isTrying = false;
    signal?.throwIfAborted();
    return first;
  }

  async function send(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    options: CallOptions | undefined,
  ): Promise<Answer> {
    const url = options === undefined ? addressOf(apiUrl, route, parameters) : undefined;
    const first = await tryFirst({ url });
    if (first?.type === 'answer') return first.answer;
    const { request } = await client();
    const call: Call = { ...callOf(apiUrl, request.endpoint(route, parameters)), login };
    const known = options?.etag === undefined ? {} : { headers: { 'if-none-match': options.etag } };
    const answer = await guarded(
      request(route, { ...parameters, ...known, ...tries(options, first) }),
      call,
      signal,
    );
    if (isNotJson(answer)) throw notJson(call, undefined);
    return answer;
  }

  return {
    async request(route, parameters, options) {
      // Octokit's own typing: the shape of an answer is taken from GitHub's description, not checked here.
      return (await send(route, parameters, options)) as never;
    },
    async graphql(query, variables, parse, options) {
      const { host } = new URL(settings.graphqlUrl);
      const repository = repositoryIn(variables);
      const call: Call = { method: 'POST', path: '/graphql', host, query, repository, login };
      const isRead = options === undefined && !/\bmutation\b/.test(query);
      const first = await tryFirst({
        url: isRead ? `${graphqlBase}/graphql` : undefined,
        body: JSON.stringify({ query, variables }),
        isWhole: (answer) => graphqlErrors(answer).length === 0,
      });
      const { data } =
        first?.type === 'answer'
          ? first.answer
          : await guarded(
              // With a base of its own: the plugins know GraphQL, and its rate limit, by the path `/graphql` alone.
              (await client()).request('POST /graphql', {
                ...{ baseUrl: graphqlBase, query, variables },
                ...tries(options, first),
              }),
              call,
              signal,
            );
      const errors = graphqlErrors(data);
      if (errors.length > 0) throw graphqlError(call, errors);
      if (typeof data !== 'object' || data === null || !('data' in data)) throw notJson(call, undefined);
      return parse(data.data);
    },
    token: () => source.token(),
  };
}

/** What the retry plugin and `onSecondaryRateLimit` look at, and the first try where that was made already. */
const tries = (options: CallOptions | undefined, first: First | undefined) => ({
  request: {
    ...(options?.once === true && { retries: 0 }),
    ...(first?.type === 'try-again' && { fetch: first.fetch }),
  },
});

/** `ghs_`: GitHub Actions and `actions/create-github-app-token` alike hand out tokens of an installation. */
function loginOf(credential: Credential): Login {
  if (credential.type === 'app') return 'app';
  return credential.token.startsWith('ghs_') ? 'installation' : 'token';
}

interface Answer {
  readonly data: unknown;
}

/** Waits for an answer, but not when the run is cancelled: a back-off may take two minutes. */
async function guarded<T>(answer: Promise<T>, call: Call, signal: AbortSignal | undefined): Promise<T> {
  // What a cancellation leaves behind fails later, and that is nobody's error any more.
  answer.catch(() => undefined);
  signal?.throwIfAborted();
  const cancelled = Promise.withResolvers<never>();
  const onAbort = () => cancelled.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([answer, cancelled.promise]);
  } catch (error) {
    signal?.throwIfAborted();
    const found = failureOf(error);
    throw found === undefined ? error : restError(call, found.failure, found.rateLimited);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
