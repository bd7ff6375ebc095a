import type { Change } from '@sluice/gitops/change';
import { evaluateChange, type PlaceState } from '@sluice/gitops/contains';
import { describePlace } from '@sluice/gitops/describe';
import type { CommitInfo, Repository } from '@sluice/gitops/repository';
import { isNewerSameKey, parseTrailers } from '@sluice/gitops/trailers';
import type { Overwrite } from './decide/types.ts';

/** A change that was overwritten a hundred commits ago is not news; so many files are read in a few seconds. */
const limit = 100;

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
  const culprits = new Map<string, Overwrite>();
  let before = await placesAt(repository, change, paths, change.commit);
  for (const commit of commits) {
    const after = await placesAt(repository, change, paths, commit.sha);
    after.forEach((place, index) => {
      const key = `${place.path} ${describePlace(place.place)}`;
      if (place.exact) culprits.delete(key);
      else if (before[index]?.exact === true) culprits.set(key, overwrite(commit, place, change));
    });
    before = after;
  }
  return [
    ...new Map([...culprits.values()].map((one) => [`${one.sha} ${one.path} ${one.place}`, one])).values(),
  ];
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
