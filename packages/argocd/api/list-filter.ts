import type { Query } from './client.ts';

/**
 * What a list is narrowed to at the server. Never nothing: Argo CD may hold thousands of applications of other teams.
 * - `repo`: the very spelling of the address, of the first source alone (`FilterByRepo` in Argo CD's util/argo/argo.go).
 * - `selector`: as Kubernetes takes it.
 */
export type ListFilter =
  | { readonly type: 'name'; readonly name: string; readonly namespace?: string }
  | { readonly type: 'projects'; readonly projects: readonly string[] }
  | { readonly type: 'repo'; readonly repo: string }
  | { readonly type: 'selector'; readonly selector: string };

/** The AppProjects that a token may see. */
export interface Projects {
  readonly names: readonly string[];
  /** Whether there can be none that it may not see, while it sees applications of them. */
  readonly isComplete: boolean;
}

export function listQuery(filter: ListFilter): Query {
  switch (filter.type) {
    case 'name':
      return { name: filter.name, appNamespace: filter.namespace };
    case 'projects':
      return { projects: filter.projects };
    case 'repo':
      return { repo: filter.repo };
    case 'selector':
      return { selector: filter.selector };
  }
}
