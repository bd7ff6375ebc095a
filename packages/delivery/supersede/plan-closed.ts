import { type Choice, kept, type Plan, planOf } from './plan.ts';
import { type Allowed, choiceByStatus, queued, unbegunOf } from './plan-branch.ts';
import { isLive, type SeenRun } from './runs.ts';
import type { Traced } from './traced-deployments.ts';

/** A pull request that was closed. */
export interface ClosedPull {
  readonly number: number;
  /** Undefined where its fork was deleted. */
  readonly repository: number | undefined;
  readonly branch: string;
  /** Whether another pull request of the branch is open. */
  readonly hasTwin: boolean;
  /** Milliseconds since the epoch; undefined where nobody said. */
  readonly closedAt: number | undefined;
}

export interface ClosedScope extends Allowed {
  readonly own: number;
  readonly pull: ClosedPull;
  readonly runs: readonly SeenRun[];
  readonly queue: ReadonlySet<string> | undefined;
  readonly traced: Traced;
}

/**
 * The runs of a pull request that was closed, of all workflows. What the closing itself has started tidies up after it: whatever began
 * in its second or later is kept.
 */
export function planClosed(scope: ClosedScope): Plan {
  const live = scope.runs.filter((run) => isLive(run) && isAbout(scope, run));
  const chosen = live.map((run) => ({
    ...{ run, choice: choose(scope, run), by: scope.own },
    deployments: unbegunOf(scope.traced, run),
  }));
  return { ...planOf(scope.own, chosen, undefined), supersededBy: undefined };
}

const isOfPull = ({ event }: SeenRun): boolean => event === 'pull_request' || event === 'pull_request_target';

function isAbout({ own, pull }: ClosedScope, run: SeenRun): boolean {
  if (run.id === own) return true;
  if (run.event === 'merge_group') return true;
  if (!isOfPull(run)) return false;
  return (
    run.pulls.includes(pull.number) || (run.branch === pull.branch && run.repository === pull.repository)
  );
}

function choose(scope: ClosedScope, run: SeenRun): Choice {
  const { own, pull } = scope;
  if (run.id === own) return kept('own');
  if (run.event === 'merge_group') return queued(scope, run);
  if (run.pulls.some((number) => number !== pull.number)) {
    return kept(run.pulls.includes(pull.number) ? 'ambiguous' : 'other-pull-request');
  }
  // A deleted fork leaves runs that nothing ties to it but the name of a branch.
  if (run.repository === undefined && run.pulls.length === 0) return kept('other-repository');
  if (run.pulls.length === 0 && pull.hasTwin) return kept('ambiguous');
  const isLate = run.id > own || (pull.closedAt !== undefined && run.createdAt >= pull.closedAt);
  return isLate ? kept('after-closing') : choiceByStatus(scope, run);
}
