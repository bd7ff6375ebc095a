import type { DeploymentKey } from '../deployment.ts';
import { covers, TELLS_NOTHING, type Told, tellsNothing } from './coverage.ts';
import { newestDeployment, sameKey } from './key.ts';
import type { DeploymentScope } from './plan-deployments.ts';
import { isLive } from './runs.ts';
import { type Standing, standingOf } from './standing.ts';

/** A run that older ones of its key give way to. */
export interface Superseder {
  readonly run: number;
  readonly told: Told;
}

const ABLE: readonly Standing[] = ['queued', 'begun', 'merge', 'succeeded'];

/**
 * The runs of a key that make older ones pointless, newest first: those that can still deploy, or (`when: succeeded`) have succeeded, and
 * our own where it has no Deployment yet. One that deploys a part makes nothing pointless.
 */
export function supersedersOf(scope: DeploymentScope, key: DeploymentKey): readonly Superseder[] {
  const { own, runs, deployments, when } = scope;
  const live = new Set(runs.filter(isLive).map(({ id }) => id));
  const able: readonly Standing[] = when === 'succeeded' ? ['succeeded'] : ABLE;
  const ids = new Set(deployments.filter((one) => sameKey(one.key, key)).map(({ run }) => run));
  const found = [...ids].flatMap((run): readonly Superseder[] => {
    const deployment = newestDeployment(deployments, run, key);
    if (deployment === undefined || deployment.partial) return [];
    const counts = when === 'succeeded' || live.has(run) || run === own;
    return counts && able.includes(standingOf(deployment.statuses)) ? [{ run, told: deployment.told }] : [];
  });
  const isOurs = sameKey(key, scope.key) && !ids.has(own);
  const all = isOurs ? [...found, { run: own, told: TELLS_NOTHING }] : found;
  return all.toSorted((a, b) => b.run - a.run);
}

/** The newest of them that makes a deployment of a run pointless; undefined where none does. Of those that tell nothing only the newest of all counts. */
export const supersederOf = (
  able: readonly Superseder[],
  run: number,
  told: Told = TELLS_NOTHING,
): Superseder | undefined =>
  able.find((one, at) => one.run > run && (at === 0 || !tellsNothing(one.told)) && covers(one.told, told));
