import { silentLog } from '@sluice/core/log';
import { expect, test } from 'vitest';
import type { ClauseName } from '../decide/types.ts';
import { createProgress } from './progress.ts';

test('the time of a wait is told by what was waited for, in words that need no key', () => {
  let now = 0;
  const progress = createProgress('payments', 0, { now: () => now, sleep: async () => {} }, silentLog);
  const parts: readonly (readonly [ClauseName, number])[] = [
    ['fresh', 4000],
    ['synced', 500],
    ['operation', 1500],
    ['healthy', 25_000],
  ];
  for (const [clause, ms] of parts) {
    progress.waits({ type: 'wait', clause, why: clause });
    now += ms;
  }
  expect(progress.durations()).toBe('comparing 4 s, syncing 2 s, rollout 25 s');
});

test('a part of under half a second is not told', () => {
  const clock = { now: () => 400, sleep: async () => {} };
  expect(createProgress('payments', 0, clock, silentLog).durations()).toBe('under 1 s');
});
