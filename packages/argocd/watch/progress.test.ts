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

test('one line for each change of state, with the time since the start; its history leaves the name out', () => {
  let now = 0;
  const lines: string[] = [];
  const log = { ...silentLog, info: (line: string) => void lines.push(line) };
  const progress = createProgress('payments', 0, { now: () => now, sleep: async () => {} }, log);
  for (const why of ['a', 'a', 'b', 'a']) {
    progress.waits({ type: 'wait', clause: 'healthy', why });
    now += 2000;
  }
  progress.says('live: done');
  expect(lines).toEqual([
    '+0 s payments: waiting: a',
    '+4 s payments: waiting: b',
    '+6 s payments: waiting: a',
    '+8 s payments: live: done',
  ]);
  expect(progress.history()).toEqual([
    '+0 s waiting: a',
    '+4 s waiting: b',
    '+6 s waiting: a',
    '+8 s live: done',
  ]);
});
