import type { DeploymentKey } from '../deployment.ts';
import { isNamed, newestDeployment } from './key.ts';
import { type Choice, type Chosen, cancelled, kept, type Plan, planOf } from './plan.ts';
import { isBeforeStart, isLive, type SeenRun } from './runs.ts';
import { type Standing, standingOf } from './standing.ts';
import { type Superseder, supersederOf, supersedersOf } from './superseders.ts';
import type { TracedDeployment } from './traced-deployments.ts';

export interface DeploymentScope {
  /** The run that this action is a step of; whoever calls it for a key deploys that key. */
  readonly own: number;
  readonly key: DeploymentKey;
  readonly runs: readonly SeenRun[];
  /** Of every key. */
  readonly deployments: readonly TracedDeployment[];
  /** All Deployments that were made after this are among them, milliseconds since the epoch. */
  readonly since: number;
  /** Members of the concurrency group of the key. */
  readonly group: ReadonlySet<number>;
  readonly when: 'queued' | 'succeeded';
  readonly cancelWaiting: boolean;
}

interface Member {
  readonly run: SeenRun;
  /** The newest of its Deployments of the key. */
  readonly deployment: TracedDeployment | undefined;
  readonly standing: Standing | undefined;
}

/**
 * Which runs a newer deployment of the same project, environment and tenant has made pointless. Only what has not begun to change anything,
 * never one that deploys a part, and of two runs only ever the older.
 *
 * A run is newer by its id, and counts as newer while it can still deploy, or (`when: succeeded`) as it has succeeded: one that failed, or was
 * cancelled, makes nothing pointless. A name makes a run one that may give way, and never one that others give way to.
 */
export function planDeployments(scope: DeploymentScope): Plan {
  const { own, key } = scope;
  const live = scope.runs.filter(isLive).toSorted((a, b) => a.id - b.id);
  const members = live.flatMap((run) => memberOf(scope, run) ?? []);
  const isPartial = members.find(({ run }) => run.id === own)?.deployment?.partial === true;
  const superseders = bySupersedersOf(scope);
  let able = superseders(key);
  const newest = able[0]?.run ?? 0;
  // Octopus' rule for what is queued: back from the newest, as far as the first that deploys a part only.
  const stop = members.findLast(
    (one) => one.deployment?.partial === true && one.run.id < newest && isInQueue(one),
  )?.run.id;
  const chosen: Chosen[] = [];
  for (const member of members.toReversed()) {
    const { run, deployment } = member;
    const by = supersederOf(able, run.id, deployment?.told)?.run;
    const choice = isPartial
      ? kept(run.id === own ? 'partial' : 'own-partial')
      : choose(scope, member, { newest, by, superseders });
    const behind = stop !== undefined && run.id < stop && isInQueue(member) && choice.type === 'cancel';
    const deployments = deploymentsOf(scope, run.id, [...UNSETTLED, 'superseded']);
    chosen.push({ run, choice: behind ? kept('behind-partial') : choice, deployments, by });
    // What gives way itself makes nothing else pointless.
    if (choice.type === 'cancel' && !behind) able = able.filter((one) => one.run !== run.id);
  }
  return planOf(own, chosen, isPartial ? undefined : newest);
}

function memberOf({ own, key, deployments, group }: DeploymentScope, run: SeenRun): Member | undefined {
  const deployment = newestDeployment(deployments, run.id, key);
  if (deployment === undefined && run.id !== own && !group.has(run.id) && !isNamed(run, key))
    return undefined;
  return { run, deployment, standing: deployment && standingOf(deployment.statuses) };
}

/** Whether our own Deployment says something else than the caller of `when: succeeded`. Where there is none, the caller is believed: a step runs as those before it have succeeded. */
export function hasNotSucceeded({ own, key, deployments, when }: DeploymentScope): boolean {
  const made = newestDeployment(deployments, own, key);
  return when === 'succeeded' && made !== undefined && standingOf(made.statuses) !== 'succeeded';
}

const isInQueue = ({ run, standing }: Member): boolean =>
  run.status !== 'waiting' && (standing === undefined || standing === 'queued' || standing === 'superseded');

const UNSETTLED = ['queued', 'begun', 'merge'] as const;

const deploymentsOf = (
  { deployments }: DeploymentScope,
  run: number,
  standings: readonly Standing[],
): readonly TracedDeployment[] =>
  deployments.filter((one) => one.run === run && standings.includes(standingOf(one.statuses)));

interface Newer {
  readonly newest: number;
  /** The newest that makes the run pointless; undefined where none does. */
  readonly by: number | undefined;
  /** Of a key, which a run may deploy to as well. */
  readonly superseders: (key: DeploymentKey) => readonly Superseder[];
}

/** Each list is made once: a repository may have thousands of Deployments, and hundreds of runs. */
function bySupersedersOf(scope: DeploymentScope): Newer['superseders'] {
  const known = new Map<string, readonly Superseder[]>();
  return (key) => {
    const name = JSON.stringify([key.project, key.environment, key.tenant]);
    const found = known.get(name) ?? supersedersOf(scope, key);
    known.set(name, found);
    return found;
  };
}

function choose(scope: DeploymentScope, member: Member, { newest, by, superseders }: Newer): Choice {
  const { run, deployment, standing } = member;
  if (run.id === newest) return kept('newest');
  if (run.id === scope.own && run.id > newest) return kept('own');
  if (newest === 0) return kept(scope.when === 'succeeded' ? 'none-succeeded' : 'none-newer');
  if (run.id > newest) return kept('newer');
  if (deployment?.partial === true) return kept('partial');
  // What it may have deployed is older than what is read.
  if (run.createdAt <= scope.since) return kept('may-have-begun');
  const choice = choiceBy(scope, run, standing, deployment?.several === true);
  if (choice.type === 'keep') return choice;
  if (by === undefined) return kept('sets-other');
  return deploysElsewhere(scope, member, superseders) ? kept('deploys-elsewhere') : choice;
}

function choiceBy(
  { when, cancelWaiting }: DeploymentScope,
  run: SeenRun,
  standing: Standing | undefined,
  several: boolean,
): Choice {
  const waits = cancelWaiting || when === 'succeeded';
  switch (standing) {
    case 'begun':
      return kept('begun');
    case 'succeeded':
    case 'ended':
      return kept('ended');
    case 'merge':
      if (several) return kept('several-repositories');
      return waits ? cancelled('awaited-merge') : kept('awaits-merge');
    default: {
      if (run.status === 'waiting') return waits ? cancelled('awaited-approval') : kept('awaits-approval');
      const choice = choiceUnbegun(run, standing);
      return choice.type === 'cancel' && when === 'succeeded' ? kept('not-paused') : choice;
    }
  }
}

/** Of a run that waits for nobody, and whose Deployment, if there is one, says that nothing was changed. */
function choiceUnbegun(run: SeenRun, standing: Standing | undefined): Choice {
  if (isBeforeStart(run)) return cancelled('not-started');
  if (run.status !== 'in_progress') return kept('unknown-status');
  return standing === undefined ? kept('may-have-begun') : cancelled('not-begun');
}

/** A run may deploy to several environments and tenants: it ends only where something newer makes each of them pointless. */
function deploysElsewhere(
  scope: DeploymentScope,
  { run, deployment }: Member,
  superseders: Newer['superseders'],
): boolean {
  return deploymentsOf(scope, run.id, UNSETTLED).some((other) => {
    if (other.id === deployment?.id) return false;
    if (other.partial || standingOf(other.statuses) !== 'queued') return true;
    return supersederOf(superseders(other.key), run.id, other.told) === undefined;
  });
}
