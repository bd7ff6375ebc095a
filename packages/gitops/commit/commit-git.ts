import { SluiceError } from '@sluice/core/errors';
import type { Clone } from '../git/git-clone.ts';
import type { Author } from './commit-author.ts';
import type { CommitAnswer, CommitRequest } from './committer.ts';
import { fastImport } from './fast-import.ts';
import { pushFailure } from './git-push-errors.ts';

/**
 * Makes a commit in a clone that has the head's trees, and pushes it. It is not signed. The lease makes the push a compare-and-swap; as the commit's
 * parent is what the branch must still stand at, the server always sees a fast-forward.
 */
export async function pushCommit(
  clone: Clone,
  author: Author,
  now: number,
  request: CommitRequest,
): Promise<CommitAnswer> {
  const { head, branch } = request;
  return clone(async (git) => {
    const commit = await fastImport(git, { ...request, author, date: now });
    const ref = `refs/heads/${branch}`;
    const lease = `--force-with-lease=${ref}:${head}`;
    const push = ['push', '--quiet', '--no-verify', '--no-signed', '--recurse-submodules=no', lease];
    try {
      await git.run([...push, 'origin', `${commit}:${ref}`], { once: true });
      return { type: 'committed', commit };
    } catch (error) {
      return answerOf(error);
    }
  });
}

function answerOf(error: unknown): CommitAnswer {
  if (!(error instanceof SluiceError)) throw error;
  const stderr = error.cause instanceof Error ? error.cause.message : '';
  const failure = pushFailure(stderr);
  if (failure instanceof SluiceError) throw failure;
  if (failure !== undefined) return failure;
  if (error.code === 'git-unreachable') return { type: 'unclear', cause: error };
  throw error;
}
