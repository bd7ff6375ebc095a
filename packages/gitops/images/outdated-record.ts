import type { Change } from '../change.ts';
import { isOfOlderRun, parseTrailers } from '../commit/trailers.ts';
import { evaluateChange } from '../contains.ts';
import type { CommitInfo, Repository } from '../git/repository.ts';
import type { Suspect } from './outdated-places.ts';

/** A commit of a newer run, which set a place to the value that stands there now. */
export interface Overtaken {
  readonly suspect: Suspect;
  readonly commit: CommitInfo;
  /** `acme/app/4711/1` */
  readonly run: string;
}

/** How far back the branch is looked at: a run that is so many commits late has been waited for by nobody. */
const COMMITS = 200;
/** Of those that touched a file. */
const LIMIT = 50;
/** Each takes two requests. */
const MOST_READ = 10;

/**
 * Whether a newer run of the same workflow's repository set one of the places, for the same project, environment and tenant: by the
 * trailers of the branch's commits, newest first, and by what the file held before and after each.
 */
export async function overtakenBy(
  repository: Pick<Repository, 'history' | 'snapshot'>,
  change: Change,
  suspects: readonly Suspect[],
): Promise<Overtaken | undefined> {
  if (change.run === undefined) return undefined;
  // The messages alone, first: nearly always there is no newer run, and no tree is brought to know it.
  const recent = await repository.history(change.base, [], COMMITS, COMMITS);
  if (!recent.some(({ message }) => isOvertaking(change, message))) return undefined;
  for (const [path, edits] of Map.groupBy(suspects, (suspect) => suspect.path)) {
    const commits = await repository.history(change.base, [path], LIMIT, COMMITS);
    const newer = commits.filter(({ message }) => isOvertaking(change, message)).slice(0, MOST_READ);
    for (const commit of newer) {
      const after = await fileAt(repository, commit.sha, path);
      const before = await fileAt(repository, commit.parents[0], path);
      const suspect = edits.find((one) => holds(one, after) && !holds(one, before));
      const { run } = parseTrailers(commit.message);
      if (suspect !== undefined && run !== undefined) return { suspect, commit, run };
    }
  }
  return undefined;
}

function isOvertaking(ours: Change, message: string): boolean {
  const theirs = parseTrailers(message);
  const isSame = (['project', 'environment', 'tenant'] as const).every((key) => ours[key] === theirs[key]);
  return isSame && isOfOlderRun(theirs, ours);
}

async function fileAt(
  repository: Pick<Repository, 'snapshot'>,
  commit: string | undefined,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  return commit === undefined ? new Map() : (await repository.snapshot(commit)).read([path]);
}

/** Whether a place holds what stands there now. */
function holds({ path, edit }: Suspect, files: ReadonlyMap<string, string>): boolean {
  return evaluateChange({ files: [{ path, edits: [{ ...edit, to: edit.from }] }] }, files).contained;
}
