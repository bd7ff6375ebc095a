import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';

/** Each costs a request for each application, and a review may take days. */
const APART_MS = 60_000;

/** How something is while a pull request is open: what was broken before the merge counts, and not what was before the review. */
export interface LateBaseline<T> {
  /** Called before each look at the pull request; what it gives is called where that look has seen it open. */
  readonly beforeLook: () => Promise<() => void>;
  /** As it was before the last look that has seen it open. */
  readonly latest: () => T;
}

/**
 * Takes a baseline again and again, the last of which is surely from before the merge: it was taken before a look that still saw the pull
 * request open. One that cannot be taken is left out, and the one before it counts.
 */
export function lateBaseline<T>(
  first: T,
  take: () => Promise<T>,
  { clock, signal }: Pick<World, 'clock' | 'signal'>,
): LateBaseline<T> {
  let latest = first;
  let takenAt = clock.now();
  return {
    latest: () => latest,
    async beforeLook() {
      if (clock.now() - takenAt < APART_MS) return () => {};
      takenAt = clock.now();
      try {
        const taken = await take();
        return () => {
          latest = taken;
        };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SluiceError)) throw error;
        return () => {};
      }
    },
  };
}
