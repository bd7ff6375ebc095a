import { SluiceError } from '@sluice/core/errors';
import { silentLog } from '@sluice/core/log';
import { expect, test } from 'vitest';
import { parseCheckPattern } from './pattern.ts';
import type { CheckState, Observation } from './types.ts';
import { waitForChecks } from './wait-for-checks.ts';

const seen = (state?: CheckState): Observation => ({
  checks: state === undefined ? [] : [{ id: 1, name: 'a', app: 'x', state, told: state }],
  ...{ running: [], parked: [], isWhole: true },
});
const away = new SluiceError('platform', 'github-unreachable', 'GitHub is away.');
const denied = new SluiceError('permission', 'permission-denied', 'The token may not.', {
  hint: 'Grant it.',
});

/** Looks at one after the other; the last again and again. */
async function wait(looks: readonly (Observation | SluiceError)[], timeoutMs: number) {
  let now = 0;
  let at = 0;
  const lines: string[] = [];
  const controller = new AbortController();
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const log = { ...silentLog, info: (line: string) => void lines.push(line) };
  const reading = await waitForChecks(
    { patterns: [parseCheckPattern('a')], minimum: 1 },
    timeoutMs,
    async () => {
      const look = looks[Math.min(at, looks.length - 1)];
      at += 1;
      if (look === undefined || look instanceof SluiceError) throw look;
      return look;
    },
    { clock, log, signal: controller.signal },
    () => 0.5,
  );
  const end = reading.type === 'seen' ? reading.judgement.type : reading.sentence;
  return { end, looks: at, now, lines, hint: reading.type === 'seen' ? '' : reading.hint };
}

test('waits until the check has succeeded, and says once what it waits for', async () => {
  const found = await wait([seen(), seen('pending'), seen('pending'), seen('success')], 60_000);
  expect(found).toMatchObject({ end: 'ready', looks: 4 });
  expect(found.lines).toEqual(['0 s: waiting: no check is like "a"', '2 s: waiting: check a (x) pending']);
});

test('ends as soon as one failed', async () => {
  expect(await wait([seen('pending'), seen('failed')], 60_000)).toMatchObject({ end: 'blocked', looks: 2 });
});

test('looks once more at the end of the time, and never after it', async () => {
  const found = await wait([seen('pending')], 10_000);
  expect(found).toMatchObject({ end: 'wait', now: 10_000 });
  expect(await wait([seen('pending')], 0)).toMatchObject({ end: 'wait', looks: 1, now: 0 });
});

test('a skip is the end only when runs that began together would be listed', async () => {
  expect(await wait([seen('skipped'), seen('skipped'), seen('success')], 60_000)).toMatchObject({
    end: 'ready',
  });
  const found = await wait([seen('skipped')], 600_000);
  expect(found.end).toBe('blocked');
  expect(found.now).toBeGreaterThanOrEqual(30_000);
  expect(found.now).toBeLessThan(90_000);
  expect(await wait([seen('skipped')], 0)).toMatchObject({ end: 'blocked', now: 0 });
});

test('asks less and less often', async () => {
  expect((await wait([seen('pending')], 3_600_000)).looks).toBeLessThan(140);
});

test('an API that is away at the first look ends it; later it is waited for, to the end of the time', async () => {
  expect(await wait([away], 60_000)).toMatchObject({ end: 'GitHub is away.', looks: 1 });
  expect(await wait([seen('pending'), away, away, seen('success')], 60_000)).toMatchObject({
    end: 'ready',
    looks: 4,
  });
  expect(await wait([seen('success'), away], 60_000)).toMatchObject({ end: 'ready', looks: 1 });
  expect(await wait([seen('pending'), away], 10_000)).toMatchObject({ end: 'GitHub is away.', now: 10_000 });
});

test('a permission that is lacking ends it at once, and all that are needed are named', async () => {
  const { hint } = await wait([denied], 60_000);
  for (const part of ['Grant it.', '`checks: read`', '`actions: read`', '`statuses: read`'])
    expect(hint).toContain(part);
  expect(await wait([seen('pending'), denied], 60_000)).toMatchObject({
    end: 'The token may not.',
    looks: 2,
  });
});
