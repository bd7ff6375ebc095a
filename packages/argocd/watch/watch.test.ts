import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import { expect, describe as group, it } from 'vitest';
import type { Answer, Seen, Watching } from '../api/port.ts';
import { parseApplication } from '../observation.ts';
import { poll } from './watch.ts';

/** A clock that goes only when somebody sleeps. */
function clockOf(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

const answer = (health: string): Answer => ({
  application: parseApplication({
    metadata: { name: 'web' },
    spec: {},
    status: { health: { status: health } },
  }),
  serverTime: 0,
});

async function all(
  get: () => Promise<Answer>,
  clock: Clock,
  watching: Partial<Watching> = {},
  signal?: AbortSignal,
) {
  const seen: Seen[] = [];
  const full = { until: 60_000, together: 1, wake: () => undefined, ...watching };
  for await (const one of poll(get, clock, full, signal)) seen.push(one);
  return seen;
}

group('polling', () => {
  it('begins at 2 s and grows to 5 s while nothing changes, about a request in two seconds at most', async () => {
    const clock = clockOf();
    const seen = await all(async () => answer('Healthy'), clock);
    expect(clock.slept[0]).toBeGreaterThan(1800);
    expect(clock.slept[0]).toBeLessThan(2200);
    expect(clock.slept[6]).toBeGreaterThan(4700);
    expect(clock.slept[6]).toBeLessThan(5300);
    expect(seen.length).toBeLessThan(20);
  });

  it('begins anew when something changes', async () => {
    const clock = clockOf();
    let count = 0;
    await all(async () => answer(++count < 8 ? 'Progressing' : `Healthy`), clock);
    expect(clock.slept[6]).toBeGreaterThan(4700);
    expect(clock.slept[7]).toBeLessThan(2200);
  });

  it('shares its budget among many applications', async () => {
    const clock = clockOf();
    await all(async () => answer('Healthy'), clock, { together: 30 });
    expect(clock.slept[0]).toBeGreaterThan(28_000);
  });

  it('looks when time alone may change what is thought of it, and at the very end', async () => {
    const clock = clockOf();
    await all(async () => answer('Healthy'), clock, { wake: () => 700, until: 1000 });
    expect(clock.slept).toEqual([700, 250, 50]);
  });

  it('shows what may pass as away, and goes on', async () => {
    let count = 0;
    const get = async () => {
      count += 1;
      if (count === 1) throw new SluiceError('platform', 'argocd-unreachable', 'x did not answer.');
      return answer('Healthy');
    };
    const seen = await all(get, clockOf(), { until: 2000 });
    expect(seen[0]).toEqual({ type: 'away', sentence: 'x did not answer' });
    expect(seen[1]?.type).toBe('answer');
  });

  it('ends by any other error, and when it is aborted', async () => {
    const denied = new SluiceError('permission', 'argocd-token', 'no');
    await expect(all(() => Promise.reject(denied), clockOf())).rejects.toBe(denied);
    const cancelled = new Error('cancelled');
    await expect(
      all(async () => answer('Healthy'), clockOf(), {}, AbortSignal.abort(cancelled)),
    ).rejects.toBe(cancelled);
  });
});
