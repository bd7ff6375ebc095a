import { expect, test } from 'vitest';
import { standingOf, supersededBy, supersededText, supersedingRun } from './standing.ts';
import { statusesOf } from './test-runs.ts';

test.each([
  ['nothing was said of it yet', [], 'queued'],
  ['it is queued', ['queued'], 'queued'],
  ['it has begun', ['queued', 'in_progress'], 'begun'],
  ['it waits for a merge', ['queued', 'in_progress', 'pending'], 'merge'],
  ['it goes on after the merge', ['queued', 'in_progress', 'pending', 'in_progress'], 'begun'],
  [
    'it is pending and never was in progress: nobody knows what of it is done',
    ['queued', 'pending'],
    'begun',
  ],
  ['it is live', ['queued', 'in_progress', 'success'], 'succeeded'],
  ['it failed', ['queued', 'in_progress', 'failure'], 'ended'],
  ['it broke off', ['queued', 'error'], 'ended'],
  ['it was rejected', ['queued', 'inactive'], 'ended'],
  ['a newer one was first', ['queued', 'inactive 9'], 'superseded'],
  [
    'a newer one was first, and it goes on to its first write',
    ['queued', 'inactive 9', 'in_progress'],
    'superseded',
  ],
  ['it began first', ['queued', 'in_progress', 'inactive 9'], 'begun'],
  ['it began first, and is live', ['queued', 'in_progress', 'inactive 9', 'success'], 'succeeded'],
  ['it waits for a merge, and a newer one came', ['queued', 'in_progress', 'pending', 'inactive 9'], 'merge'],
  ['it is queued again after another attempt', ['queued', 'in_progress', 'failure', 'queued'], 'queued'],
  ['it was superseded in another attempt', ['queued', 'inactive 9', 'queued', 'in_progress'], 'begun'],
  ['a state that nobody knows is none of before the beginning', ['queued', 'frozen'], 'begun'],
])('%s', (_, states, standing) => {
  expect(standingOf(statusesOf(...states))).toBe(standing);
});

test.each([
  ['Waiting for #5 of acme/gitops to be merged: its checks run', 'merge'],
  ['Committed 1234567 to main.', 'ended'],
  ['#5 of acme/gitops was not merged within 15 min: it waits for a review.', 'ended'],
])('of what is pending only what waits counts as awaiting its merge: %s', (description, standing) => {
  const statuses = [...statusesOf('queued', 'in_progress'), { state: 'pending', description }];
  expect(standingOf(statuses)).toBe(standing);
});

test('only an inactive status that begins with the words is the word of a newer run', () => {
  const description = supersededText(42, 'nothing was changed.');
  expect(supersedingRun({ state: 'inactive', description })).toBe(42);
  expect(supersedingRun({ state: 'failure', description })).toBeUndefined();
  expect(supersedingRun({ state: 'inactive', description: `It says: ${description}` })).toBeUndefined();
  expect(supersedingRun({ state: 'inactive', description: 'Superseded by run x' })).toBeUndefined();
  expect(supersededBy(statusesOf('queued', 'inactive 8', 'inactive 9'))).toBe(8);
  expect(supersededBy(statusesOf('queued', 'in_progress', 'inactive 9'))).toBeUndefined();
});

/** Every way in which the steps of two come one after the other, each in its own order. */
function interleavings<T>(a: readonly T[], b: readonly T[]): readonly (readonly T[])[] {
  const [firstA, ...restA] = a;
  const [firstB, ...restB] = b;
  if (firstA === undefined || firstB === undefined) return [[...a, ...b]];
  return [
    ...interleavings(restA, b).map((rest) => [firstA, ...rest]),
    ...interleavings(a, restB).map((rest) => [firstB, ...rest]),
  ];
}

test('of a run that deploys and one that cancels it exactly one goes on, in whatever order they write and read', () => {
  const orders = interleavings(['tells', 'looks'], ['begins', 'checks']);
  expect(orders).toHaveLength(6);
  for (const order of orders) {
    const statuses = [...statusesOf('queued')];
    const done: Record<string, boolean> = {};
    for (const step of order) {
      if (step === 'tells') statuses.push(...statusesOf('inactive 9'));
      if (step === 'begins') statuses.push(...statusesOf('in_progress'));
      if (step === 'looks') done.cancels = standingOf(statuses) === 'superseded';
      if (step === 'checks') done.deploys = supersededBy(statuses) === undefined;
    }
    expect([order, done.cancels === done.deploys]).toEqual([order, false]);
  }
});
