import { expect, it } from 'vitest';
import type { Mark } from './mark.ts';
import type { PullState } from './pull.ts';
import { decideSwept } from './sweep-plan.ts';

const owner = { project: 'shop', repository: 'acme/app' };
const hour = 3_600_000;
const now = 1000 * hour;
const mark: Mark = {
  ...{ project: 'shop', repository: 'Acme/App', number: 12, commit: '', image: '', run: '', deployed: now },
};

function state(pull: PullState, age: number | undefined, given: Partial<Mark> | undefined = {}) {
  const environment = {
    ...{ number: 12, folder: 'ephemeral/shop/pr-12', files: [] },
    ...(given && { mark: { ...mark, ...given } }),
  };
  const writtenAt = age === undefined ? undefined : now - age;
  return decideSwept({ environment, pull, writtenAt }, owner, { now, maxAge: 168 * hour }).state;
}

it.each([
  ['kept', 'an open one', 'open', 0],
  ['kept', 'an open one at the very age', 'open', 168 * hour],
  ['removed', 'an open one that is stale', 'open', 168 * hour + 1],
  ['kept', 'an open one of which nothing tells the age', 'open', undefined],
  ['kept', 'an open one from the future', 'open', -hour],
  ['removed', 'a closed one', 'closed', 0],
  ['removed', 'one that is gone', 'gone', 0],
  ['not-told', 'one of which nobody answered', { unknown: 'GitHub is away.' }, 0],
  ['not-told', 'a stale one of which nobody answered', { unknown: 'GitHub is away.' }, 1000 * hour],
] as const)('%s: %s', (expected, _, pull, age) => {
  expect(state(pull, age)).toBe(expected);
});

it.each([
  ['another project', { project: 'other' }],
  ['another repository', { repository: 'acme/other' }],
  ['another pull request', { number: 13 }],
])('a folder whose mark says %s is never removed', (_, given) => {
  expect(state('closed', 1000 * hour, given)).toBe('foreign');
});

it('a folder without a mark is ours by its name', () => {
  const environment = { number: 12, folder: 'ephemeral/shop/pr-12', files: [] };
  expect(decideSwept({ environment, pull: 'closed', writtenAt: now }, owner, { now, maxAge: 1 }).state).toBe(
    'removed',
  );
});
