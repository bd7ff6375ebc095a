import type { Verdict } from '@sluice/argocd/decide/types';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { Finding } from './outcome.ts';

const BETWEEN_LOOKS = 5000;

/** Looks again and again, beside something else that waits, whether another run has been there. */
export interface LookOut {
  /** Resolves with what was found; never where nothing is. */
  readonly found: Promise<Finding>;
  /** What was found, as a wait for an Application ends by it. */
  verdict(): Verdict | undefined;
  stop(): void;
}

export function lookOut(
  look: () => Promise<Finding | undefined>,
  { clock, signal }: Pick<World, 'clock' | 'signal'>,
): LookOut {
  const ended = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Finding>();
  let finding: Finding | undefined;
  const until = AbortSignal.any([signal, ended.signal]);
  const looking = async () => {
    while (!until.aborted) {
      await clock.sleep(BETWEEN_LOOKS, until);
      finding = await quietly(look);
      if (finding === undefined) continue;
      resolve(finding);
      return;
    }
  };
  // It ends by being stopped, or by the cancellation that ends the wait as well.
  looking().catch(() => {});
  return {
    found: promise,
    verdict: () =>
      finding && {
        ...{ type: 'verdict', verdict: 'unknown', reason: 'could-not-ask', sentence: finding.sentence },
        ...{ messages: [], missing: [], proof: [] },
      },
    stop: () => ended.abort(),
  };
}

/** Where nobody answers, the next look may learn it: the last one, before anything is said, has to. */
async function quietly<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof SluiceError) return undefined;
    throw error;
  }
}
