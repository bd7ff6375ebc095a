import { describe, expect, it } from 'vitest';
import { race } from '../bench/race.ts';

const processes = 6;

describe('several processes at once on one branch, with the rate limits on', { timeout: 180_000 }, () => {
  it.each(['api', 'git'] as const)('each another image: all land, nothing is lost (%s)', async (method) => {
    const { racers, broken } = await race({ processes, method, wish: 'own-image' });
    expect(broken).toEqual([]);
    expect(racers.map(({ verdict }) => verdict)).toEqual(racers.map(() => 'updated'));
  });

  it('one image, each another tag: one value at the end, and each says what became of its own', async () => {
    const { broken } = await race({ processes, method: 'api', wish: 'own-tag' });
    expect(broken).toEqual([]);
  });

  it('one image, all the same tag: one commits, the others find it there', async () => {
    const { racers, broken } = await race({ processes, method: 'git', wish: 'same-tag' });
    expect(broken).toEqual([]);
    const verdicts = racers.map(({ verdict }) => verdict).sort();
    expect(verdicts).toEqual([...Array.from({ length: processes - 1 }, () => 'unchanged'), 'updated']);
  });
});
