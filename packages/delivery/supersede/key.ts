import type { DeploymentKey } from '../deployment.ts';
import type { SeenRun } from './runs.ts';
import type { TracedDeployment } from './traced-deployments.ts';

/**
 * How a run says whose deployment it is before it has a Deployment: in its name, or by its concurrency group. Undefined where a part of it
 * holds what stands between two: `shop/qa` in `eu` would read as `shop` in `qa` for `eu`.
 */
export function keyName(key: DeploymentKey): string | undefined {
  const parts = [key.project, key.environment, key.tenant ?? ''];
  return parts.some((part) => /[/[\]]/.test(part)) ? undefined : `sluice ${keyText(key)}`;
}

/** For people to read. */
export const keyText = ({ project, environment, tenant }: DeploymentKey): string =>
  [project, environment, ...(tenant === undefined ? [] : [tenant])].join('/');

export function isNamed({ names }: SeenRun, key: DeploymentKey): boolean {
  const own = keyName(key);
  return own !== undefined && names.some((name) => name.includes(`[${own}]`));
}

export const sameKey = (a: DeploymentKey, b: DeploymentKey): boolean =>
  a.project === b.project && a.environment === b.environment && a.tenant === b.tenant;

/** Which of a run's Deployments of a key counts: a re-run makes another. */
export function newestDeployment(
  deployments: readonly TracedDeployment[],
  run: number,
  key: DeploymentKey,
): TracedDeployment | undefined {
  const own = deployments.filter((one) => one.run === run && sameKey(one.key, key));
  return own.toSorted((a, b) => a.id - b.id).at(-1);
}
