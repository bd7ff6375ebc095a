import { lstatSync, rmSync } from 'node:fs';
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
  const added = await differing(git, 'A', checkout.head, commit);
  // Git replaces what is ignored without a word.
  const inTheWay = added.find((path) => !isFree(checkout.root, path));
  if (inTheWay !== undefined) return `${JSON.stringify(inTheWay)}, which is not in Git, would be overwritten`;
  return moveTree(git, follow, added);
}

/** The paths between two commits: those that are added (`A`), or the others (`a`). */
async function differing(git: Git, which: 'A' | 'a', from: string, to: string): Promise<readonly string[]> {
  const diff = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', `--diff-filter=${which}`, from, to];
  return (await git.run(diff)).split('\0').filter((path) => path !== '');
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
async function moveTree(
  git: Git,
  { checkout: { root, head: from }, branch, commit: to }: Follow,
  added: readonly string[],
): Promise<string | undefined> {
  // It fails where files were changed, and does what it is asked for all the same.
  await git.run(['update-index', '-q', '--refresh']).catch(() => undefined);
  const others = await differing(git, 'a', from, to);
  let isBegun = false;
  try {
    await git.run(['read-tree', '-m', '-u', '-n', from, to]);
    isBegun = true;
    await git.run(['read-tree', '-m', '-u', from, to]);
  } catch (error) {
    const said = `Git says: ${error instanceof SluiceError ? lastWords(error) : String(error)}`;
    if (!isBegun) return said;
    // A filter failed halfway. Of the files that differ none was changed, and none of the added was there.
    for (const path of added) rmSync(join(root, path), { force: true });
    const back = ['checkout-index', '-q', '-f', '-z', '--stdin'];
    const isBack = await git.run(back, { input: others.map((path) => `${path}\0`).join('') }).then(
      () => true,
      () => false,
    );
    return isBack ? said : `${said}; not all files could be put back, see \`git status\``;
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
