import { sameKey } from './key.ts';
import type { DeploymentScope } from './plan-deployments.ts';
import type { TracedDeployment } from './traced-deployments.ts';

/**
 * The Deployments by who made that of our own run. The payload of one says of which run it is, and whoever may make Deployments can write there
 * what he likes; who made it, GitHub says. Jobs of this repository share a maker, `github-actions`, and are not told apart. Where our own run has none all count: nothing tells who makes them. Undefined where it has some by different ones:
 * somebody has made one in its name.
 */
export function trustedOf({
  own,
  key,
  deployments,
}: Pick<DeploymentScope, 'own' | 'key' | 'deployments'>): readonly TracedDeployment[] | undefined {
  const ours = deployments.filter((one) => one.run === own && sameKey(one.key, key));
  const [creator, ...others] = new Set(ours.map((one) => one.creator));
  if (others.length > 0) return undefined;
  return creator === undefined ? deployments : deployments.filter((one) => one.creator === creator);
}
