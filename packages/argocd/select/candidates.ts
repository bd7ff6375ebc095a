import { parseApplication } from '@sluice/gitops/applications/application';
import { sourcesInScope } from '@sluice/gitops/applications/scope-of';
import type { DeploymentKey } from '@sluice/gitops/applications/types';
import type { ListFilter } from '../api/list-filter.ts';
import type { ArgoCD, Listed } from '../api/port.ts';
import type { Found } from './select.ts';
import { spellingsOf } from './spellings.ts';

/** Which applications to look at; `touched`: all of the projects that the token sees. */
export type Choice =
  | { readonly type: 'touched' }
  | { readonly type: 'names'; readonly names: readonly string[] }
  | { readonly type: 'selector'; readonly selector: string }
  | { readonly type: 'annotated'; readonly key: DeploymentKey };

export interface Candidates {
  readonly found: readonly Found[];
  /** Whether the token is shown any application, chosen or not; absent where only the chosen ones were asked for. */
  readonly showsAny?: boolean;
  /** Why there may be more than the server was asked for. */
  readonly warning?: string;
}

/**
 * The applications of one server that a choice is about. The list is always narrowed at the server: by name, by selector, by the
 * projects that the token sees; where it may not see all of them, by the spellings of the repository's address as well. What
 * `sourceRepos` of a project says is no filter: global projects and repositories of a project add to it, and the API shows neither.
 * Empty also where nothing could be narrowed: without projects and without a repository.
 */
export async function candidates(
  argocd: ArgoCD,
  choice: Exclude<Choice, { type: 'names' }>,
  repository: string | undefined,
): Promise<Candidates> {
  const { filters, ...warning } =
    choice.type === 'selector' ? { filters: [choice] } : await filtersFor(argocd, repository);
  const lists = [];
  for (const filter of filters) lists.push(await argocd.list(filter));
  const all = new Map(lists.flat().map((one) => [`${one.namespace}/${one.name}`, one]));
  const found = [...all.values()]
    .filter((application) => choice.type !== 'annotated' || isAnnotated(application, choice.key))
    .map((application) => ({ argocd, application }));
  return { found, ...(choice.type !== 'selector' && { showsAny: all.size > 0 }), ...warning };
}

interface Filters {
  readonly filters: readonly ListFilter[];
  readonly warning?: string;
}

async function filtersFor(argocd: ArgoCD, repository: string | undefined): Promise<Filters> {
  const { names, isComplete } = await argocd.projects();
  const own: readonly ListFilter[] = names.length > 0 ? [{ type: 'projects', projects: names }] : [];
  if (isComplete) return { filters: own };
  const spelt = repository === undefined ? [] : spellingsOf(repository);
  return {
    filters: [...own, ...spelt.map((repo) => ({ type: 'repo', repo }) as const)],
    warning: `The token may not see every project of ${argocd.server} (\`projects, get, *\`): of the others, Applications with several sources may be missing.`,
  };
}

/** Applications whose names fit a pattern, or have the very name; `*` stands for any part of name or namespace. */
export async function named(
  argocd: ArgoCD,
  pattern: string,
  repository: string | undefined,
): Promise<Candidates> {
  const [name = '', namespace] = pattern.split('/').reverse();
  if (!pattern.includes('*')) {
    const filter = { type: 'name', name, ...(namespace !== undefined && { namespace }) } as const;
    const listed = await argocd.list(filter);
    const found = listed
      .filter((one) => isNamedBy(pattern, one))
      .map((application) => ({ argocd, application }));
    return { found };
  }
  const { found, ...shown } = await candidates(argocd, { type: 'touched' }, repository);
  return { found: found.filter(({ application }) => isNamedBy(pattern, application)), ...shown };
}

/** Whether `name` or `namespace/name`, in which `*` stands for any part, is that of an application. */
export function isNamedBy(
  pattern: string,
  application: { readonly name: string; readonly namespace: string },
): boolean {
  const [name = '', namespace] = pattern.split('/').reverse();
  return fits(name, application.name) && (namespace === undefined || fits(namespace, application.namespace));
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
