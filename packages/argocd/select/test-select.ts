import type { Change } from '@sluice/gitops/change';
import type { Repository, Snapshot } from '@sluice/gitops/git/repository';
import type { ArgoCD, Listed } from '../api/port.ts';
import { argocdWith, notAsked } from '../api/test-argocd.ts';
import { parseApplication } from '../observation.ts';

export const repoURL = 'https://github.com/acme/gitops.git';

function snapshotOf(files: Readonly<Record<string, string>>): Snapshot {
  return {
    commit: 'c'.repeat(40),
    list: async (path) =>
      Object.keys(files)
        .filter((one) => path === '.' || one === path || one.startsWith(`${path}/`))
        .map((one) => ({ path: one, mode: '100644' })),
    read: async (paths) =>
      new Map(paths.flatMap((path) => (path in files ? [[path, files[path] ?? '']] : []))),
  };
}

export const repositoryOf = (files: Readonly<Record<string, string>>): Repository => ({
  url: repoURL,
  resolve: notAsked,
  defaultBranch: async () => 'main',
  snapshot: async () => snapshotOf(files),
  relation: notAsked,
  commitsBetween: notAsked,
  history: notAsked,
});

export function application(name: string, spec: object, metadata: object = {}): Listed {
  return parseApplication({
    metadata: { name, namespace: 'argocd', ...metadata },
    spec: { project: 'shop', ...spec },
  });
}

export const source = (path: string, more: object = {}) => ({
  repoURL,
  path,
  targetRevision: 'main',
  ...more,
});

export const argocdOf = (applications: readonly Listed[]): ArgoCD =>
  argocdWith({
    projects: async () => ({ names: ['shop'], isComplete: true }),
    list: async (filter) => applications.filter((one) => filter.type !== 'name' || one.name === filter.name),
  });

export const changeOf = (...paths: string[]): Pick<Change, 'repository' | 'branch' | 'files'> => ({
  repository: 'https://github.com/acme/gitops',
  branch: 'main',
  files: paths.map((path) => ({ path, edits: [] })),
});
