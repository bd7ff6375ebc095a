import type { Git } from '@sluice/core/git';
import { fetchHistory } from './git-fetch.ts';
import type { CommitInfo, Relation } from './repository.ts';

// Most questions are about commits a few pushes apart; each step costs one request, the last brings every commit.
const DEPTHS = [50, 1000, 'all'] as const;

/** How `commit` stands to `other`. Deepens the clone until it can tell; "not related" is said of a complete history only. */
export async function relation(git: Git, commit: string, other: string): Promise<Relation> {
  if (commit === other) return 'same';
  for (const depth of DEPTHS) {
    await fetchHistory(git, [commit, other], depth, 'tree:0');
    if (await isAncestor(git, commit, other)) return 'ancestor';
    if (await isAncestor(git, other, commit)) return 'descendant';
    if (!(await isShallow(git))) break;
  }
  return 'diverged';
}

/** Commits reachable from `to` and not from `from` that touched one of the paths, oldest first, at most `limit`. */
export async function commitsBetween(
  git: Git,
  range: { from: string; to: string },
  paths: readonly string[],
  limit: number,
): Promise<readonly CommitInfo[]> {
  for (const depth of DEPTHS) {
    await fetchHistory(git, [range.from, range.to], depth, 'blob:none');
    if ((await isAncestor(git, range.from, range.to)) || !(await isShallow(git))) break;
  }
  return (await log(git, ['--reverse', range.to, `^${range.from}`], paths)).slice(0, limit);
}

/**
 * The last commits up to `commit` that touched one of the paths, newest first, at most `limit`; of the last `within` where that is given.
 * Without paths: all of them, for which no tree is brought.
 */
export async function history(
  git: Git,
  commit: string,
  paths: readonly string[],
  limit: number,
  within?: number,
): Promise<readonly CommitInfo[]> {
  for (const depth of within === undefined ? DEPTHS : [within]) {
    await fetchHistory(git, [commit], depth, paths.length === 0 ? 'tree:0' : 'blob:none');
    const found = await log(git, [`--max-count=${limit}`, commit], paths);
    if (found.length > 0 || within !== undefined || !(await isShallow(git))) return found;
  }
  return [];
}

async function log(git: Git, args: readonly string[], paths: readonly string[]): Promise<CommitInfo[]> {
  const format = '--format=%H%x09%P%x09%cI%x09%an <%ae>%n%B';
  const text = await git.run(['--literal-pathspecs', 'log', '-z', format, ...args, '--', ...paths]);
  const shallow = await isShallow(git);
  return text.split('\0').flatMap((record) => parseCommit(record, shallow));
}

// Where a shallow clone ends, Git shows a commit without parents that seems to touch every path.
function parseCommit(record: string, shallow: boolean): readonly CommitInfo[] {
  const end = record.indexOf('\n');
  const [sha, parents = '', date, author] = record.slice(0, end < 0 ? record.length : end).split('\t');
  if (sha === undefined || date === undefined || author === undefined) return [];
  if (shallow && parents === '') return [];
  const message = record.slice(end + 1).trimEnd();
  return [{ sha, author, date: Date.parse(date), message, parents: parents.split(' ').filter(Boolean) }];
}

async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  // `rev-list -1 A ^B` is empty exactly when B reaches A; `merge-base --is-ancestor` says the same by its exit code only.
  const outside = await git.run(['rev-list', '-1', ancestor, `^${descendant}`]);
  return outside.trim() === '';
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.run(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
}
