import type { DeploymentHome, DeploymentKey } from '../deployment.ts';
import { listDeployments } from '../listed-deployments.ts';
import { payloadSbom } from './reference.ts';

/** A Deployment of ours that is active: what runs in an environment, as far as GitHub knows. */
export interface ActiveDeployment {
  readonly id: number;
  /** `owner/name` of the repository that keeps it. */
  readonly repository: string;
  readonly key: DeploymentKey;
  readonly sbom: ReturnType<typeof payloadSbom>;
}

export interface ActiveDeployments {
  readonly deployments: readonly ActiveDeployment[];
  /** Projects and tenants of which none is active, with the state of the newest: `payments in production: pending`. */
  readonly idle: readonly string[];
  /** False where there are more Deployments than are read: older ones may be active as well. */
  readonly isWhole: boolean;
}

/**
 * The newest active Deployment of each project and tenant in an environment. Active is what has ended with success and was not
 * retired since; one that is under way, or has failed, leaves what was there before it active.
 */
export async function activeDeployments(
  home: Pick<DeploymentHome, 'github' | 'owner' | 'repo'>,
  environment: string,
): Promise<ActiveDeployments> {
  const { deployments, isWhole } = await listDeployments(home, environment);
  const newest = new Map<string, ActiveDeployment>();
  const idle = new Map<string, string>();
  const repository = `${home.owner}/${home.repo}`;
  for (const { id, key, payload, state } of deployments) {
    const name = nameOf(key);
    if (key.environment !== environment || newest.has(name)) continue;
    if (state !== 'SUCCESS') {
      if (!idle.has(name))
        idle.set(name, state === '' ? 'no state' : state.toLowerCase().replaceAll('_', ' '));
      continue;
    }
    idle.delete(name);
    newest.set(name, { id, repository, key, sbom: payloadSbom(payload) });
  }
  return {
    deployments: [...newest.values()],
    idle: [...idle].map(([name, state]) => `${name}: ${state}`),
    isWhole,
  };
}

/** `payments in production for eu`: what it is to people, and what follows one another. */
export const nameOf = ({ project, environment, tenant }: DeploymentKey): string =>
  `${project} in ${environment}${tenant === undefined ? '' : ` for ${tenant}`}`;
