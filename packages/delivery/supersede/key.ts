import type { DeploymentKey } from '../deployment.ts';
import type { SeenRun } from './runs.ts';
import type { TracedDeployment } from './traced-deployments.ts';

/** How a run says whose deployment it is before it has a Deployment: in its name, or by its concurrency group. */
export const keyName = ({ project, environment, tenant }: DeploymentKey): string =>
  `sluice ${[project, environment, ...(tenant === undefined ? [] : [tenant])].join('/')}`;

export const isNamed = ({ names }: SeenRun, key: DeploymentKey): boolean =>
  names.some((name) => name.includes(`[${keyName(key)}]`));

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
