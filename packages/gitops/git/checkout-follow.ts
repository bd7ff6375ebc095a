import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import { createGit, type Git } from '@sluice/core/git';
import type { World } from '@sluice/core/run';
import type { Checkout } from './checkout.ts';
import { createClone } from './git-clone.ts';
import { readHead } from './git-head.ts';

export interface Follow {
  readonly checkout: Checkout;
  readonly branch: string;
  /** Our commit, which is on the branch of the remote repository. */
  readonly commit: string;
  readonly url: string;
  /** A folder that is removed later. */
  readonly dir: string;
  /** Reaches the remote repository from there. */
  readonly git: (dir: string) => Git;
}

const HANDED_OVER = 'refs/heads/handed-over';
const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no'] as const;

/**
 * Brings the checked-out tree forward to our commit where that loses nothing: its branch is an ancestor, and no file that
 * differs was changed. Undefined when it was; else why not, as a part of a sentence.
 *
 * The commits come by way of a bare clone: what goes to the network has a token, and the configuration of a workspace could
 * send it elsewhere. In the workspace itself objects, the index, the files and the branch change, and nothing else.
 */
export async function followCommit(
  follow: Follow,
  world: Pick<World, 'exec' | 'env' | 'clock'>,
): Promise<string | undefined> {
  const { checkout, branch, commit } = follow;
  const between = createClone({
    url: follow.url,
    dir: follow.dir,
    git: follow.git,
    lender: checkout.lender,
  });
  const isForward = await between(async (git) => {
    await git.run(['update-ref', 'refs/heads/base', checkout.head]);
    await git.run([...FETCH, '--no-filter', 'origin', `+${commit}:${HANDED_OVER}`]);
    return (await git.run(['rev-list', '-1', checkout.head, `^${commit}`])).trim() === '';
  });
  if (!isForward) return 'it has commits that the branch does not have';
  // Without the signal of a cancellation: the next commands take milliseconds, and belong together.
  const { exec, env, clock } = world;
  const git = createGit({ exec, env, clock, dir: checkout.root, url: follow.dir });
  const now = await readHead(checkout.root, git);
  if (now.branch !== branch || now.commit !== checkout.head) return 'its branch was moved meanwhile';
  await git.run([...FETCH, '--no-auto-maintenance', follow.dir, HANDED_OVER]);
  const inTheWay = await standingInTheWay(git, checkout, commit);
  if (inTheWay !== undefined) return `${JSON.stringify(inTheWay)}, which is not in Git, would be overwritten`;
  return moveTree(git, checkout.head, commit, branch);
}

/** The first path of those that the commit adds where something stands already: Git replaces what is ignored without a word. */
async function standingInTheWay(
  git: Git,
  { root, head }: Pick<Checkout, 'root' | 'head'>,
  commit: string,
): Promise<string | undefined> {
  const diff = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', '--diff-filter=A', head, commit];
  const added = (await git.run(diff)).split('\0').filter((path) => path !== '');
  return added.find((path) => !isFree(root, path));
}

function isFree(root: string, path: string): boolean {
  const parts = path.split('/');
  for (const [index] of parts.entries()) {
    const stat = lstatSync(join(root, ...parts.slice(0, index + 1)), { throwIfNoEntry: false });
    if (stat === undefined) return true;
    if (!stat.isDirectory()) return false;
  }
  return false;
}

/** Where files were changed, Git refuses before it touches any (git-read-tree(1), two tree merge). */
async function moveTree(git: Git, from: string, to: string, branch: string): Promise<string | undefined> {
  // It fails where files were changed, and does what it is asked for all the same.
  await git.run(['update-index', '-q', '--refresh']).catch(() => undefined);
  try {
    await git.run(['read-tree', '-m', '-u', from, to]);
  } catch (error) {
    return `Git says: ${error instanceof SluiceError ? lastWords(error) : String(error)}`;
  }
  try {
    const reason = `sluice: forward to ${to.slice(0, 7)}`;
    await git.run(['update-ref', '-m', reason, `refs/heads/${branch}`, to, from]);
    return undefined;
  } catch {
    await git.run(['read-tree', '-m', '-u', to, from]);
    return 'its branch was moved meanwhile';
  }
}

const lastWords = ({ message }: SluiceError): string => message.replace(/^.*?: (?:error|fatal): /, '');
