import { describe, expect, test } from 'vitest';
import { type CheckRun, type Conclusion, protection, requiredCheck } from './branch-protection.ts';
import { emptyQueue, enqueue, type Group, groups, type Queue, settle } from './merge-queue.ts';

const ready = 'pr / ready';
const run = (conclusion: Conclusion | undefined, startedAt = 1, name = ready): CheckRun => ({
  name,
  conclusion,
  startedAt,
});

describe('a required check', () => {
  test.each([
    ['success', 'passed'],
    ['skipped', 'passed'],
    ['neutral', 'passed'],
    ['failure', 'failed'],
    ['cancelled', 'failed'],
    ['timed_out', 'failed'],
    ['action_required', 'failed'],
    ['stale', 'failed'],
    [undefined, 'pending'],
  ] as const)('that is %s is %s', (conclusion, state) => {
    expect(requiredCheck(ready, { checks: [run(conclusion)] })).toBe(state);
  });

  test('that nobody has reported is pending, also where another one of the same job is there', () => {
    expect(requiredCheck(ready, { checks: [run('success', 1, 'pr')] })).toBe('pending');
  });

  test('is the latest of its name, whatever was before', () => {
    expect(requiredCheck(ready, { checks: [run('failure', 2), run('success', 1)] })).toBe('failed');
    expect(requiredCheck(ready, { checks: [run('failure', 1), run('success', 2)] })).toBe('passed');
    expect(requiredCheck(ready, { checks: [run('success', 1), run(undefined, 2)] })).toBe('pending');
  });

  test('and a commit status of the same name have both to pass', () => {
    const checks = [run('success')];
    expect(requiredCheck(ready, { checks, statuses: { [ready]: 'failure' } })).toBe('failed');
    expect(requiredCheck(ready, { checks, statuses: { [ready]: 'pending' } })).toBe('pending');
    expect(requiredCheck(ready, { checks, statuses: { [ready]: 'success' } })).toBe('passed');
  });

  test('is one of several: each has to pass', () => {
    const checks = [run('success'), run('failure', 1, 'lint')];
    expect(protection([ready], { checks })).toBe('passed');
    expect(protection([ready, 'lint'], { checks })).toBe('failed');
    expect(protection([ready, 'other'], { checks })).toBe('pending');
    expect(protection([], { checks })).toBe('passed');
  });
});

describe('a merge queue of three', () => {
  const passed = { checks: [run('success')] };
  const three = [1, 2, 3].reduce<Queue>((queue, pull) => enqueue(queue, pull, [ready], passed), emptyQueue);
  const by =
    (ends: Readonly<Record<string, Conclusion | undefined>>) =>
    ({ sha }: Group) => ({
      checks: sha in ends ? [run(ends[sha])] : [],
    });

  test('takes in what has passed its own checks alone', () => {
    expect(three.waiting).toEqual([1, 2, 3]);
    expect(enqueue(emptyQueue, 4, [ready], { checks: [] }).waiting).toEqual([]);
    expect(enqueue(emptyQueue, 4, [ready], { checks: [run('failure')] }).waiting).toEqual([]);
  });

  test('tries each with those before it', () => {
    expect(groups(three).map(({ sha }) => sha)).toEqual(['main+1', 'main+1+2', 'main+1+2+3']);
  });

  test.each([
    ['nothing has ended', {}, [], [1, 2, 3], []],
    ['all pass', { 'main+1': 'success', 'main+1+2': 'success', 'main+1+2+3': 'success' }, [1, 2, 3], [], []],
    ['the first passes', { 'main+1': 'success' }, [1], [2, 3], []],
    ['the last passes first', { 'main+1+2+3': 'success' }, [], [1, 2, 3], []],
    ['the first fails', { 'main+1': 'failure', 'main+1+2': 'success' }, [], [2, 3], [1]],
    ['one behind fails first', { 'main+1+2': 'failure' }, [], [1, 3], [2]],
    ['the first is cancelled', { 'main+1': 'cancelled' }, [], [2, 3], [1]],
    ['the first is skipped, which counts as a success', { 'main+1': 'skipped' }, [1], [2, 3], []],
  ] as const)('when %s', (_, ends, merged, waiting, removed) => {
    expect(settle(three, [ready], by(ends))).toEqual({ merged, waiting, removed });
  });

  test('what was green behind one that fails is another commit without it, and is tried again', () => {
    const ends = { 'main+1': 'success', 'main+1+2': 'failure', 'main+1+2+3': 'success' } as const;
    const after = settle(three, [ready], by(ends));
    expect(after).toEqual({ merged: [1], waiting: [3], removed: [2] });
    expect(groups(after).map(({ sha }) => sha)).toEqual(['main+1+3']);
    expect(settle(after, [ready], by({ 'main+1+3': 'success' })).merged).toEqual([1, 3]);
  });
});
