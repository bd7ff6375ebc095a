import { SluiceError } from '@sluice/core/errors';
import type { Git } from '@sluice/core/git';

// A fetch that leaves nothing behind but objects: no tags, no FETCH_HEAD, no submodules, no tracking refs.
const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no'] as const;

/**
 * Brings one commit with its trees; file contents come later, only those that are read (partial clone). A server without
 * filters sends the contents at once. One that hands out branch tips only (`uploadpack.allowReachableSHA1InWant` off
 * under the old protocol) is asked for all branches instead. The ref tells the server at the next fetch what is here: it sends
 * the trees that differ.
 */
export async function fetchCommit(git: Git, commit: string): Promise<void> {
  const last = `+${commit}:refs/sluice/last`;
  try {
    await git.run([...FETCH, '--depth=1', '--filter=blob:none', 'origin', last]);
  } catch (error) {
    if (!refusesObjects(error)) throw error;
    await git.run([...FETCH, 'origin', '+refs/heads/*:refs/remotes/origin/*']);
    await git.run(['cat-file', '-e', `${commit}^{commit}`]).catch(() => {
      throw new SluiceError('platform', 'commit-missing', `The repository has no commit ${commit}.`, {
        cause: error,
      });
    });
  }
}

/**
 * Brings file contents in one request: Git by itself would fetch each missing one alone. Negotiation is off because a
 * content has no history to talk about; objects that are there already cost no request.
 */
export async function fetchBlobs(git: Git, oids: readonly string[]): Promise<void> {
  if (oids.length === 0) return;
  const args = ['-c', 'fetch.negotiationAlgorithm=noop', ...FETCH, '--filter=blob:none', '--stdin', 'origin'];
  try {
    await git.run(args, { input: `${oids.join('\n')}\n` });
  } catch (error) {
    if (!refusesObjects(error)) throw error;
    await git.run([...FETCH, '--no-filter', '--refetch', 'origin', '+refs/heads/*:refs/remotes/origin/*']);
  }
}

/** Brings the history of the commits, `depth` commits deep, or all of it; without file contents, without trees where only ancestry is asked. */
export async function fetchHistory(
  git: Git,
  commits: readonly string[],
  depth: number | 'all',
  filter: 'blob:none' | 'tree:0',
): Promise<void> {
  // --unshallow is an error in a complete repository; the largest depth means the same and never is (git-fetch, 2147483647).
  const reach = depth === 'all' ? 2_147_483_647 : depth;
  await git.run([...FETCH, `--depth=${reach}`, `--filter=${filter}`, 'origin', ...commits]);
}

function refusesObjects(error: unknown): boolean {
  return error instanceof SluiceError && /unadvertised object/i.test(error.message);
}
