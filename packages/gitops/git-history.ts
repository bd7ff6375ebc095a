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
  const log = await git.run([
    '--literal-pathspecs',
    ...['log', '--reverse', '-z', '--format=%H%x09%P%x09%cI%x09%an <%ae>%n%B', range.to, `^${range.from}`],
    ...['--', ...paths],
  ]);
  const shallow = await isShallow(git);
  return log
    .split('\0')
    .flatMap((record) => parseCommit(record, shallow))
    .slice(0, limit);
}

// Where a shallow clone ends, Git shows a commit without parents that seems to touch every path.
function parseCommit(record: string, shallow: boolean): readonly CommitInfo[] {
  const end = record.indexOf('\n');
  const [sha, parents, date, author] = record.slice(0, end < 0 ? record.length : end).split('\t');
  if (sha === undefined || date === undefined || author === undefined) return [];
  if (shallow && parents === '') return [];
  return [{ sha, author, date: Date.parse(date), message: record.slice(end + 1).trimEnd() }];
}

async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  // `rev-list -1 A ^B` is empty exactly when B reaches A; `merge-base --is-ancestor` says the same by its exit code only.
  const outside = await git.run(['rev-list', '-1', ancestor, `^${descendant}`]);
  return outside.trim() === '';
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.run(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
}
