import { type CommitChecks, protection } from './branch-protection.ts';

/** A commit that GitHub makes for the queue: the branch with these pull requests on it, in order. */
export interface Group {
  /** Names the commit: another base or another pull request before it makes another one. */
  readonly sha: string;
  readonly pulls: readonly number[];
}

/** A merge queue, each pull request tried with those before it. */
export interface Queue {
  /** What the branch holds, in the order in which it was merged. */
  readonly merged: readonly number[];
  /** Those that wait, the first in front. */
  readonly waiting: readonly number[];
  /** Those that were put out, because a required check of their group failed. */
  readonly removed: readonly number[];
}

export const emptyQueue: Queue = { merged: [], waiting: [], removed: [] };

/** GitHub lets a pull request into the queue when its own required checks have passed. */
export function enqueue(queue: Queue, pull: number, required: readonly string[], head: CommitChecks): Queue {
  const known = [...queue.merged, ...queue.waiting];
  if (known.includes(pull) || protection(required, head) !== 'passed') return queue;
  return {
    ...queue,
    waiting: [...queue.waiting, pull],
    removed: queue.removed.filter((one) => one !== pull),
  };
}

/** The groups for which checks are asked now (`merge_group: checks_requested`), the first in front. */
export function groups({ merged, waiting }: Queue): readonly Group[] {
  return waiting.map((_, at) => {
    const pulls = waiting.slice(0, at + 1);
    return { pulls, sha: `main+${[...merged, ...pulls].join('+')}` };
  });
}

/**
 * The queue once these checks are there: in front what has passed is merged, what has failed is put out, and those behind it are tried
 * again, without it, as other commits. What is pending holds up those behind it.
 */
export function settle(
  queue: Queue,
  required: readonly string[],
  checksOf: (group: Group) => CommitChecks,
): Queue {
  const [front, ...behind] = groups(queue);
  const [pull, ...rest] = queue.waiting;
  if (front === undefined || pull === undefined) return queue;
  const state = protection(required, checksOf(front));
  if (state === 'passed') {
    return settle({ ...queue, merged: [...queue.merged, pull], waiting: rest }, required, checksOf);
  }
  if (state === 'failed') {
    return settle({ ...queue, removed: [...queue.removed, pull], waiting: rest }, required, checksOf);
  }
  // One behind that has failed is put out at once: it cannot pass any more.
  const failed = behind.findIndex((group) => protection(required, checksOf(group)) === 'failed');
  const out = failed < 0 ? undefined : rest[failed];
  if (out === undefined) return queue;
  const waiting = queue.waiting.filter((one) => one !== out);
  return settle({ ...queue, waiting, removed: [...queue.removed, out] }, required, checksOf);
}
