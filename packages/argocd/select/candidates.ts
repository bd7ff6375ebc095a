import { parseApplication } from '@sluice/gitops/applications/application';
import { sourcesInScope } from '@sluice/gitops/applications/scope-of';
import type { DeploymentKey } from '@sluice/gitops/applications/types';
import type { ListFilter } from '../api/list-filter.ts';
import type { ArgoCD, Listed } from '../api/port.ts';
import { permitting } from './permitted.ts';
import type { Found } from './select.ts';
import { spellingsOf } from './spellings.ts';

/** Which applications to look at; `touched`: all whose projects may read the repository of the change. */
export type Choice =
  | { readonly type: 'touched' }
  | { readonly type: 'names'; readonly names: readonly string[] }
  | { readonly type: 'selector'; readonly selector: string }
  | { readonly type: 'annotated'; readonly key: DeploymentKey };

/**
 * The applications of one server that a choice is about. The list is always narrowed at the server: by name, by selector, by the
 * projects that may read the repository; where the token may read no project, by the spellings of the repository's address.
 * Empty also where nothing could be narrowed: without projects and without a repository.
 */
export async function candidates(
  argocd: ArgoCD,
  choice: Exclude<Choice, { type: 'names' }>,
  repository: string | undefined,
): Promise<readonly Found[]> {
  const filters: readonly ListFilter[] =
    choice.type === 'selector' ? [choice] : await filtersFor(argocd, repository);
  const lists = [];
  for (const filter of filters) lists.push(await argocd.list(filter));
  const all = new Map(lists.flat().map((one) => [`${one.namespace}/${one.name}`, one]));
  return [...all.values()]
    .filter((application) => choice.type !== 'annotated' || isAnnotated(application, choice.key))
    .map((application) => ({ argocd, application }));
}

async function filtersFor(argocd: ArgoCD, repository: string | undefined): Promise<readonly ListFilter[]> {
  const visible = await argocd.projects();
  const projects = permitting(visible, repository).map(({ name }) => name);
  if (projects.length > 0) return [{ type: 'projects', projects }];
  if (visible.length > 0 || repository === undefined) return [];
  return spellingsOf(repository).map((repo) => ({ type: 'repo', repo }));
}

/** Applications whose names fit a pattern, or have the very name; `*` stands for any part of name or namespace. */
export async function named(
  argocd: ArgoCD,
  pattern: string,
  repository: string | undefined,
): Promise<readonly Found[]> {
  const [name = '', namespace] = pattern.split('/').reverse();
  if (!pattern.includes('*')) {
    const filter = { type: 'name', name, ...(namespace !== undefined && { namespace }) } as const;
    const listed = await argocd.list(filter);
    return listed
      .filter((one) => one.name === name && (namespace === undefined || one.namespace === namespace))
      .map((application) => ({ argocd, application }));
  }
  const all = await candidates(argocd, { type: 'touched' }, repository);
  return all.filter(
    ({ application }) =>
      fits(name, application.name) && (namespace === undefined || fits(namespace, application.namespace)),
  );
}

function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

function isAnnotated(
  { name, namespace, annotations, sources, multiSource }: Listed,
  key: DeploymentKey,
): boolean {
  const raw = sources.map((source) => source.raw);
  const spec = multiSource ? { sources: raw } : { source: raw[0] };
  const application = parseApplication({ metadata: { name, namespace, annotations }, spec });
  return sourcesInScope(application, key).length > 0;
}
