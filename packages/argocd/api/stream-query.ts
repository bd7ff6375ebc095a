import type { Query } from './answers.ts';
import type { ApplicationName } from './port.ts';

/**
 * What no decision reads and what makes up most of an event: a history of every sync, with its sources, and what the field manager
 * writes. Left out by name, so that whatever a decision comes to read is there.
 */
const LEFT_OUT = [
  'metadata.managedFields',
  'status.history',
  'status.operationState.operation.sync.manifests',
  'operation.sync.manifests',
];

/** A leading `-` turns the whole list into one of what is left out. */
const fields = `-${LEFT_OUT.map((path) => `result.application.${path}`).join(',')}`;

/** Proxies take some 8 kB of URL. */
const longestFilter = 4000;

/**
 * The filter of the one stream that shows these applications: one by its name, several by their projects. Argo CD's stream knows no
 * filter by `repo` (the list does). What it lets through beside them is left out by whoever reads it. Never without a filter.
 */
export function streamQuery(names: readonly ApplicationName[]): Query | undefined {
  const [one, ...others] = names;
  if (one === undefined) return undefined;
  const isOne = others.every(({ name, namespace }) => name === one.name && namespace === one.namespace);
  if (isOne) {
    return {
      name: one.name,
      appNamespace: one.namespace || undefined,
      projects: one.project || undefined,
      fields,
    };
  }
  const projects: string[] = [];
  let length = 0;
  for (const project of new Set(names.map((name) => name.project))) {
    length += encodeURIComponent(project).length + '&projects='.length;
    // Those beyond are read one by one.
    if (length > longestFilter) break;
    if (project !== '') projects.push(project);
  }
  return projects.length === 0 ? undefined : { projects, fields };
}

/** Whether a stream with this filter shows the application. */
export function covers(query: Query, { name, namespace, project }: ApplicationName): boolean {
  if (query.name !== undefined) return query.name === name && (query.appNamespace ?? '') === namespace;
  return Array.isArray(query.projects) && query.projects.includes(project);
}
