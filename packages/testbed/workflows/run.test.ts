import { describe, expect, test } from 'vitest';
import type { Result } from './result.ts';
import { results, runFiles } from './test-run.ts';
import type { World } from './world.ts';

/** Each job ends as the test says, without a step. */
const ends = (given: Readonly<Record<string, Result>>): Partial<World> => ({
  job: ({ path }) => ({ result: given[path] ?? 'success', outputs: {} }),
});
const job = (more: string): string => `{ runs-on: x, ${more}, steps: [{ run: a }] }`;
const above = (result: Result, more: string): string => `
on: push
jobs:
  first: ${job(result === 'skipped' ? 'if: false' : 'needs: []')}
  second: ${job('needs: first')}
  last: ${job(more)}
`;

describe('whether a job runs', () => {
  const cases: readonly (readonly [string, Result, string, Result])[] = [
    ['without an if, after a success', 'success', 'needs: first', 'success'],
    ['without an if, not after a failure', 'failure', 'needs: first', 'skipped'],
    ['without an if, not after a skip', 'skipped', 'needs: first', 'skipped'],
    ['without an if, not after a cancellation', 'cancelled', 'needs: first', 'skipped'],
    ['success() asks all ancestors, not only the needed', 'failure', 'needs: second', 'skipped'],
    ['an if without a status function is success() && …', 'failure', 'needs: first, if: true', 'skipped'],
    ['always() runs whatever was', 'failure', 'needs: second, if: always()', 'success'],
    ['failure() asks all ancestors', 'failure', 'needs: second, if: failure()', 'success'],
    ['failure() is false after a cancellation', 'cancelled', 'needs: second, if: failure()', 'skipped'],
    ['!cancelled() runs after a failure', 'failure', "needs: second, if: '!cancelled()'", 'success'],
    ['cancelled() asks the run, not a job', 'cancelled', 'needs: first, if: cancelled()', 'skipped'],
    [
      'success(id) asks that job alone',
      'failure',
      "needs: [first, second], if: success('second')",
      'skipped',
    ],
    ['failure(id) asks that job alone', 'failure', "needs: [first, second], if: failure('first')", 'success'],
    [
      'failure(id) is false after a success',
      'success',
      "needs: [first, second], if: failure('first')",
      'skipped',
    ],
    [
      'results and contexts are in reach',
      'failure',
      `needs: first, if: "always() && needs.first.result == 'failure' && github.sha == 'abc'"`,
      'success',
    ],
  ];
  test.each(cases)('%s (%s)', async (_, first, more, last) => {
    const run = await runFiles({ 'main.yml': above(first, more) }, ends({ first }));
    expect(run.jobs.last?.result).toBe(last);
  });
});

describe('a run that is cancelled', () => {
  const text = `
on: push
jobs:
  first: ${job('needs: []')}
  plain: ${job('needs: first')}
  always: ${job('needs: first, if: always()')}
  tidy: ${job('needs: first, if: cancelled()')}
`;
  test('runs what asks for it, and the rest is cancelled', async () => {
    const stop = new AbortController();
    const run = await runFiles(
      { 'main.yml': text },
      {
        signal: stop.signal,
        job({ path }) {
          if (path === 'first') stop.abort();
          return { result: path === 'first' ? 'cancelled' : 'success', outputs: {} };
        },
      },
    );
    expect(results(run)).toEqual({
      first: 'cancelled',
      plain: 'cancelled',
      always: 'success',
      tidy: 'success',
    });
    expect(run.result).toBe('cancelled');
  });
});

test('a run that is cancelled after a success begins no further job without being asked to', async () => {
  const stop = new AbortController();
  const job: World['job'] = () => {
    stop.abort();
    return { result: 'success', outputs: {} };
  };
  const run = await runFiles({ 'main.yml': above('success', 'needs: second') }, { signal: stop.signal, job });
  expect(results(run)).toEqual({ first: 'success', second: 'cancelled', last: 'cancelled' });
});

describe('continue-on-error of a job', () => {
  const text = `
on: push
jobs:
  may: { runs-on: x, continue-on-error: true, steps: [{ run: a }] }
  after: ${job('needs: may')}
`;
  test('turns its result for others and for the run, but not its check', async () => {
    const run = await runFiles({ 'main.yml': text }, ends({ may: 'failure' }));
    expect(results(run)).toEqual({ may: 'success', after: 'success' });
    expect(run.result).toBe('success');
    expect(run.checks.find(({ path }) => path === 'may')?.conclusion).toBe('failure');
  });
});

describe('an environment', () => {
  const text = 'on: push\njobs:\n  go: { runs-on: x, environment: production, steps: [{ run: "true" }] }\n';
  test.each([
    ['approved', 'success'],
    ['rejected', 'failure'],
    ['cancelled', 'cancelled'],
  ] as const)('that is %s ends its job as %s', async (answer, result) => {
    const run = await runFiles({ 'main.yml': text }, { gate: async () => answer });
    expect(run.jobs.go?.result).toBe(result);
  });
});

describe('what the runner does not know is refused, not left out', () => {
  test.each([
    [
      'services',
      'on: push\njobs:\n  a: { runs-on: x, services: { r: { image: redis } }, steps: [{ run: a }] }',
    ],
    ['nobody', `on: push\njobs:\n  b: ${job('needs: []')}\n  a: ${job('needs: nobody')}`],
    ['Unexpected value', 'on: push\njobs:\n  a: { runs-on: x, odd: 1, steps: [{ run: a }] }'],
  ])('%s', async (message, text) => {
    await expect(runFiles({ 'main.yml': text })).rejects.toThrow(message);
  });
});
