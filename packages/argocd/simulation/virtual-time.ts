import { setImmediate as untilAllSleep } from 'node:timers/promises';
import type { Clock } from '@sluice/core/clock';
import type { Timeline } from './world/timeline.ts';

/** A clock by which a history passes: whoever sleeps is woken when it has come so far. `offset` in ms, against the true time. */
export function clockOf(timeline: Timeline, offset: number): Clock {
  return {
    now: () => timeline.now() + offset,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      timeline.after(ms, resolve);
      await promise.finally(() => signal?.removeEventListener('abort', onAbort));
    },
  };
}

/** Lets time pass whenever all that runs sleeps, until this is settled. `passed` hears of each moment in which something happened. */
export async function play<T>(timeline: Timeline, running: Promise<T>, passed: () => void): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  running.then(over, over);
  for (;;) {
    await untilAllSleep();
    if (isOver) return running;
    const next = timeline.next();
    if (next === undefined) throw new Error('All sleep, and nothing will wake them.');
    timeline.advanceTo(next);
    passed();
  }
}
