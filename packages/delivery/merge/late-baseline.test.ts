import { SluiceError } from '@sluice/core/errors';
import { describe, expect, it } from 'vitest';
import { lateBaseline } from './late-baseline.ts';

/** A baseline that is the time of its taking, in minutes; looks at these minutes, each of which sees the pull request open or not. */
async function looking(
  ...looks: readonly (readonly [minute: number, sees: 'open' | 'merged' | 'nothing'])[]
) {
  let minute = 0;
  const clock = { now: () => minute * 60_000, sleep: async () => {} };
  const { signal } = new AbortController();
  const take = async () => {
    if (minute === 13) throw new SluiceError('platform', 'argocd-unreachable', 'It is away.');
    return minute;
  };
  const baseline = lateBaseline(0, take, { clock, signal });
  for (const [at, sees] of looks) {
    minute = at;
    const stillOpen = await baseline.beforeLook();
    if (sees === 'open') stillOpen();
  }
  return baseline.latest();
}

describe('what was before a merge', () => {
  it('is what was before the last look that saw it open', async () => {
    expect(await looking([5, 'open'], [9, 'open'], [11, 'merged'])).toBe(9);
  });

  it('is never what was taken before a look that did not see it open', async () => {
    expect(await looking([5, 'open'], [9, 'nothing'], [11, 'merged'])).toBe(5);
    expect(await looking([5, 'merged'])).toBe(0);
  });

  it('is what was before the commit, where nothing was taken since', async () => {
    expect(await looking()).toBe(0);
    expect(await looking([0.5, 'open'], [0.9, 'merged'])).toBe(0);
  });

  it('is what was taken before, where Argo CD is away', async () => {
    expect(await looking([5, 'open'], [13, 'open'], [14, 'merged'])).toBe(5);
  });
});
