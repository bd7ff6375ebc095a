import { setTimeout as delay } from 'node:timers/promises';
import { expect, describe as group, it } from 'vitest';
import { createLane } from './lane.ts';

group('the one connection', () => {
  it('is used by one request after the other, in the order of asking, whatever becomes of each', async () => {
    const lane = createLane();
    const log: string[] = [];
    const task =
      (name: string, fails = false) =>
      async () => {
        log.push(`begin ${name}`);
        await delay(5);
        log.push(`end ${name}`);
        if (fails) throw new Error(name);
        return name;
      };
    const all = await Promise.allSettled([
      lane.run(task('a')),
      lane.run(task('b', true)),
      lane.run(task('c')),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c']);
  });

  const blocked = (signal: AbortSignal) =>
    new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  it('is left by one that yields when another waits, be it asked for before or after its time', async () => {
    const lane = createLane();
    const first = lane.run(blocked, 20);
    const second = lane.run(blocked, 20);
    await expect(first).rejects.toMatchObject({ name: 'TimeoutError' });
    await delay(60);
    const third = lane.run(async () => 'through');
    await expect(second).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await third).toBe('through');
  });

  it('is kept as long as it takes where nobody waits, and where one does not yield', async () => {
    const lane = createLane();
    expect(await lane.run(async () => delay(40, 'alone'), 10)).toBe('alone');
    const [first, second] = [
      lane.run(async (signal) => delay(40, signal.aborted ? 'cut' : 'first')),
      lane.run(async () => 'second'),
    ];
    expect([await first, await second]).toEqual(['first', 'second']);
  });
});
