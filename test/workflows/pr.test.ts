import { requiredCheck } from '@sluice/testbed/workflows/branch-protection';
import { describe, expect, test } from 'vitest';
import { everyRun } from './every-run.ts';
import { type Case, mayMerge, mustRun } from './pr-oracle.ts';
import { events, requiredName, runPull } from './pr-stage.ts';

const cases = Object.entries(events).flatMap(([name, event]) =>
  name === 'closed'
    ? []
    : [true, false].flatMap((skip) =>
        [true, false].map((previews): readonly [string, Case] => [
          `${name}, ${skip ? 'skip' : 'no skip'}, ${previews ? 'with' : 'without'} environments`,
          { event, skip, previews },
        ]),
      ),
);

describe('pr / ready is green exactly when it may be merged, whatever the jobs end with', () => {
  test.each(cases)('%s', async (_, one) => {
    const runs = await everyRun(async (ends) => runPull(one.event, { ...one, ends }));
    for (const { ends, outcome } of runs) {
      const green = mayMerge(one, ends);
      const checks = (outcome?.checks ?? []).map((check, startedAt) => ({ ...check, startedAt }));
      const state = requiredCheck(requiredName, { checks });
      expect({ ends, state }).toEqual({ ends, state: green ? 'passed' : 'failed' });
      expect(Object.keys(ends).toSorted()).toEqual(mustRun(one, ends).toSorted());
    }
    expect(runs.length).toBeGreaterThanOrEqual(3);
  });
});

describe('a run that is cancelled while a job runs is never green', () => {
  test.each(cases)('%s', async (_, one) => {
    const all = { 'pr/labels': 'success', 'pr/build': 'success', 'pr/built': 'success' } as const;
    for (const path of mustRun(one, all)) {
      const stop = new AbortController();
      const ends = (job: string) => {
        if (job !== path) return 'success';
        stop.abort();
        return 'cancelled';
      };
      const run = await runPull(one.event, { ...one, ends, signal: stop.signal });
      const checks = (run?.checks ?? []).map((check, startedAt) => ({ ...check, startedAt }));
      expect([path, requiredCheck(requiredName, { checks })]).toEqual([path, 'failed']);
    }
  });
});

test('a pull request that is closed starts nothing', async () => {
  expect(await runPull(events.closed)).toBeUndefined();
});
