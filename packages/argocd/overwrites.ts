import type { Change } from '@sluice/gitops/change';
import { evaluateChange, type PlaceState } from '@sluice/gitops/contains';
import { describePlace } from '@sluice/gitops/describe';
import type { CommitInfo, Repository } from '@sluice/gitops/repository';
import { isNewerSameKey, parseTrailers } from '@sluice/gitops/trailers';
import type { Overwrite } from './decide/types.ts';

/** A change that was overwritten a hundred commits ago is not news; so many files are read in a few seconds. */
const limit = 100;

/** What the places held before a commit, in its first parent, and after it. */
interface Step {
  readonly commit: CommitInfo;
  readonly before: readonly PlaceState[];
  readonly parent: readonly PlaceState[];
  readonly after: readonly PlaceState[];
}

/**
 * The commits that moved places of the change away from our values, oldest first: for each place that no longer holds its value
 * at `revision`, the last commit that took it away.
 */
export async function findOverwrites(
  repository: Repository,
  change: Change,
  revision: string,
): Promise<readonly Overwrite[]> {
  const paths = change.files.map(({ path }) => path);
  const commits = await repository.commitsBetween(change.commit, revision, paths, limit);
  const placesOf = (commit: string) => placesAt(repository, change, paths, commit);
  const steps: Step[] = [];
  let before = await placesOf(change.commit);
  for (const commit of commits) {
    const [parent] = commit.parents;
    const after = await placesOf(commit.sha);
    steps.push({ commit, before, parent: parent === undefined ? before : await placesOf(parent), after });
    before = after;
  }
  const lost = (await placesOf(revision)).flatMap(({ exact }, index) => (exact ? [] : [index]));
  const found = lost.flatMap((index) => {
    const took = (from: 'parent' | 'before') =>
      steps.findLast((step) => step[from][index]?.exact === true && step.after[index]?.exact === false);
    // By its parent, because a branch that began before our commit never held our value and took nothing away. Where such a branch
    // won a merge, no commit did: then the order in which they came tells.
    const step = took('parent') ?? took('before');
    const place = step?.after[index];
    return step === undefined || place === undefined ? [] : [overwrite(step.commit, place, change)];
  });
  return [...new Map(found.map((one) => [`${one.sha} ${one.path} ${one.place}`, one])).values()];
}

async function placesAt(
  repository: Repository,
  change: Change,
  paths: readonly string[],
  commit: string,
): Promise<readonly PlaceState[]> {
  const snapshot = await repository.snapshot(commit);
  return evaluateChange(change, await snapshot.read(paths)).places;
}

function overwrite(
  { sha, author, date, message }: CommitInfo,
  { path, place, wanted, found }: PlaceState,
  change: Change,
): Overwrite {
  return {
    sha,
    author,
    date,
    path,
    place: describePlace(place),
    from: String(wanted),
    to: found === undefined ? 'nothing' : String(found),
    newer: isNewerSameKey(change, parseTrailers(message)),
  };
}
