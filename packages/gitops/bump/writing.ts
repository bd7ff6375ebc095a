import { SluiceError } from '@sluice/core/errors';
import type { Fact, World } from '@sluice/core/run';

/** What is said of writes while they are made, should the run end in between. */
export interface Writing {
  /** A request is about to be sent: until more is known, something may be there. */
  readonly asks: (sentence: string) => void;
  /** Nothing came of what was asked for last. */
  readonly denied: () => void;
  readonly did: (fact: Fact) => void;
}

/** Says it by `learn`. `changed` is empty while it is not known whether anything was written to `branch`. */
export function writingTo(branch: string, learn: World['learn']): Writing {
  let done: Fact | undefined;
  return {
    asks(sentence) {
      const before = done?.sentence === undefined ? '' : `${done.sentence} `;
      const outputs = done === undefined ? { changed: '', branch } : {};
      learn({ outputs, sentence: `${before}${sentence}` });
    },
    denied() {
      const outputs = done === undefined ? { changed: 'false', branch: '' } : {};
      learn({ outputs, sentence: done?.sentence ?? '' });
    },
    did(fact) {
      done = fact;
      learn(fact);
    },
  };
}

/** Sends a request that writes. A refusal is certain: nothing came of it. A lost answer is not. */
export async function asking<T>(
  writing: Writing | undefined,
  sentence: string,
  ask: () => Promise<T>,
): Promise<T> {
  writing?.asks(sentence);
  try {
    return await ask();
  } catch (error) {
    const isRefusal =
      error instanceof SluiceError &&
      (error.kind === 'permission' || error.code === 'github-refused' || error.code === 'push-refused');
    if (isRefusal) writing?.denied();
    throw error;
  }
}
