import { readEvent } from '@sluice/core/event-file';
import type { Json } from '@sluice/core/json';
import { reasonOf } from '@sluice/core/no-answer';
import type { World } from '@sluice/core/run';
import type { Labels } from './decide.ts';
import type { LabelInputs } from './inputs.ts';
import { labelsOf, numberOf } from './labels-of.ts';
import { pullNow } from './pull-now.ts';

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
export async function readLabels(inputs: LabelInputs, world: World): Promise<Reading> {
  const { env, context, signal } = world;
  if (context.eventName === 'merge_group') return { labels: { type: 'merge-queue' }, doubts: [] };
  const event = readEvent(env.GITHUB_EVENT_PATH);
  const own = numberOf(event);
  const number = inputs['pull-request'] ?? own;
  if (number === undefined) return { labels: { type: 'no-pull-request' }, doubts: [] };
  try {
    const names = labelsOf(await pullNow(number, inputs, world));
    if (names !== undefined) return { labels: { type: 'read', source: 'api', names, number }, doubts: [] };
    return fallback(event, number, own, 'what answered is not GitHub, or has no list of labels');
  } catch (error) {
    signal.throwIfAborted();
    return fallback(event, number, own, error instanceof Error ? reasonOf(error) : String(error));
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
