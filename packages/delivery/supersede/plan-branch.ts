import { type Choice, cancelled, kept, type Plan, planOf } from './plan.ts';
import type { KeepReason } from './reasons.ts';
import { isBeforeStart, isLive, type SeenRun } from './runs.ts';
import { standingOf } from './standing.ts';
import type { Traced, TracedDeployment } from './traced-deployments.ts';

/** What may be cancelled beside what has not started. */
export interface Allowed {
  readonly cancelWaiting: boolean;
  readonly cancelStarted: boolean;
}

export interface BranchScope extends Allowed {
  readonly own: SeenRun;
  readonly runs: readonly SeenRun[];
  /** Whether a branch and a tag have the name of our branch or tag, or a fork's branch several pull requests: no run says of which it is. */
  readonly isAmbiguous: boolean;
  /** The branches of the merge queue that are there; undefined where they could not be read. */
  readonly queue: ReadonlySet<string> | undefined;
  readonly traced: Traced;
}

const PULL_REQUEST = new Set(['pull_request', 'pull_request_target']);
/** Events of a branch. Others, such as comments, come from anywhere and all name the default branch. */
const OF_BRANCH = new Set(['push', 'schedule', 'workflow_dispatch', ...PULL_REQUEST]);

/**
 * Which runs of our workflow a newer one of the same kind of event and the same branch or pull request has made pointless.
 * The workflow is its id (names are shared), the branch is one of a repository: forks have branches of the same name.
 */
export function planBranch(scope: BranchScope): Plan {
  const { own } = scope;
  const live = scope.runs.filter((run) => isLive(run) && run.workflow === own.workflow && run.id !== own.id);
  const all = [...live, own];
  const ours = all.filter((run) => run.id === own.id || differs(scope, run) === undefined);
  const newest = Math.max(...ours.map(({ id }) => id));
  const chosen = all.map((run) => ({
    ...{ run, choice: choose(scope, run, ours) },
    deployments: unbegunOf(scope.traced, run),
  }));
  return planOf(own.id, chosen, newest);
}

function choose(scope: BranchScope, run: SeenRun, ours: readonly SeenRun[]): Choice {
  const { own } = scope;
  const difference = run.id === own.id ? undefined : differs(scope, run);
  if (run.event === 'merge_group') return run.id === own.id ? kept('own') : queued(scope, run);
  if (difference !== undefined) return kept(difference);
  const newer = ours.filter(({ id }) => id > run.id);
  if (newer.length === 0) return kept('newest');
  if (!newer.some((one) => isAnother(one, run))) return kept('same-commit');
  return choiceByStatus(scope, run);
}

/** `pull_request` and `pull_request_target` of one push start two runs that do different things. */
const isAnother = (newer: SeenRun, run: SeenRun): boolean =>
  newer.event === run.event || newer.sha !== run.sha;

/** Whether what is pointless may be cancelled in the state that it is in. Between two of its jobs also a run that deploys is queued, or waits. */
export function choiceByStatus(scope: ChoiceScope, run: SeenRun): Choice {
  const choice = choiceBefore(scope, run);
  return choice.type === 'cancel' && mayHaveBegun(scope.traced, run) ? kept('begun') : choice;
}
type ChoiceScope = Allowed & Pick<BranchScope, 'traced'>;

function choiceBefore({ cancelWaiting, cancelStarted }: Allowed, run: SeenRun): Choice {
  if (isBeforeStart(run)) return cancelled('not-started');
  if (run.status === 'waiting')
    return cancelWaiting ? cancelled('awaited-approval') : kept('awaits-approval');
  if (run.status !== 'in_progress') return kept('unknown-status');
  return cancelStarted ? cancelled('started') : kept('running');
}

const mayHaveBegun = ({ deployments, since }: Traced, run: SeenRun): boolean =>
  run.createdAt <= since ||
  deployments.some((one) => one.run === run.id && ['begun', 'merge'].includes(standingOf(one.statuses)));

/** The Deployments of a run that are told before it is cancelled, so that none of them begins meanwhile. */
export const unbegunOf = ({ deployments }: Traced, run: SeenRun): readonly TracedDeployment[] =>
  deployments.filter(
    (one) => one.run === run.id && ['queued', 'superseded'].includes(standingOf(one.statuses)),
  );

/** Merge queues make a branch for each entry, and delete it when the entry is merged, or no longer valid. */
export function queued(scope: ChoiceScope & Pick<BranchScope, 'queue'>, run: SeenRun): Choice {
  if (scope.queue === undefined || !run.branch.startsWith(QUEUE_BRANCHES)) return kept('ambiguous');
  if (scope.queue.has(run.branch)) return kept('in-queue');
  const choice = choiceByStatus(scope, run);
  return choice.type === 'cancel' ? cancelled('left-queue') : choice;
}
export const QUEUE_BRANCHES = 'gh-readonly-queue/';

/** Why a run is not of our key; undefined: it is. */
function differs({ own, isAmbiguous }: BranchScope, run: SeenRun): KeepReason | undefined {
  if (familyOf(own) !== familyOf(run)) return 'other-event';
  if (!OF_BRANCH.has(own.event)) return 'event-not-compared';
  if (own.repository === undefined || own.repository !== run.repository) return 'other-repository';
  if (own.branch === '' || own.branch !== run.branch) return 'other-branch';
  if (PULL_REQUEST.has(own.event)) return differsInPull(own, run, isAmbiguous);
  return isAmbiguous ? 'ambiguous' : undefined;
}

/** A run names every open pull request of its branch, not the one that it is of: one name is certain, two tell nothing. */
function differsInPull(own: SeenRun, run: SeenRun, isAmbiguous: boolean): KeepReason | undefined {
  if (isAmbiguous && run.pulls.length === 0) return 'ambiguous';
  if (own.pulls.length > 1 || run.pulls.length > 1) return 'ambiguous';
  const [mine, other] = [own.pulls[0], run.pulls[0]];
  return mine !== undefined && other !== undefined && mine !== other ? 'other-pull-request' : undefined;
}

const familyOf = ({ event }: SeenRun): string => (PULL_REQUEST.has(event) ? 'pull_request' : event);
