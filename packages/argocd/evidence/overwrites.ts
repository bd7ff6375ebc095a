import type { Change } from '@sluice/gitops/change';
import { isOfNewerSameKey } from '@sluice/gitops/commit/trailers';
import { evaluateChange, type PlaceState } from '@sluice/gitops/contains';
import { describePlace } from '@sluice/gitops/describe';
import type { CommitInfo, Repository } from '@sluice/gitops/git/repository';
import type { Overwrite } from '../decide/types.ts';

/** Of the newest commits; so many files are read in a few seconds. */
const limit = 100;

export interface Overwrites {
  /** Oldest first. */
  readonly by: readonly Overwrite[];
  /** Sentences about places that hold another value, for which no commit was found. */
  readonly unexplained: readonly string[];
}

type PlacesOf = (commit: string) => Promise<readonly PlaceState[]>;

/** A commit, and its first parent; in a history that is cut off, the commit before it. */
interface Step {
  readonly commit: CommitInfo;
  readonly before: string;
}

/** Whether a step is what became of a place of the change. */
type Explains = (was: PlaceState, after: PlaceState, now: PlaceState) => boolean;

/** It took our value away. */
const tookOurs: Explains = (was, after) => was.exact && !after.exact;
/** It set what stands there now, where our value had never been. */
const setThis: Explains = (was, after, now) => after.found === now.found && was.found !== after.found;

/**
 * For each place of the change that no longer holds its value at `revision`: the last commit that took it away, of the newest
 * hundred since the change that touched its files. A branch that began before our commit, or a squash without our value, never held
 * it: then the last one that set what stands there. A commit that left the place alone explains nothing.
 */
export async function findOverwrites(
  repository: Repository,
  change: Change,
  revision: string,
): Promise<Overwrites> {
  const paths = change.files.map(({ path }) => path);
  const placesOf = remembered((commit) => placesAt(repository, change, paths, commit));
  const commits = await repository.commitsBetween(change.commit, revision, paths, Number.POSITIVE_INFINITY);
  const steps = commits.map((commit, index) => ({
    commit,
    before: commit.parents[0] ?? commits[index - 1]?.sha ?? change.commit,
  }));
  const newest = steps.slice(-limit).reverse();
  const places = await placesOf(revision);
  const lost = places.flatMap(({ exact }, index) => (exact ? [] : [index]));
  const found = new Map<number, CommitInfo>();
  for (const explains of [tookOurs, setThis]) {
    const rest = lost.filter((index) => !found.has(index));
    const last = await lastOf(rest, newest, placesOf, (index, was, after) => {
      const now = places[index];
      return now !== undefined && explains(was, after, now);
    });
    for (const [index, commit] of last) found.set(index, commit);
  }

  const age = new Map(commits.map(({ sha }, index) => [sha, index]));
  const by: Overwrite[] = [];
  const unexplained: string[] = [];
  for (const index of lost) {
    const commit = found.get(index);
    const place = commit && (await placesOf(commit.sha))[index];
    const now = places[index];
    if (commit !== undefined && place !== undefined) by.push(overwrite(commit, place, change));
    else if (now !== undefined) unexplained.push(describeLost(now));
  }
  const distinct = new Map(by.map((one) => [`${one.sha} ${one.path} ${one.place}`, one]));
  return {
    by: [...distinct.values()].sort((a, b) => (age.get(a.sha) ?? 0) - (age.get(b.sha) ?? 0)),
    unexplained,
  };
}

/** By index of the place: the first of the steps that explains it. */
async function lastOf(
  lost: readonly number[],
  steps: readonly Step[],
  placesOf: PlacesOf,
  explains: (index: number, was: PlaceState, after: PlaceState) => boolean,
): Promise<Map<number, CommitInfo>> {
  const found = new Map<number, CommitInfo>();
  for (const { commit, before } of steps) {
    if (found.size === lost.length) break;
    const [after, was] = [await placesOf(commit.sha), await placesOf(before)];
    for (const index of lost) {
      const [one, other] = [was[index], after[index]];
      if (!found.has(index) && one !== undefined && other !== undefined && explains(index, one, other))
        found.set(index, commit);
    }
  }
  return found;
}

function remembered(read: PlacesOf): PlacesOf {
  const known = new Map<string, ReturnType<PlacesOf>>();
  return (commit) => {
    const places = known.get(commit) ?? read(commit);
    known.set(commit, places);
    return places;
  };
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

const shown = (found: PlaceState['found']): string => (found === undefined ? 'nothing' : String(found));

const describeLost = ({ path, place, wanted, found }: PlaceState): string =>
  `${path}, ${describePlace(place)}, holds ${shown(found)}, not ${wanted}; no commit was found that set it`;

function overwrite(
  { sha, author, message }: CommitInfo,
  { path, place, wanted, found }: PlaceState,
  change: Change,
): Overwrite {
  return {
    sha,
    author,
    path,
    place: describePlace(place),
    from: String(wanted),
    to: shown(found),
    newer: isOfNewerSameKey(change, message),
  };
}
