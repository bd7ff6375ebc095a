import type { DeploymentKey } from '../deployment.ts';
import type { Home } from './home.ts';
import type { SupersedeInputs } from './inputs.ts';
import { listRuns } from './list-runs.ts';
import { type Plan, planOf } from './plan.ts';
import { isLive, runningRun } from './runs.ts';
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
  const { project, environment, tenant } = inputs;
  const key = { project, environment, ...(tenant !== '' && { tenant }) };
  const listed = await listRuns(home);
  if (!listed.has(own))
    home.world.log.warning('GitHub does not list this run yet: newer ones may be missing, too.');
  const runs = [...listed.values(), ...(listed.has(own) ? [] : [runningRun(own)])];
  const others = runs.filter((run) => isLive(run) && run.id !== own);
  const about = 'deployment';
  if (others.length === 0) return { plan: planOf(own, [], undefined), about, key, reads: 1 };
  const { findDeployments } = await import('./find-deployments.ts');
  return findDeployments(inputs, home, { own, key, runs, others });
}
