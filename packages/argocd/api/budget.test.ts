import type { Clock } from '@sluice/core/clock';
import { expect, describe as group, it } from 'vitest';
import { createBudget, kindOf } from './budget.ts';

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
  it('gives each application the few that its verdict needs at once, of each kind', async () => {
    const clock = clockOf();
    const budget = createBudget(clock);
    const begun = clock.now();
    for (let count = 0; count < 4; count++)
      for (const kind of ['a', 'a /managed-resources', 'b']) await budget.spend(kind, never);
    expect(clock.now()).toBe(begun);
    expect(budget.isSpent('new')).toBe(false);
  });

  it('gives all of them together one a second beyond that, however many ask', async () => {
    const clock = clockOf();
    const budget = createBudget(clock);
    const begun = clock.now();
    for (let count = 0; count < 4 + 100; count++) await budget.spend('a', never);
    const seconds = (clock.now() - begun) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(95);
    expect(seconds).toBeLessThanOrEqual(100);
    expect(budget.isSpent('a')).toBe(true);
    await clock.sleep(2000);
    expect(budget.isSpent('a')).toBe(false);
  });

  it('counts what is read for as long as something is watched among those, but for the first', async () => {
    const budget = createBudget(clockOf());
    const read = kindOf({ name: 'web', namespace: 'argocd' }, 'read');
    for (let count = 0; count < 1 + 5; count++) await budget.spend(read, never);
    expect(budget.isSpent(read)).toBe(true);
    expect(budget.isSpent('argocd/web /managed-resources')).toBe(false);
  });

  it('lets nobody wait for long, or past the end of the run: it says so, and takes no turn', async () => {
    const clock = clockOf();
    const budget = createBudget(clock);
    for (let count = 0; count < 4 + 5; count++) await budget.spend('a', never);
    const held = { kind: 'platform', code: 'argocd-unavailable' };
    await expect(budget.spend('a', clock.now() + 500)).rejects.toMatchObject(held);
    const still: Clock = { ...clock, sleep: async () => {} };
    const others = createBudget(still);
    for (let count = 0; count < 4 + 5 + 10; count++) await others.spend('a', never);
    await expect(others.spend('a', never)).rejects.toMatchObject(held);
    const before = clock.now();
    await budget.spend('a', never);
    expect(clock.now() - before).toBeLessThanOrEqual(1000);
  });
});
