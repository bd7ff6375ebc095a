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

describe('an older run stands in for a newer one', () => {
  const now = 1_000_000;
  const old = runOf(11);
  const next = (more: Partial<Run> = {}) => runOf(12, { conclusion: 'failure', ...more });
  const word = (state: CheckState, newer: Run, said: readonly Check[] = []) =>
    lastWords([check('test', state, old), ...said], [old, newer])
      .filter(({ name }) => name === 'test')
      .map((one) => `${one.run?.id} ${one.state}`);
  const at = (one: Check, endedMs: number): Check => ({ ...one, endedMs });

  test.each<[string, Run, string]>([
    ['is in progress and has not come to it', next({ state: 'running', conclusion: '' }), '11 pending'],
    ['waits for approval', next({ state: 'parked', conclusion: 'action_required' }), '11 acting'],
    ['could not start', next({ conclusion: 'startup_failure' }), '11 failed'],
    ['failed without it', next(), '11 failed'],
    ['ended in a way that is not known', next({ conclusion: '' }), '11 failed'],
    ['succeeded without it', next({ conclusion: 'success' }), '11 success'],
    ['skipped all', next({ conclusion: 'skipped' }), '11 success'],
    ['was cancelled before anything began', next({ conclusion: 'cancelled' }), '11 success'],
  ])('where that %s: %s', (_, newer, expected) => {
    expect(word('success', newer)).toEqual([expected]);
  });

  test('not where that was cancelled after something of it had begun', () => {
    const newer = next({ conclusion: 'cancelled' });
    expect(word('success', newer, [check('build', 'success', newer)])).toEqual(['11 failed']);
    const stopped = { ...check('build', 'failed', newer), isCancelled: true };
    expect(word('success', newer, [stopped])).toEqual(['11 success']);
  });

  test('nor where that skipped it for a job that had failed', () => {
    const failed = at(check('build', 'failed', next()), now);
    expect(word('success', next(), [failed, at(check('test', 'skipped', next()), now + 1000)])).toEqual([
      '12 skipped',
    ]);
    // Whole seconds tell no order.
    expect(word('success', next(), [failed, at(check('test', 'skipped', next()), now - 1000)])).toEqual([
      '12 skipped',
    ]);
    const untold = [check('build', 'failed', next()), check('test', 'skipped', next())];
    expect(word('success', next(), untold)).toEqual(['12 skipped']);
    // Nothing of it is known to have failed, and it failed.
    expect(word('success', next(), [check('test', 'skipped', next())])).toEqual(['12 skipped']);
  });

  test.each<Partial<Run>>([
    { state: 'running', conclusion: '' },
    { conclusion: 'failure' },
    { conclusion: 'cancelled' },
  ])('but where that skipped it before anything had failed: it was for a label (%j)', (more) => {
    const newer = next(more);
    const skipped = at(check('test', 'skipped', newer), now);
    const said =
      more.state === 'running' ? [skipped] : [skipped, at(check('preview', 'failed', newer), now + 9000)];
    expect(word('success', newer, said)).toEqual(['11 success']);
    expect(word('failed', newer, said)).toEqual(['11 failed']);
  });
});

const seen = (checks: readonly Check[], more: Partial<Observation> = {}): Observation => ({
  ...{ checks, running: [], parked: [], isWhole: true },
  ...more,
});
const judge = (lines: readonly string[], observation: Observation, minimum = 1) => {
  const { type, problems } = judgeChecks({ patterns: lines.map(parseCheckPattern), minimum }, observation);
  return [type, ...problems.map(({ name, reason }) => `${name || '(all)'} ${reason}`)].join(', ');
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
    expect(judge(['t (*)'], seen(checks), 3)).toBe('wait, (all) check-missing');
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

describe('a run that has not ended may have further checks', () => {
  const ci = (id: number, more: Partial<Run> = {}) => runOf(id, { state: 'running', ...more });
  const lint = check('lint', 'success', ci(5));
  const open = (lines: readonly string[], more: Partial<Observation>, checks = [lint]) =>
    judge(lines, seen(checks, more));

  test('a pattern with * waits for the end of each run that it has checks of, and that it names', () => {
    expect(open(['*'], { running: [ci(5)] })).toBe('wait, * check-pending');
    expect(open(['* workflow=CI'], { running: [ci(6, { event: 'push' })] })).toBe(
      'wait, * workflow=CI check-pending',
    );
    expect(open(['*'], {})).toBe('ready');
    expect(open(['*'], { running: [ci(6, { path: 'other.yml' })] })).toBe('ready');
    expect(open(['* app=x'], { running: [ci(5)] }, [check('lint', 'success', undefined, 'x')])).toBe('ready');
  });

  test('a whole name waits only for a run that has no check of it', () => {
    expect(open(['lint workflow=ci.yml'], { running: [ci(5)] })).toBe('ready');
    expect(open(['lint'], { running: [ci(6, { event: 'push' })] })).toBe('wait, lint check-pending');
  });

  test('a run that waits for approval is waited for too, unless a newer one has taken its place', () => {
    expect(open(['*'], { parked: [ci(6, { state: 'parked' })] })).toBe('wait, * check-parked');
    expect(open(['*'], { parked: [ci(4, { state: 'parked' })] })).toBe('ready');
  });

  test('of its own workflow it waits for older runs alone: two would wait for each other', () => {
    expect(open(['*'], { running: [ci(5)], own: ci(4) })).toBe('ready');
    expect(open(['*'], { running: [ci(5)], own: ci(6) })).toBe('wait, * check-pending');
  });

  test('what stands beside this job comes no more when no run of its workflow is left', () => {
    const own = { path: lint.run?.path ?? '', event: 'pull_request', prefix: '' };
    const end = (more: Partial<Observation>, isEarly = false) =>
      judgeChecks({ patterns: [parseCheckPattern('./build')], minimum: 1, own }, seen([lint], more), isEarly)
        .type;
    expect(end({})).toBe('blocked');
    expect(end({ running: [ci(6, { event: 'push' })] })).toBe('blocked');
    expect(end({ running: [ci(6)] })).toBe('wait');
    expect(end({ parked: [ci(6)] })).toBe('wait');
    expect(end({}, true)).toBe('wait');
  });
});

test.each([
  ['a, b', true],
  ['test (a, b)', false],
  ['a', false],
])('several patterns on one line are hinted at where nothing is like them: %s', (line, isHinted) => {
  const { problems } = judgeChecks({ patterns: [parseCheckPattern(line)], minimum: 1 }, seen([]));
  expect(problems[0]?.hint?.includes('one per line')).toBe(isHinted ? true : undefined);
});

test('the file and event that GitHub lists for this run count, whatever the runner says', () => {
  const own = { path: 'other.yml', event: 'pull_request', prefix: '' };
  const wanted = { patterns: [parseCheckPattern('./build')], minimum: 1, own };
  const checks = [check('build', 'success', runOf(5))];
  expect(judgeChecks(wanted, seen(checks)).type).toBe('blocked');
  expect(judgeChecks(wanted, seen(checks, { own: runOf(6) })).type).toBe('ready');
});
