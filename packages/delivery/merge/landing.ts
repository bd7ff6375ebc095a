import { heldAt } from '@sluice/argocd/evidence/held';
import { findOverwrites } from '@sluice/argocd/evidence/overwrites';
import type { Change } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';

/** What became of a change whose pull request is over. */
export type Landing =
  /** `commit`: holds the change, and is on the branch. */
  | { readonly type: 'landed'; readonly commit: string }
  /** A newer deployment of the same project, environment and tenant took its place in the pull request. */
  | { readonly type: 'superseded'; readonly by: string }
  | { readonly type: 'lost'; readonly why: string };

/**
 * Whether a change is on its branch: the content decides, for a squash or a rebase leaves nothing of our commit, and reviewers may
 * have changed what was merged.
 *
 * @param commit what brought the pull request in; absent where it was closed: somebody may have brought the change in another way.
 */
export async function landingOf(
  repository: Repository,
  change: Change,
  commit: string | undefined,
): Promise<Landing> {
  if (commit !== undefined && (await heldAt(repository, change, commit))) return { type: 'landed', commit };
  const head = await repository.resolve(`refs/heads/${change.branch}`);
  if (head !== undefined && (await heldAt(repository, change, head))) return { type: 'landed', commit: head };
  return lossAt(repository, change, commit);
}

/** What became of a change that a commit does not hold: something newer took its place, or something else, or nobody knows. */
export async function lossAt(
  repository: Repository,
  change: Change,
  commit: string | undefined,
): Promise<Exclude<Landing, { type: 'landed' }>> {
  if (commit === undefined) return { type: 'lost', why: `${change.branch} does not hold the change` };
  const short = commit.slice(0, 7);
  const { by, unexplained } = await findOverwrites(repository, change, commit);
  const other = by.find(({ newer }) => !newer);
  if (other !== undefined) {
    const { sha, author, path, place, from, to } = other;
    const why = `${sha.slice(0, 7)} by ${author} set ${path}, ${place}, from ${from} to ${to}`;
    return { type: 'lost', why };
  }
  // A place that nobody is known to have set may have been set by anybody.
  const [place] = unexplained;
  if (place !== undefined) return { type: 'lost', why: `${short} does not hold the change: ${place}` };
  const newest = by.at(-1);
  return newest === undefined
    ? { type: 'lost', why: `${short} does not hold the change` }
    : { type: 'superseded', by: newest.sha };
}

/** Whether a newer deployment of the same key has replaced the change on the branch of its open pull request; which commit did. */
export async function supersededAt(
  repository: Repository,
  change: Change,
  head: string,
): Promise<string | undefined> {
  if (head === change.commit || (await heldAt(repository, change, head))) return undefined;
  const loss = await lossAt(repository, change, head);
  return loss.type === 'superseded' ? loss.by : undefined;
}
