import type { DeploymentHome, DeploymentKey } from '../deployment.ts';
import { type ListedDeployment, listDeployments } from '../listed-deployments.ts';
import { payloadSbom } from './reference.ts';

/** A Deployment of ours that is scanned: what runs in an environment, as far as GitHub knows, or may run there. */
export interface ActiveDeployment {
  readonly id: number;
  /** `owner/name` of the repository that keeps it. */
  readonly repository: string;
  readonly key: DeploymentKey;
  readonly sbom: ReturnType<typeof payloadSbom>;
  /** Of what has begun and has not become active, how it stands: `failure`. */
  readonly begun?: string;
}

export interface ActiveDeployments {
  /** The newest active one of each project and tenant, and the newest that has begun since. */
  readonly deployments: readonly ActiveDeployment[];
  /** Projects and tenants of which none is active or has begun, with the state of the newest: `payments in production: queued`. */
  readonly idle: readonly string[];
  /** False where there are more Deployments than are read: older ones may be active as well. */
  readonly isWhole: boolean;
}

/**
 * The newest active Deployment of each project and tenant in an environment. Active is what has ended with success and was not
 * retired since; one that is under way, or has failed, leaves what was there before it active. Where it has begun it may have changed
 * what runs: the newest of these is there beside it.
 */
export async function activeDeployments(
  home: Pick<DeploymentHome, 'github' | 'owner' | 'repo'>,
  environment: string,
): Promise<ActiveDeployments> {
  const { deployments, unreadable, isWhole } = await listDeployments(home, environment);
  const newest = new Map<string, ActiveDeployment>();
  const begun = new Map<string, ActiveDeployment>();
  const idle = new Map<string, string>();
  const unread = new Set(unreadable);
  const repository = `${home.owner}/${home.repo}`;
  for (const one of [...deployments, ...unreadable].sort(newestFirst)) {
    const { id, key, payload, state } = one;
    const name = nameOf(key);
    if (key.environment !== environment || newest.has(name)) continue;
    const sbom = unread.has(one) ? UNREADABLE : payloadSbom(payload);
    if (state === 'SUCCESS') {
      idle.delete(name);
      newest.set(name, { id, repository, key, sbom });
      continue;
    }
    const shown = state === '' ? 'no state' : state.toLowerCase().replaceAll('_', ' ');
    if (!idle.has(name)) idle.set(name, shown);
    // One that was retired has been replaced, or taken away.
    if (one.hasBegun && state !== 'INACTIVE' && !begun.has(name))
      begun.set(name, { id, repository, key, sbom, begun: shown });
  }
  return {
    deployments: [...newest.values(), ...begun.values()],
    idle: [...idle].flatMap(([name, state]) => (begun.has(name) ? [] : `${name}: ${state}`)),
    isWhole,
  };
}

const UNREADABLE = { unreadable: 'its payload is not one that this version reads' } as const;

const newestFirst = (a: ListedDeployment, b: ListedDeployment): number =>
  Date.parse(b.createdAt) - Date.parse(a.createdAt) || b.id - a.id;

/** `payments in production for eu`: what it is to people, and what follows one another. */
export const nameOf = ({ project, environment, tenant }: DeploymentKey): string =>
  `${project} in ${environment}${tenant === undefined ? '' : ` for ${tenant}`}`;
