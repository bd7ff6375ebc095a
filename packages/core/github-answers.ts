import { type Call, GitHubFailure, type GraphqlError, looksLikeHtml } from './github-errors.ts';
import { reasonOf } from './no-answer.ts';

type Bag = Readonly<Record<string, unknown>>;

/** What Octokit threw, read as an answer of GitHub's; undefined where it is something else. */
export function failureOf(error: unknown): { failure: GitHubFailure; rateLimited: boolean } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, response } = bag(error);
  const { data, headers } = bag(response);
  const errors = graphqlErrors(data);
  // The throttling plugin throws an answer that says RATE_LIMITED without a status.
  if (typeof status !== 'number' && errors.length === 0) return undefined;
  // Octokit gives a request that got no answer the status 500.
  const code = response === undefined ? 0 : typeof status === 'number' ? status : 200;
  const said =
    typeof data === 'string' && looksLikeHtml(data) ? data : code === 0 ? reasonOf(error) : error.message;
  const types = [...errors.map(({ type }) => type), ...errorCodes(data)].filter((type) => type !== '');
  return {
    failure: new GitHubFailure(code, said, types, error, waitOf(bag(headers))),
    rateLimited: isRateLimit(code, bag(headers), types, error.message),
  };
}

/** Seconds that GitHub asks to wait: `retry-after`, else until the rate limit starts anew. */
function waitOf(headers: Bag): number | undefined {
  const after = Number(headers['retry-after'] ?? Number.NaN);
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) - Date.now() / 1000;
  const exhausted = headers['x-ratelimit-remaining'] === '0';
  const seconds = Number.isNaN(after) && exhausted ? reset : after;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}

function isRateLimit(status: number, headers: Bag, types: readonly string[], message: string): boolean {
  if (types.includes('RATE_LIMITED') || status === 429) return true;
  return status === 403 && (headers['x-ratelimit-remaining'] === '0' || /secondary rate/i.test(message));
}

/** The `errors` of a GraphQL answer; none where it has none. */
export function graphqlErrors(data: unknown): readonly GraphqlError[] {
  const { errors } = bag(data);
  if (!Array.isArray(errors)) return [];
  return errors.map((entry) => {
    const { type, message } = bag(entry);
    return {
      type: typeof type === 'string' ? type : '',
      message: typeof message === 'string' ? message : 'no reason given',
    };
  });
}

function errorCodes(data: unknown): readonly string[] {
  const { errors } = bag(data);
  if (!Array.isArray(errors)) return [];
  return errors.map((entry) => bag(entry).code).filter((code) => typeof code === 'string');
}

/** The call as errors name it, from Octokit's own reading of the route. */
export function callOf(apiUrl: string, options: { method: string; url: string }): Call {
  const url = new URL(options.url);
  const base = new URL(apiUrl).pathname.replace(/\/$/, '');
  const path = url.pathname.startsWith(base) ? url.pathname.slice(base.length) : url.pathname;
  return { method: options.method, path, host: url.host };
}

/** The repository that a mutation commits to, from its variables. */
export function repositoryIn(variables: Bag): string | undefined {
  const { repositoryNameWithOwner: name } = bag(bag(variables.input).branch);
  return typeof name === 'string' ? name : undefined;
}

/** Whether an answer is a web page or anything else that is not JSON: Octokit hands it over as text. */
export function isNotJson(answer: { readonly data: unknown }): boolean {
  return typeof answer.data === 'string' && answer.data !== '';
}

function bag(value: unknown): Bag {
  return typeof value === 'object' && value !== null ? Object.fromEntries(fields(value)) : {};
}

/** An Error's own fields are not all enumerable. */
function fields(value: object): readonly (readonly [string, unknown])[] {
  return [
    'status',
    'response',
    'data',
    'headers',
    'errors',
    'type',
    'message',
    'code',
    ...Object.keys(value),
  ].map((key) => [key, Reflect.get(value, key)] as const);
}
