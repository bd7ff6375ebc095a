import type { Clock } from '@sluice/core/clock';
import type { Log } from '@sluice/core/log';

/** How long the only application is waited for: one that is generated appears soon, and a name that is wrong never does. */
const forTheOnlyOne = 30_000;
const betweenLooks = 5000;

export interface Late {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The local time at which there is no use in waiting any more. */
  readonly until: number;
  /** How many applications there must be: more than one are waited for until then. */
  readonly expect: number;
  /** Somebody is to generate it, and may look at Git every few minutes only: the only one is waited for until then, too. */
  readonly isAnnounced?: boolean;
}

/**
 * Looks until there is nothing lacking, or the time is over; gives the last look. Applications that a commit itself creates appear when
 * Argo CD, or an ApplicationSet's generator, has seen it.
 * @param lacking a sentence about what is not there yet; undefined where nothing is.
 */
export async function untilThere<T>(
  look: () => Promise<T>,
  lacking: (found: T) => string | undefined,
  { clock, log, signal, until, expect, isAnnounced = false }: Late,
): Promise<T> {
  const end = Math.min(until, expect > 1 || isAnnounced ? until : clock.now() + forTheOnlyOne);
  let told = '';
  for (;;) {
    const found = await look();
    const sentence = lacking(found);
    if (sentence === undefined || clock.now() + betweenLooks > end) return found;
    if (sentence !== told) log.info(`waiting for applications to appear: ${sentence}`);
    told = sentence;
    await clock.sleep(betweenLooks, signal);
  }
}
