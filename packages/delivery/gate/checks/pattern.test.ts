import { describe, expect, test } from 'vitest';
import { headCommit } from './head-commit.ts';
import { isMeant, type OwnScope, parseCheckPattern } from './pattern.ts';
import { toldOf, toldOfStatus } from './told-states.ts';
import type { Check } from './types.ts';

const run = {
  id: 1,
  workflow: 'CI: all',
  path: '.github/workflows/ci.yml',
  event: 'push',
  attempt: 1,
  state: 'completed',
} as const;
const check: Check = {
  id: 1,
  name: 'test (a, b) / unit',
  app: 'github-actions',
  run,
  state: 'success',
  told: '',
};

test.each([
  ['e2e', { name: 'e2e' }],
  ['test (a, b) / unit', { name: 'test (a, b) / unit' }],
  ['e2e workflow=ci.yml', { name: 'e2e', workflow: 'ci.yml' }],
  [
    'e2e workflow=CI and more app=github-actions',
    { name: 'e2e', workflow: 'CI and more', app: 'github-actions' },
  ],
  ['e2e app=x workflow=CI and more', { name: 'e2e', workflow: 'CI and more', app: 'x' }],
  ['ci/x  app=circleci', { name: 'ci/x', app: 'circleci' }],
  ['a=b', { name: 'a=b' }],
  ['*', { name: '*' }],
])('%j is read', (line, wanted) => {
  expect(parseCheckPattern(line)).toEqual({ text: line, ...wanted });
});

test.each([
  'workflow=ci.yml',
  'e2e workflow=',
  'e2e app=',
  'e2e app=x app=y',
  'app=x',
])('%j is refused', (line) => {
  expect(() => parseCheckPattern(line)).toThrow('allowed: <pattern of the name of a check>');
});

test.each([
  ['test (a, b) / unit', true],
  ['test (*', true],
  ['test', false],
  ['unit', false],
  ['TEST*', false],
  ['* / unit workflow=ci.yml', true],
  ['* / unit workflow=.github/workflows/ci.yml', true],
  ['* / unit workflow=CI: all', true],
  ['* / unit workflow=CI*', true],
  ['* / unit workflow=i.yml', false],
  ['* app=GitHub-Actions', true],
  ['* app=other', false],
])('%j means it: %s', (line, meant) => {
  expect(isMeant(parseCheckPattern(line), check)).toBe(meant);
});

describe('./ means a job beside this one', () => {
  const own = { path: run.path, event: 'push', prefix: 'pr / ' };
  const build: Check = { ...check, name: 'pr / build' };
  const isOwn = (line: string, one: Check, scope: OwnScope | undefined = own) =>
    isMeant(parseCheckPattern(line), one, scope);

  test('of the same workflow file and event, called by the same job', () => {
    expect(isOwn('./build', build)).toBe(true);
    expect(isOwn('./b*', build)).toBe(true);
    expect(isOwn('./build', { ...build, name: 'build' }, { ...own, prefix: '' })).toBe(true);
  });

  test.each<[string, Check]>([
    ['of another calling job', { ...build, name: 'other / build' }],
    ['of no calling job', { ...build, name: 'build' }],
    ['of a job within it', { ...build, name: 'pr / x / build' }],
    [
      'of another file with the same workflow name',
      { ...build, run: { ...run, path: '.github/workflows/b.yml' } },
    ],
    ['of another event', { ...build, run: { ...run, event: 'pull_request' } }],
    ['of no run', { id: 1, name: 'pr / build', app: 'github-actions', state: 'success', told: '' }],
  ])('not one %s', (_, one) => {
    expect(isOwn('./build', one)).toBe(false);
  });

  test('and nothing where it is not known what is beside it', () => {
    expect(isMeant(parseCheckPattern('./build'), build)).toBe(false);
  });

  test.each(['./', './ ', './build workflow=x', './build app=x'])('%j is no entry', (line) => {
    expect(() => parseCheckPattern(line)).toThrow('allowed after ./');
  });
});

test('a status whose context somebody else has given a newer one is meant by its app alone', () => {
  const status: Check = { id: 1, name: 'ci/x', app: 'alice', state: 'pending', told: '', isOverruled: true };
  expect(isMeant(parseCheckPattern('ci/x'), status)).toBe(false);
  expect(isMeant(parseCheckPattern('ci/x app=alice'), status)).toBe(true);
  expect(isMeant(parseCheckPattern('ci/x'), { ...status, isOverruled: false })).toBe(true);
});

test('what is of no workflow is not meant where one is named', () => {
  const { run: _, ...status } = check;
  expect(isMeant(parseCheckPattern('* workflow=*'), status)).toBe(false);
  expect(isMeant(parseCheckPattern('*'), status)).toBe(true);
});

describe('only success succeeds', () => {
  test.each([
    ['completed', 'success', 'success'],
    ['completed', 'skipped', 'skipped'],
    ['completed', 'action_required', 'acting'],
    ['completed', 'neutral', 'failed'],
    ['completed', 'failure', 'failed'],
    ['completed', 'cancelled', 'failed'],
    ['completed', 'timed_out', 'failed'],
    ['completed', 'stale', 'failed'],
    ['completed', 'new-word', 'failed'],
    ['completed', 'constructor', 'failed'],
    ['completed', null, 'failed'],
    ['in_progress', null, 'pending'],
    ['queued', 'success', 'pending'],
    ['waiting', null, 'pending'],
  ])('%s %s is %s', (status, conclusion, state) => {
    expect(toldOf(status, conclusion).state).toBe(state);
  });

  test.each([
    ['success', 'success'],
    ['pending', 'pending'],
    ['failure', 'failed'],
    ['error', 'failed'],
    ['other', 'failed'],
  ])('a status %s is %s', (given, state) => {
    expect(toldOfStatus(given).state).toBe(state);
  });
});

test.each([
  ['pull_request', { pull_request: { head: { sha: 'b'.repeat(40) } } }, 'b'],
  ['pull_request_target', { pull_request: { head: { sha: 'b'.repeat(40) } } }, 'b'],
  ['merge_group', { merge_group: { head_sha: 'c'.repeat(40) } }, 'c'],
  ['workflow_run', { workflow_run: { head_sha: 'd'.repeat(40) } }, 'd'],
  ['push', {}, 'a'],
])('the commit of %s', (name, event, letter) => {
  expect(headCommit(name, event, 'a'.repeat(40))).toBe(letter.repeat(40));
});

test.each([
  'pull_request',
  'merge_group',
  'workflow_run',
])('%s without its payload has no commit: not that of GITHUB_SHA', (name) => {
  expect(headCommit(name, undefined, 'a'.repeat(40))).toBeUndefined();
  expect(headCommit(name, { pull_request: { head: { sha: 'HEAD' } } }, 'a'.repeat(40))).toBeUndefined();
});
