import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Fetch } from '@sluice/core/http';
import type { Log } from '@sluice/core/log';
import { reasonOf, retryAfter } from '@sluice/core/no-answer';
import { at, text } from '../json.ts';

export interface OsvPorts {
  /** Where the API is, without `/v1`: `https://api.osv.dev`. A path is kept, so that a mirror may have one. */
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

/** With a way to end what is still asked when one question has failed: a part of the answers is of no use. */
export interface StoppablePorts extends OsvPorts {
  readonly stop: (failure: unknown) => void;
}

export interface Question {
  /** `/v1/querybatch` */
  readonly path: string;
  /** Posted as JSON; without one it is a GET. */
  readonly body?: object;
  /** For sentences: `vulnerabilities of 1,000 packages`. */
  readonly what: string;
}

/** The API gives up a batch after 35 s (`_MAX_BATCH_QUERY_TIME` in gcp/api/server.py of google/osv.dev). */
const TIMEOUT_MS = 60_000;
const TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** A server that asks for more is not waited for: the job has a limit as well. */
const LONGEST_PAUSE_MS = 60_000;
/** The API's own limit of an answer is 32 MiB (docs/api/post-v1-query.md there); a mirror may have another. */
const MOST_BYTES = 128 * 1024 * 1024;

/** What a server said that refused: the API's own words, or undefined where it is no error of the API. */
export interface Refusal {
  readonly refused: string;
}

/**
 * Asks the API, again after a cut connection, 429 or 5xx. Gives the JSON of the answer, or the words of a 400. Throws a SluiceError
 * where there is no answer, or another than the API gives.
 */
export async function askOsv(
  ports: OsvPorts,
  question: Question,
): Promise<{ readonly json: unknown } | Refusal> {
  for (let tried = 1; ; tried++) {
    const outcome = await once(ports, question);
    const failed = 'failure' in outcome;
    if (!failed && outcome.status !== 429 && outcome.status < 500) return settled(ports, question, outcome);
    const asked = failed ? undefined : retryAfter(outcome.headers, ports.clock.now());
    const pause = asked ?? FIRST_PAUSE_MS * 4 ** (tried - 1);
    if (tried === TRIES || pause > LONGEST_PAUSE_MS) throw givenUp(ports, question, outcome, asked);
    const why = failed ? outcome.failure : `it answers ${outcome.status}`;
    ports.log.debug(`${hostOf(ports)}: ${why}; again in ${Math.ceil(pause / 1000)} s`);
    await ports.clock.sleep(pause, ports.signal);
  }
}

type Answer = Awaited<ReturnType<Fetch>>;

interface Failure {
  readonly failure: string;
  readonly cause: unknown;
}

async function once(ports: OsvPorts, question: Question): Promise<Answer | Failure> {
  const { fetch, signal } = ports;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const either = AbortSignal.any([timeout, ...(signal ? [signal] : [])]);
  const post =
    question.body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(question.body),
        };
  const init = { ...post, redirect: 'manual', signal: either, maxBytes: MOST_BYTES } as const;
  try {
    return await fetch(`${ports.url.replace(/\/+$/, '')}${question.path}`, init);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof RangeError) {
      throw answerError(ports, question, `it has more than ${MOST_BYTES} bytes`);
    }
    return { failure: timeout.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : reasonOf(cause), cause };
  }
}

async function settled(
  ports: OsvPorts,
  question: Question,
  answer: Answer,
): Promise<{ readonly json: unknown } | Refusal> {
  const json: unknown = await answer.json().catch(() => undefined);
  if (answer.status === 200) {
    if (json === undefined) throw answerError(ports, question, 'it is no JSON');
    return { json };
  }
  const words = text(at(json, 'message'));
  if (answer.status === 400 && words !== undefined) return { refused: words };
  if (answer.status === 401 || answer.status === 403 || answer.status === 407) {
    throw refusedError(ports, question, `status ${answer.status}`);
  }
  throw answerError(ports, question, `the status is ${answer.status}`);
}

function givenUp(
  ports: OsvPorts,
  question: Question,
  outcome: Answer | Failure,
  asked: number | undefined,
): SluiceError {
  if ('failure' in outcome) {
    const message = `The OSV API at ${hostOf(ports)} could not be reached for ${question.what}: ${outcome.failure}.`;
    return new SluiceError('platform', 'osv-unreachable', message, {
      hint: 'Check `osv-url`, the network of the runner and its proxy; without a network, scan with `source: database`.',
      cause: outcome.cause,
    });
  }
  const waits = asked === undefined ? '' : `, and asks to wait ${Math.ceil(asked / 1000)} s`;
  const message = `The OSV API at ${hostOf(ports)} did not give ${question.what}: it answers ${outcome.status}${waits}.`;
  return new SluiceError('platform', 'osv-unavailable', message, {
    hint: 'Run the job again later, or scan with `source: database`.',
  });
}

export function refusedError(ports: OsvPorts, question: Question, words: string): SluiceError {
  const message = `The OSV API at ${hostOf(ports)} refused to give ${question.what}: ${quoted(words)}.`;
  return new SluiceError('platform', 'osv-refused', message, {
    hint: 'Check `osv-url`, and what stands between the runner and it.',
  });
}

export function answerError(ports: OsvPorts, question: Question, why: string): SluiceError {
  const message = `What ${hostOf(ports)} answered for ${question.what} cannot be used: ${why}.`;
  return new SluiceError('platform', 'osv-answer', message, {
    hint: 'Check that `osv-url` is the OSV API or a mirror of it, and what stands between it and the runner.',
  });
}

/** Not the whole address: it may hold a password. */
export function hostOf({ url }: OsvPorts): string {
  return URL.parse(url)?.host ?? 'osv-url';
}

export function quoted(words: string): string {
  return JSON.stringify(words.slice(0, 200));
}
