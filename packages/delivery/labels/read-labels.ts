import { readFileSync } from 'node:fs';
import { SluiceError } from '@sluice/core/errors';
import { type GitHub, githubFailure } from '@sluice/core/github';
import type { Json } from '@sluice/core/json';
import type { World } from '@sluice/core/run';
import type { Labels } from './decide.ts';
import { labelsOf, numberOf } from './labels-of.ts';

/** What was learnt, and why it is less than the labels of now. */
export interface Reading {
  readonly labels: Labels;
  /** Sentences; empty where all is as it should be. */
  readonly doubts: readonly string[];
}

/**
 * The labels as they are now, by one call: a pull request has all of its labels in it, however many, where lists of labels come in pages of
 * 100. Where that fails, those of the event, which are as old as the event.
 */
export async function readLabels(
  given: number | undefined,
  world: World,
  githubOf: () => Promise<GitHub>,
): Promise<Reading> {
  const { env, context, signal } = world;
  if (context.eventName === 'merge_group') return { labels: { type: 'merge-queue' }, doubts: [] };
  const event = eventIn(env.GITHUB_EVENT_PATH);
  const own = numberOf(event);
  const number = given ?? own;
  if (number === undefined) return { labels: { type: 'no-pull-request' }, doubts: [] };
  try {
    const [owner = '', repo = ''] = context.repository.split('/');
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    const { data } = await (await githubOf()).request(route, { owner, repo, pull_number: number });
    const names = labelsOf(data);
    if (names !== undefined) return { labels: { type: 'read', source: 'api', names, number }, doubts: [] };
    return fallback(event, number, own, 'what GitHub answered has no list of labels');
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    return fallback(event, number, own, told(error));
  }
}

function fallback(event: Json, number: number, own: number | undefined, why: string): Reading {
  const pull = isRecordWith(event, 'pull_request') ?? isRecordWith(event, 'issue');
  const names = own === number ? labelsOf(pull) : undefined;
  const failed = `The labels of pull request ${number} could not be read from the API: ${why}`;
  if (names === undefined) return { labels: { type: 'not-read', number }, doubts: [failed] };
  const doubt = `${failed.replace(/[.]?$/, '.')} Those of the event are taken, which may have changed since.`;
  return { labels: { type: 'read', source: 'event', names, number }, doubts: [doubt] };
}

const isRecordWith = (value: Json, key: string): Json =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** A refusal names the permission that reading needs, which is less than what `pulls` need elsewhere. */
function told(error: SluiceError): string {
  const status = githubFailure(error)?.status;
  if (status === 403 && error.code === 'permission-denied') return 'the token lacks `pull-requests: read`';
  if (status === 404) return 'there is no such pull request, or the token lacks `pull-requests: read`';
  return error.message;
}

/** GitHub's payloads have 25 MB at most. */
const LARGEST_EVENT = 30_000_000;

/** The payload of the event; undefined where it cannot be read. */
function eventIn(file: string | undefined): Json {
  try {
    const text = file ? readFileSync(file, 'utf8') : '';
    return text.length > LARGEST_EVENT ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
