import type { Clock } from '@sluice/core/clock';
import type { Fetch } from '@sluice/core/http';
import { reasonOf, retryAfter } from '@sluice/core/no-answer';
import { isSafe } from './address.ts';
import { answerError, type Question, unavailableError, unreachableError } from './errors.ts';

export interface Ports {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** How often one question is asked at most, where the registry errs; default 3. */
  readonly tries?: number | undefined;
}

export interface Ask {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** What is posted; it goes to no other server. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes?: number;
}

export type Answer = Awaited<ReturnType<Fetch>>;

const TIMEOUT_MS = 10_000;
const TRIES = 3;
const FIRST_PAUSE_MS = 300;
/** A registry that asks for more is not waited for: Docker Hub's limit lasts hours. */
const LONGEST_PAUSE_MS = 30_000;
const MOST_REDIRECTS = 5;
const MOST_BYTES = 4_000_000;

/**
 * Asks a registry, again after a cut connection, 429 or 5xx. Any other status is the caller's. A redirect to another server goes
 * without the credentials, and to plain http it does not go at all.
 */
export async function ask(ports: Ports, question: Question, request: Ask): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    const outcome = await once(ports, question, request);
    const failed = 'failure' in outcome;
    if (!failed && outcome.status !== 429 && outcome.status < 500) return outcome;
    const pause = failed ? undefined : retryAfter(outcome.headers, ports.clock.now());
    const wait = pause ?? FIRST_PAUSE_MS * 4 ** (tried - 1);
    if (tried === (ports.tries ?? TRIES) || wait > LONGEST_PAUSE_MS) {
      if (failed) throw unreachableError(question, outcome.failure, outcome.cause);
      const asks = pause === undefined ? '' : `, and asks to wait ${Math.ceil(pause / 1000)} s`;
      throw unavailableError(question, `it answers ${outcome.status}${asks}`);
    }
    await ports.clock.sleep(wait, ports.signal);
  }
}

interface Failure {
  readonly failure: string;
  readonly cause: unknown;
}

/** One try, through its redirects. */
async function once(ports: Ports, question: Question, request: Ask): Promise<Answer | Failure> {
  let { url, headers = {} } = request;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await exchange(ports, question, { ...request, url, headers });
    if ('failure' in answer) return answer;
    const location = answer.headers.get('location');
    if (answer.status < 300 || answer.status > 399 || location === null) return answer;
    const next = URL.parse(location, url);
    if (next === null || !isSafe(next, question.origin)) {
      throw answerError(question, 'it redirects to an address that is not https');
    }
    if (request.body !== undefined) throw answerError(question, 'it redirects a login');
    if (next.origin !== new URL(url).origin) headers = withoutCredentials(headers);
    url = next.href;
  }
  throw answerError(question, 'it redirects again and again');
}

async function exchange(ports: Ports, question: Question, request: Ask): Promise<Answer | Failure> {
  const { fetch, signal } = ports;
  const { url, method = 'GET', headers = {}, body, maxBytes = MOST_BYTES } = request;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const either = AbortSignal.any([timeout, ...(signal ? [signal] : [])]);
  try {
    const init = { method, headers, ...(body !== undefined && { body }) };
    return await fetch(url, { ...init, redirect: 'manual', signal: either, maxBytes });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof RangeError) throw answerError(question, `it is larger than ${maxBytes} bytes`);
    const why = timeout.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : reasonOf(cause);
    return { failure: why, cause };
  }
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'),
  );
}
