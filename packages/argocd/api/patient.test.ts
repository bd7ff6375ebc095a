import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import { silentLog } from '@sluice/core/log';
import { describe, expect, it } from 'vitest';
import { patient } from './patient.ts';
import { argocdWith } from './test-argocd.ts';

/** Argo CD whose list fails `times` times with this error; and the time that went by. */
function awayFor(times: number, error: SluiceError, timeoutMs = 60_000) {
  let [now, asked] = [0, 0];
  const lines: string[] = [];
  const ends: number[] = [];
  const clock: Clock = {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
  };
  const argocd = argocdWith({
    within(until) {
      ends.push(until);
      return argocd;
    },
    list: async () => {
      asked += 1;
      if (asked <= times) throw error;
      return [];
    },
  });
  const log = { ...silentLog, info: (line: string) => void lines.push(line) };
  const { signal } = new AbortController();
  const list = () => patient(argocd, { clock, log, signal, timeoutMs }).list({ type: 'name', name: 'web' });
  return { list, lines, ends, passed: () => now };
}

const unavailable = new SluiceError('platform', 'argocd-unavailable', 'answered HTTP 503');
const unreachable = new SluiceError('platform', 'argocd-unreachable', 'did not answer');

describe('before there is anything to watch, Argo CD is asked again', () => {
  it('until it answers, with one line for each cause', async () => {
    const away = awayFor(9, unavailable);
    expect(await away.list()).toEqual([]);
    expect(away.lines).toEqual(['waiting: answered HTTP 503']);
    expect(away.passed()).toBe(45_000);
    expect(away.ends).toEqual([60_000]);
  });

  it.each([
    ['the timeout, where something answers', unavailable, 60_000],
    ['a few seconds, where nothing does: the address may be wrong', unreachable, 20_000],
  ])('for %s', async (_, error, longest) => {
    const away = awayFor(1000, error);
    await expect(away.list()).rejects.toBe(error);
    expect(away.passed()).toBeLessThanOrEqual(longest);
    expect(away.passed()).toBeGreaterThan(longest - 10_000);
  });

  it('never where that does not help', async () => {
    const denied = new SluiceError('permission', 'argocd-permission', 'denied');
    const away = awayFor(1, denied);
    await expect(away.list()).rejects.toBe(denied);
    expect(away.passed()).toBe(0);
  });
});
