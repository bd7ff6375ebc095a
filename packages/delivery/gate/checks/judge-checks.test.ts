import { describe, expect, test } from 'vitest';
import { judgeChecks } from './judge-checks.ts';
import { lastWords } from './last-words.ts';
import { parseCheckPattern } from './pattern.ts';
import type { Check, CheckState, Observation, Run } from './types.ts';

let lastId = 0;
const runOf = (id: number, more: Partial<Run> = {}): Run => ({
  ...{
    id,
    workflow: 'CI',
    path: '.github/workflows/ci.yml',
    event: 'pull_request',
    attempt: 1,
    state: 'completed',
  },
  ...more,
});
const check = (name: string, state: CheckState, run?: Run, app = 'github-actions'): Check => {
  lastId += 1;
  return { id: lastId, name, app, state, told: state, ...(run && { run }) };
};
const states = (...checks: Check[]) => lastWords(checks).map(({ name, state }) => `${name} ${state}`);

describe('of what was said under one name', () => {
  test('the newest run counts', () => {
    expect(states(check('e2e', 'success', runOf(1)), check('e2e', 'failed', runOf(2)))).toEqual([
      'e2e failed',
    ]);
    expect(states(check('e2e', 'failed', runOf(1)), check('e2e', 'pending', runOf(2)))).toEqual([
      'e2e pending',
    ]);
    // Runs are told apart by their ids: 10 is newer than 9, and not by the order in which they are listed.
    expect(states(check('e2e', 'failed', runOf(10)), check('e2e', 'success', runOf(9)))).toEqual([
      'e2e failed',
    ]);
  });

  test('a run that skipped it says nothing of it, and hides neither a failure nor a success', () => {
    const skipped = () => check('build', 'skipped', runOf(3));
    expect(states(check('build', 'failed', runOf(1)), skipped())).toEqual(['build failed']);
    expect(states(check('build', 'success', runOf(1)), skipped())).toEqual(['build success']);
    expect(states(skipped())).toEqual(['build skipped']);
  });

  test.each([
    ['workflows', runOf(2, { path: '.github/workflows/other.yml' })],
    ['events', runOf(2, { event: 'push' })],
  ])('other %s are told apart', (_, other) => {
    expect(states(check('e2e', 'failed', runOf(1)), check('e2e', 'success', other))).toEqual([
      'e2e failed',
      'e2e success',
    ]);
  });

  test('other Apps are told apart, and of one App the newest counts', () => {
    const [old, now] = [check('lint', 'failed', undefined, 'x'), check('lint', 'success', undefined, 'x')];
    expect(states(old, now, check('lint', 'failed', undefined, 'y'))).toEqual([
      'lint success',
      'lint failed',
    ]);
  });

  test('of two jobs of one run that have one name the worse counts', () => {
    const run = runOf(1);
    expect(states(check('test', 'failed', run), check('test', 'success', run))).toEqual(['test failed']);
    expect(states(check('test', 'success', run), check('test', 'pending', run))).toEqual(['test pending']);
  });
});

const seen = (checks: readonly Check[], more: Partial<Observation> = {}): Observation => ({
  ...{ checks, running: [], parked: [], isWhole: true },
  ...more,
});
const judge = (lines: readonly string[], observation: Observation, minimum = 1) => {
  const { type, problems } = judgeChecks({ patterns: lines.map(parseCheckPattern), minimum }, observation);
  return [type, ...problems.map(({ name, reason }) => `${name} ${reason}`)].join(', ');
};

describe('the judgement', () => {
  test.each([
    ['all are there and succeeded', ['a', 'b*'], [check('a', 'success'), check('b1', 'success')], 'ready'],
    ['nothing is there', ['a'], [], 'wait, a check-missing'],
    ['one entry has none', ['a', 'b'], [check('a', 'success')], 'wait, b check-missing'],
    ['one failed', ['*'], [check('a', 'success'), check('b', 'failed')], 'blocked, b check-failed'],
    [
      'one failed, another is missing',
      ['a', 'b'],
      [check('a', 'failed')],
      'blocked, a check-failed, b check-missing',
    ],
    ['one is pending', ['*'], [check('a', 'success'), check('b', 'pending')], 'wait, b check-pending'],
    ['one waits for somebody', ['a'], [check('a', 'acting')], 'wait, a check-parked'],
    ['one that nobody asked for failed', ['a'], [check('a', 'success'), check('z', 'failed')], 'ready'],
  ])('%s', (_, lines, checks, expected) => {
    expect(judge(lines, seen(checks))).toBe(expected);
  });

  test('a skip is the end where nothing runs any more, and not before', () => {
    const skipped = check('a', 'skipped');
    expect(judge(['a'], seen([skipped]))).toBe('blocked, a check-skipped');
    expect(judge(['a'], seen([skipped], { running: [runOf(5)] }))).toBe('wait, a check-skipped');
    expect(judge(['a'], seen([skipped], { parked: [runOf(5)] }))).toBe('wait, a check-skipped');
    const wanted = { patterns: [parseCheckPattern('a')], minimum: 1 };
    expect(judgeChecks(wanted, seen([skipped]), true).type).toBe('wait');
  });

  test('fewer than the minimum are not enough', () => {
    const checks = [check('t (1)', 'success'), check('t (2)', 'success')];
    expect(judge(['t (*)'], seen(checks), 3)).toBe('wait, minimum check-missing');
    expect(judge(['t (*)'], seen(checks), 2)).toBe('ready');
  });

  test('what is missing names the runs that wait for approval', () => {
    const parked = [runOf(5, { state: 'parked' })];
    const { problems } = judgeChecks(
      { patterns: [parseCheckPattern('a')], minimum: 1 },
      seen([], { parked }),
    );
    expect(problems).toEqual([
      { name: 'a', reason: 'check-parked', told: 'no check is like "a", and a run of CI waits for approval' },
    ]);
  });

  test('is not ready while GitHub has handed over less than it counted', () => {
    expect(judge(['a'], seen([check('a', 'success')], { isWhole: false }))).toBe('wait');
  });
});
