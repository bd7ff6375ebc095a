import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';

/** What is written beside the environment: where that fails, it is said, and the verdict stands. */
export interface Notes {
  readonly all: readonly string[];
  /** Undefined where it failed. */
  attempt<T>(what: string, act: () => Promise<T>): Promise<T | undefined>;
}

/** The token of a fork's pull request may write neither comments nor Deployments. */
export function startNotes({ log, signal }: Pick<World, 'log' | 'signal'>): Notes {
  const all: string[] = [];
  return {
    all,
    async attempt(what, act) {
      try {
        return await act();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SluiceError)) throw error;
        const note = `${what}: ${error.message}`;
        if (!all.includes(note)) {
          all.push(note);
          log.info(note);
        }
        return undefined;
      }
    },
  };
}
