import { describe, expect, test } from 'vitest';
import { headCommit } from './head-commit.ts';
import { isMeant, parseCheckPattern } from './pattern.ts';
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
