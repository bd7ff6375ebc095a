import { globExpression } from '@sluice/gitops/applications/glob';
import type { Project } from '../api/list-filter.ts';
import { canonicalGitUrl } from './git-url.ts';

/**
 * The projects whose `sourceRepos` permit a repository: Argo CD renders no Application of any other from it
 * (https://argo-cd.readthedocs.io/en/stable/user-guide/projects/). Globs are read generously, as any part of the address: a project
 * too many costs a longer list, one too few an application that nobody watches. All of them where no repository is given.
 */
export function permitting(projects: readonly Project[], repository: string | undefined): readonly Project[] {
  if (repository === undefined) return projects;
  const wanted = canonicalGitUrl(repository);
  return projects.filter(({ sourceRepos }) =>
    sourceRepos.some((glob) => !glob.startsWith('!') && mayPermit(glob, wanted)),
  );
}

function mayPermit(glob: string, wanted: string): boolean {
  const bare = glob
    .trim()
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .replace(/^([^/:]+):(?!\d+\/)/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  return globExpression(bare)?.test(wanted) ?? true;
}
