import type { DeploymentKey } from '../deployment.ts';
import { covers, TELLS_NOTHING, type Told, tellsNothing } from './coverage.ts';
import { sameKey } from './key.ts';
import type { DeploymentScope } from './plan-deployments.ts';
import { isLive } from './runs.ts';
import { type Standing, standingOf } from './standing.ts';
import type { TracedDeployment } from './traced-deployments.ts';

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
  const byRun = new Map<number, TracedDeployment>();
  for (const one of deployments) {
    if (sameKey(one.key, key) && one.id >= (byRun.get(one.run)?.id ?? 0)) byRun.set(one.run, one);
  }
  const found = [...byRun].flatMap(([run, { partial, told, statuses }]): readonly Superseder[] => {
    const counts = !partial && (when === 'succeeded' || live.has(run) || run === own);
    return counts && able.includes(standingOf(statuses)) ? [{ run, told }] : [];
  });
  const isOurs = sameKey(key, scope.key) && !byRun.has(own);
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
