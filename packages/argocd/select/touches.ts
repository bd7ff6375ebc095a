import type { Change } from '@sluice/gitops/change';
import type { Repository, Snapshot } from '@sluice/gitops/git/repository';
import type { Listed } from '../api/port.ts';
import type { Source } from '../observation.ts';
import { sameGitUrl } from './git-url.ts';
import type { Found, Selected } from './select.ts';
import { filesOf, generatePaths, isBelow, referencedValues, sourceFolder, targetOf } from './source-files.ts';

export type Touching = Pick<Change, 'repository' | 'branch' | 'files'>;

/** Each source that is of the change's repository and branch, with the changed files that are rendered from it. */
export async function touches(
  found: Found,
  change: Touching,
  snapshot: Snapshot | undefined,
  repository: Repository | undefined,
): Promise<readonly Selected[]> {
  const results: Selected[] = [];
  const { application } = found;
  for (const [sourceIndex, source] of application.sources.entries()) {
    if (!sameGitUrl(source.repoURL, change.repository)) continue;
    if (!(await follows(source, change.branch, repository))) continue;
    const reads = await readsOf(application, source, snapshot);
    const paths = change.files.map(({ path }) => path).filter(reads);
    if (paths.length > 0) results.push({ ...found, sourceIndex, source, paths });
  }
  return results;
}

async function follows(source: Source, branch: string, repository: Repository | undefined): Promise<boolean> {
  const target = targetOf(source);
  if (target !== 'HEAD') return target === branch;
  return repository === undefined || (await repository.defaultBranch()) === branch;
}

async function readsOf(application: Listed, source: Source, snapshot: Snapshot | undefined) {
  const annotated = generatePaths(
    application.annotations['argocd.argoproj.io/manifest-generate-paths'],
    source,
  );
  const values = source.ref === undefined ? [] : referencedValues(application.sources, source.ref);
  const rendered =
    snapshot === undefined || source.path === undefined ? () => false : await filesOf(source, snapshot);
  return (path: string) => values.includes(path) || rendered(path) || annotated(path);
}

/**
 * Where nothing is rendered from the changed files: the applications in whose folder they lie. What they lack is then told as
 * `not-effective`, for example a values file that nobody names.
 */
export function inFolder(found: Found, change: Touching): readonly Selected[] {
  return found.application.sources.flatMap((source, sourceIndex) => {
    if (!sameGitUrl(source.repoURL, change.repository) || source.path === undefined) return [];
    const target = targetOf(source);
    if (target !== 'HEAD' && target !== change.branch) return [];
    const folder = sourceFolder(source);
    const paths = change.files
      .map(({ path }) => path)
      .filter((path) => folder !== '.' && isBelow(path, folder));
    return paths.length > 0 ? [{ ...found, sourceIndex, source, paths }] : [];
  });
}
