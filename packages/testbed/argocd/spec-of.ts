import path from 'node:path';
import { inCluster } from './clusters.ts';
import type { ApplicationOptions, StandInOptions } from './options.ts';
import type { Source, Spec } from './types.ts';

/** Where a repository is read from. */
export function locator({ gitBase, locate }: StandInOptions): (repoURL: string) => string {
  if (locate !== undefined) return locate;
  if (gitBase === undefined) return (repoURL) => repoURL;
  return (repoURL) => {
    const name = URL.canParse(repoURL) ? new URL(repoURL).pathname : repoURL;
    return path.join(gitBase, `${name.replace(/\.git$/, '')}.git`);
  };
}

/** The `spec` of an Application that was asked for in short. */
export function specOf(options: ApplicationOptions): Spec {
  const { repoURL, helm, kustomize, directory, sources, syncOptions, retry } = options;
  const source: Source = {
    repoURL,
    path: options.path,
    targetRevision: options.targetRevision ?? 'HEAD',
    ...(helm && { helm }),
    ...(kustomize && { kustomize }),
    ...(directory && { directory }),
  };
  const automated = options.automated === true ? {} : options.automated;
  const syncPolicy = {
    ...(automated && { automated }),
    ...(syncOptions && { syncOptions }),
    ...(retry && { retry }),
  };
  return {
    ...(options.hydrator !== undefined
      ? { sourceHydrator: { drySource: source, ...options.hydrator } }
      : sources === undefined
        ? { source }
        : { sources }),
    destination: {
      ...(options.destination ?? { server: inCluster.server }),
      namespace: options.namespace ?? options.name,
    },
    project: options.project ?? 'default',
    ...(Object.keys(syncPolicy).length > 0 ? { syncPolicy } : {}),
  };
}
