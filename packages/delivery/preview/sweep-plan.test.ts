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

const policy = { 'skip-label': ['skip-*'], 'skip-mode': 'opt-out', 'skip-allowed': true } as const;
const away: PullState = { unknown: 'GitHub is away.' };
const open = (...labels: readonly string[]): PullState => ({ open: { labels } });

function state(pull: PullState, age = 0, given: Partial<Mark> = {}, labels: object = {}) {
  const environment = {
    ...{ number: 12, folder: 'ephemeral/shop/pr-12', files: [] },
    mark: { ...mark, deployed: now - age, ...given },
  };
  const rules = { now, maxAge: 168 * hour, labels: { ...policy, ...labels } };
  return decideSwept({ environment, pull }, owner, rules).state;
}

it.each([
  ['kept', 'an open one', open(), 0],
  ['kept', 'an open one at the very age', open(), 168 * hour],
  ['removed', 'an open one that is stale', open(), 168 * hour + 1],
  ['kept', 'an open one from the future', open(), -hour],
  ['kept', 'an open one with another label', open('bug'), 0],
  ['removed', 'an open one with the label that does without', open('bug', 'Skip-this'), 0],
  ['kept', 'one whose labels were not read', { open: { labels: undefined } }, 0],
  ['removed', 'a closed one', 'closed', 0],
  ['removed', 'one that is gone', 'gone', 0],
  ['not-told', 'one of which nobody answered', away, 0],
  ['not-told', 'a stale one of which nobody answered', away, 1000 * hour],
] as const)('%s: %s', (expected, _, pull, age) => {
  expect(state(pull, age)).toBe(expected);
});

it('where a label asks for it, one without goes; and where labels do not decide, none goes by them', () => {
  const optIn = { 'skip-label': ['preview'], 'skip-mode': 'opt-in' };
  expect(state(open('preview'), 0, {}, optIn)).toBe('kept');
  expect(state(open(), 0, {}, optIn)).toBe('removed');
  expect(state(open('skip-this'), 0, {}, { 'skip-allowed': false })).toBe('kept');
});

it.each([
  ['another project', { project: 'other' }],
  ['another repository', { repository: 'acme/other' }],
  ['another pull request', { number: 13 }],
])('a folder whose mark says %s is never removed', (_, given) => {
  expect(state('closed', 1000 * hour, given)).toBe('foreign');
});

it.each([
  ['without a mark', 'x.yaml', 'has no mark'],
  ['with a mark that cannot be read', '.sluice-preview', 'cannot be read'],
])('a folder %s is nothing that we know, whatever its name: it stays', (_, name, why) => {
  const folder = 'ephemeral/shop/pr-12';
  const files = [{ path: `${folder}/${name}`, mode: '100644' as const }];
  const rules = { now, maxAge: 1, labels: policy };
  const swept = decideSwept({ environment: { number: 12, folder, files }, pull: 'closed' }, owner, rules);
  expect(swept).toMatchObject({ state: 'foreign', why: expect.stringContaining(why) });
});

it('a repository that was renamed is known by its number, and another one of its name is another', () => {
  const rules = { now, maxAge: hour, labels: policy };
  const environment = { number: 12, folder: 'x', files: [], mark: { ...mark, repositoryId: '7' } };
  const of = (repository: string, repositoryId: string) =>
    decideSwept({ environment, pull: 'closed' }, { project: 'shop', repository, repositoryId }, rules).state;
  expect(of('acme/renamed', '7')).toBe('removed');
  expect(of('acme/app', '8')).toBe('foreign');
});
