import { silentLog } from '@sluice/core/log';
import { findScopes } from './find-scopes.ts';
import { snapshotOf } from './snapshot.testing.ts';
import type { DeploymentKey, FoundScopes } from './types.ts';

export const server = 'https://github.example';
export const shop = { project: 'shop', environment: 'production', tenant: '' };

interface Given {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly source?: object;
  readonly sources?: readonly object[];
  readonly status?: object;
}

export const plain = { 'sluice.dev/project': 'shop', 'sluice.dev/environment': 'production' };
export const own = { repoURL: `${server}/acme/gitops`, path: 'apps', targetRevision: 'main' };
export const manifest = ({ annotations = plain, source = own, sources, status }: Given) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd', annotations },
  spec: {
    project: 'team',
    ...(sources === undefined ? { source } : { sources }),
    destination: { namespace: 'shop' },
  },
  ...(status && { status }),
});

/** Manifests in Git, as JSON: that is YAML as well. */
export const inGit = (
  texts: Readonly<Record<string, string>>,
  key: DeploymentKey = shop,
): Promise<FoundScopes> =>
  findScopes({
    ...{ key, serverUrl: server, defaultRegistry: 'docker.io', log: silentLog },
    from: { type: 'git', snapshot: snapshotOf(texts), paths: ['.'], where: 'acme/gitops' },
  });
export const one = (given: Given, key?: DeploymentKey) =>
  inGit({ 'a.yaml': JSON.stringify(manifest(given)) }, key);

/** The scopes of annotations `.values` and `.chart`. */
export const named = (name: string, prefix = 'sluice.dev') => ({
  [`${prefix}/project.${name}`]: 'shop',
  [`${prefix}/environment.${name}`]: 'production',
});
