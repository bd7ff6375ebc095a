import type { ResourceKey } from '../observation.ts';

/** Kinds of Argo CD and Flux that deploy others: that such an object is Synced says nothing of what it generates. */
const GENERATORS = new Set([
  'argoproj.io/Application',
  'argoproj.io/ApplicationSet',
  'helm.toolkit.fluxcd.io/HelmRelease',
  'kustomize.toolkit.fluxcd.io/Kustomization',
]);
export const isGenerator = ({ group, kind }: ResourceKey): boolean => GENERATORS.has(`${group}/${kind}`);

/** Those whose children can be asked for: Argo CD's own. */
export const isArgoCDs = (key: ResourceKey): boolean => key.group === 'argoproj.io' && isGenerator(key);
