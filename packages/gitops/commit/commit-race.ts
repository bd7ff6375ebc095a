import type { Clock } from '@sluice/core/clock';

/** Runners cost money while they wait; fifty writers of one branch are through in a few minutes. */
export const BUDGET_MS = 10 * 60_000;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 20_000;

/** A try may be made on a head that was read so long ago. Short once a race was lost: others write at this moment. */
export const TRUSTED_MS = 1000;
const TRUSTED_IN_A_RACE_MS = 250;

/** How one writer behaves among others. */
export interface Race {
  /** Milliseconds since the head was read within which it need not be looked at again. */
  trustsHeadFor(): number;
  /** Somebody else moved the branch: how long to wait before the next try. */
  lost(): number;
  /** GitHub wants to be left alone for so long; undefined where that is more than is left. */
  limited(waitMs: number): number | undefined;
  isOver(): boolean;
  /** Requests that were sent. */
  readonly tries: { count: number };
}

/**
 * Pauses grow with each race that is lost, and are drawn from their whole length (full jitter), so that writers who met
 * do not meet again: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function startRace(clock: Clock, random: () => number = Math.random): Race {
  const deadline = clock.now() + BUDGET_MS;
  let losses = 0;
  const pause = () => random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** losses);
  return {
    tries: { count: 0 },
    trustsHeadFor: () => (losses === 0 ? TRUSTED_MS : TRUSTED_IN_A_RACE_MS),
    lost() {
      losses += 1;
      return pause();
    },
    limited(waitMs) {
      // Everybody who was turned away comes back at the same second: spread them as after a lost race.
      losses += 1;
      const wait = waitMs + pause();
      return clock.now() + wait < deadline ? wait : undefined;
    },
    isOver: () => clock.now() >= deadline,
  };
}
