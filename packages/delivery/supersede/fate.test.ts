import { expect, test } from 'vitest';
import { type Answer, fateOf } from './fate.ts';
import { deploymentOf, runOf } from './test-runs.ts';

const taken: Answer = { type: 'taken' };
const conflict: Answer = { type: 'conflict' };
const refused: Answer = { type: 'refused', why: 'no' };
const cancelled = { status: 'completed', conclusion: 'cancelled' };
const success = { status: 'completed', conclusion: 'success' };

test.each([
  ['has ended by it', taken, cancelled, 'cancelled'],
  ['was not seen again: nobody knows', taken, undefined, 'unseen'],
  ['had ended by itself', taken, success, 'finished'],
  ['had ended, GitHub says', conflict, success, 'finished'],
  ['was cancelled by another one', conflict, cancelled, 'cancelled'],
  ['had ended, GitHub says, and was not seen again', conflict, undefined, 'unseen'],
  ['is still there', taken, {}, 'still-there'],
  ['is there although GitHub says that it had ended', conflict, {}, 'still-there'],
  ['was refused', refused, {}, 'refused'],
  ['was refused, and was not seen again', refused, undefined, 'refused'],
  ['was refused, and has ended all the same', refused, success, 'finished'],
] as const)('a run that %s', (_, answer, now, fate) => {
  const item = { run: runOf(1), by: 9, why: 'started', deployments: [] } as const;
  expect(fateOf({ item, answer }, now && runOf(1, now)).type).toBe(fate);
});

test.each([
  ['runs on', 'in_progress', 'in_progress', 'cancelled'],
  ['goes on to its last jobs', 'waiting', 'in_progress', 'cancelled'],
  ['goes on to its next job', 'in_progress', 'queued', 'still-there'],
  ['has left the gate, and goes on', 'waiting', 'queued', 'still-there'],
  ['is queued as before', 'queued', 'queued', 'still-there'],
  ['waits as before', 'waiting', 'waiting', 'still-there'],
])('a run whose Deployment says that it is superseded, and that %s', (_, before, now, fate) => {
  const item = {
    run: runOf(1, { status: before }),
    by: 9,
    why: 'not-begun',
    deployments: [deploymentOf(1)],
  } as const;
  expect(fateOf({ item, answer: taken }, runOf(1, { status: now })).type).toBe(fate);
  // Somebody else has asked for it before.
  expect(fateOf({ item, answer: conflict }, runOf(1, { status: now })).type).toBe(fate);
  // What waits for a merge began before it was told.
  const merge = { ...item, why: 'awaited-merge' } as const;
  expect(fateOf({ item: merge, answer: taken }, runOf(1, { status: now })).type).toBe('still-there');
});
