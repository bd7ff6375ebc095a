import { heldAt } from '@sluice/argocd/evidence/held';
import type { Change } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';

/** Commits to the files of a change since its plan that are looked at, newest first; so many are read in a few seconds. */
const MOST_COMMITS = 200;

/**
 * A commit of the branch that holds a change, for a plan does not know its own: the head where it does, else the last one that
 * did. Undefined where none does: it was never committed, or its pull request is open.
 */
export async function locate(repository: Repository, change: Change): Promise<string | undefined> {
  const head = await repository.resolve(`refs/heads/${change.branch}`);
  if (head === undefined) return undefined;
  if (await heldAt(repository, change, head)) return head;
  const paths = change.files.map(({ path }) => path);
  const since = await repository.commitsBetween(change.base, head, paths, Number.POSITIVE_INFINITY);
  for (const { sha } of since.toReversed().slice(0, MOST_COMMITS)) {
    if (await heldAt(repository, change, sha)) return sha;
  }
  return (await heldAt(repository, change, change.base)) ? change.base : undefined;
}
