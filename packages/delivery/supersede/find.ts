import { SluiceError } from '@sluice/core/errors';
import type { DeploymentKey } from '../deployment.ts';
import type { Home } from './home.ts';
import type { SupersedeInputs } from './inputs.ts';
import { isNamed, keyName, sameKey } from './key.ts';
import { listRuns } from './list-runs.ts';
import { type Plan, planOf } from './plan.ts';
import { hasNotSucceeded, planDeployments } from './plan-deployments.ts';
import { isLive, runningRun, type SeenRun } from './runs.ts';
import type { TracedDeployment } from './traced-deployments.ts';

/** What there is to cancel, and how it was found. */
export interface Found {
  readonly plan: Plan;
  readonly about: 'deployment' | 'branch' | 'pull-request';
  /** Whose deployments they are. */
  readonly key?: DeploymentKey;
  /** Reads the Deployments once more, after they were told. */
  readonly readAgain?: () => Promise<readonly TracedDeployment[]>;
  /** How many lists were read, without the further pages. */
  readonly reads: number;
  /** Why nothing is cancelled, where that is not simply that nothing is pointless. */
  readonly because?: 'own-is-partial' | 'not-succeeded' | 'pull-request-open';
}

/** Whether a pull request is to be closed before its run is cancelled. */
export const closesPulls = (inputs: SupersedeInputs, { cancel }: Plan): boolean =>
  inputs['close-pull-requests'] && cancel.some(({ why }) => why === 'awaited-merge');

/** Looks at the runs, and decides which of them are pointless. */
export async function find(inputs: SupersedeInputs, home: Home, own: number): Promise<Found> {
  if (inputs.when === 'closed') return (await import('./find-branch.ts')).findClosed(inputs, home, own);
  if (inputs.scope === 'branch') return (await import('./find-branch.ts')).findBranch(inputs, home, own);
  const { project, environment, tenant, when } = inputs;
  const key = { project, environment, ...(tenant !== '' && { tenant }) };
  const listed = await listRuns(home);
  // A list may be older than this run, which is there all the same.
  const runs = [...listed.values(), ...(listed.has(own) ? [] : [runningRun(own)])];
  const others = runs.filter((run) => isLive(run) && run.id !== own);
  const about = 'deployment';
  if (others.length === 0) return { plan: planOf(own, [], undefined), about, key, reads: 1 };
  const { traceDeployments } = await import('./traced-deployments.ts');
  const read = async () => {
    const traced = await traceDeployments(home, Math.min(...others.map(({ createdAt }) => createdAt)));
    if (others.some(({ createdAt }) => createdAt <= traced.since))
      home.world.log.warning('There are more Deployments than are read: what is older than these is kept.');
    return traced;
  };
  const { deployments: found, since } = await read();
  const unlisted = await ownUnlisted(inputs, home, found);
  const deployments = [...found, ...unlisted];
  const ours = deployments.filter((one) => one.run === own);
  if (ours.length > 0 && !ours.some((one) => sameKey(one.key, key))) throw wrongKey(key, ours);
  const isUnknown = (run: SeenRun) =>
    run.status !== 'in_progress' && !isNamed(run, key) && deployments.every((one) => one.run !== run.id);
  const scope = { own, key, runs, deployments, since, when, cancelWaiting: inputs['cancel-waiting'] };
  const known = planDeployments({ ...scope, group: new Set() });
  // One read is for the one or for the other. Who is only known by the group gives way by itself as soon as it has a Deployment.
  const mayBeInGroup = others.some((run) => run.id < own && isUnknown(run));
  const asksGroup = mayBeInGroup && !closesPulls(inputs, known) && unlisted.length === 0;
  const group = asksGroup ? keyName(key) : undefined;
  const plan =
    group === undefined
      ? known
      : planDeployments({
          ...scope,
          group: await (await import('./read-group.ts')).readGroup(home, group),
        });
  const isPartial = plan.keep.some(({ run, why }) => run === own && why === 'partial');
  return {
    ...{
      plan,
      about,
      key,
      readAgain: async () => (await read()).deployments,
      reads: group === undefined && unlisted.length === 0 ? 2 : 3,
    },
    ...(hasNotSucceeded({ ...scope, group: new Set() }) && { because: 'not-succeeded' }),
    ...(isPartial && { because: 'own-is-partial' }),
  };
}

/** Our own Deployment, where it was made so shortly before that the list does not hold it yet: without it nobody knows what this run sets. */
async function ownUnlisted(
  inputs: SupersedeInputs,
  home: Home,
  listed: readonly TracedDeployment[],
): Promise<readonly TracedDeployment[]> {
  const id = inputs['deployment-id'];
  if (id === undefined || listed.some((one) => one.id === id)) return [];
  const { readDeployment } = await import('./traced-deployments.ts');
  const one = await readDeployment(home, id);
  if (one !== undefined) return [one];
  const message = `An input is wrong: deployment-id: ${id} is no Deployment of a run of this repository.`;
  throw new SluiceError('input', 'invalid-input', message, {
    hint: 'Give the output `deployment-id` of the step that plans.',
  });
}

/** What deploys one thing makes no other pointless: a step that was copied names the wrong one. */
function wrongKey(key: DeploymentKey, ours: readonly TracedDeployment[]): SluiceError {
  const nameOf = ({ project, environment, tenant }: DeploymentKey) =>
    [project, environment, ...(tenant === undefined ? [] : [tenant])].join('/');
  const own = ours.map((one) => nameOf(one.key)).join(', ');
  const message = `An input is wrong: this run has a Deployment of ${own}, and none of ${nameOf(key)}.`;
  const hint = 'Give the project, environment and tenant that this run deploys.';
  return new SluiceError('input', 'invalid-input', message, { hint });
}
