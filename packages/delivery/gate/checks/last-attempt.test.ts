import { expect, test } from 'vitest';
import { lastAttempt } from './last-attempt.ts';
import type { Check, CheckState, Run } from './types.ts';

const run = (state: Run['state']): Run => ({
  ...{ id: 1, workflow: 'CI', path: '.github/workflows/ci.yml', event: 'push', attempt: 3, state },
});
const check = (id: number, name: string, state: CheckState): Check => ({
  id,
  name,
  app: 'x',
  state,
  told: state,
});
const states = (checks: readonly Check[]) => checks.map(({ name, state }) => `${name} ${state}`);

test('the jobs of the last attempt count, whatever was said before', () => {
  const before = [check(1, 'a', 'failed'), check(2, 'b', 'success')];
  const jobs = [check(3, 'a', 'success'), check(4, 'b', 'failed')];
  expect(states(lastAttempt(run('completed'), jobs, before))).toEqual(['a success', 'b failed']);
});

test('a job that was not run again is what it was last', () => {
  const before = [check(3, 'a', 'success'), check(1, 'a', 'failed'), check(2, 'b', 'failed')];
  expect(states(lastAttempt(run('completed'), [check(4, 'b', 'success')], before))).toEqual([
    'b success',
    'a success',
  ]);
});

test('while the run goes on, what it does not list yet is not known', () => {
  expect(states(lastAttempt(run('running'), [], [check(1, 'a', 'success')]))).toEqual(['a pending']);
});
