import type { Clock } from '@sluice/core/clock';
import { expect, describe as group, it } from 'vitest';
import { createBudget } from './budget.ts';

/** A clock that goes only when somebody sleeps. */
function clockOf(): Clock {
  let now = 1_000_000;
  return {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
  };
}

const never = Number.POSITIVE_INFINITY;

group('the budget of requests', () => {
  it('gives each application the few that its verdict needs at once', async () => {
    const clock = clockOf();
    const budget = createBudget(clock);
    const begun = clock.now();
    for (let count = 0; count < 12; count++)
      for (const name of ['a', 'b', 'c']) await budget.spend(name, never);
    expect(clock.now()).toBe(begun);
    expect(budget.isSpent('new')).toBe(false);
  });

  it('gives all of them together one a second beyond that, however many ask', async () => {
    const clock = clockOf();
    const budget = createBudget(clock);
    const begun = clock.now();
    for (let count = 0; count < 12 + 100; count++) await budget.spend('a', never);
    const seconds = (clock.now() - begun) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(95);
    expect(seconds).toBeLessThanOrEqual(100);
    expect(budget.isSpent('a')).toBe(true);
    await clock.sleep(2000);
    expect(budget.isSpent('a')).toBe(false);
  });

  it('lets nobody wait past the end of the run: it says so, and takes no turn', async () => {
    const clock = clockOf();
    const budget = createBudget(clock);
    for (let count = 0; count < 12 + 5; count++) await budget.spend('a', never);
    await expect(budget.spend('a', clock.now() + 500)).rejects.toMatchObject({ kind: 'platform' });
    const before = clock.now();
    await budget.spend('a', never);
    expect(clock.now() - before).toBeLessThanOrEqual(1000);
  });
});
