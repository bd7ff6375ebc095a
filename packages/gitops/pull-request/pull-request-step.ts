import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import type { CommitPorts } from '../commit/commit.ts';
import type { SeenPull } from './pull-request-api.ts';

/** A pull request of ours, and what is needed to add to it. */
export interface Addition {
  readonly ports: Omit<CommitPorts, 'committer'>;
  /** `owner/name`. */
  readonly repository: string;
  readonly pull: SeenPull;
}

/** Does one thing that a pull request can do without. A failure becomes a sentence that names the part; it ends nothing. */
export async function attempt(
  ports: Pick<CommitPorts, 'signal'>,
  part: string,
  act: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await act();
  } catch (error) {
    ports.signal?.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    return [`${part}: ${sentence(error)}`];
  }
}

/** What happened, and what to do. */
export function sentence({ message, hint }: SluiceError): string {
  const said = message.replace(/(?<![.!?])$/, '.');
  return hint === undefined ? said : `${said} ${hint}`;
}

/** GitHub's words where it refused a request; '' for another error. */
export function wordsOf(error: unknown): string {
  return githubFailure(error)?.message ?? '';
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
