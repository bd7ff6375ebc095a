import type { App } from './app.ts';
import { sourcesOf } from './render/render.ts';

/** One requirement of a label selector: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`. */
function meets(labels: Readonly<Record<string, string>>, requirement: string): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(requirement);
  if (set) {
    const [, key = '', word, values = ''] = set;
    const found = values.split(',').some((value) => value.trim() === labels[key]);
    return word === 'in' ? found : !found;
  }
  const [, key = '', operator, value = ''] = /^([^=!]+?)\s*(!=|==?)\s*(.*)$/.exec(requirement) ?? [];
  if (operator !== undefined) return operator === '!=' ? labels[key] !== value : labels[key] === value;
  return requirement.startsWith('!')
    ? labels[requirement.slice(1)] === undefined
    : labels[requirement] !== undefined;
}

function matchesSelector(labels: Readonly<Record<string, string>>, selector: string): boolean {
  const requirements = selector.split(/,(?![^(]*\))/).map((text) => text.trim());
  return requirements.every((requirement) => requirement === '' || meets(labels, requirement));
}

/** The filters of list and stream. */
export function selects(query: URLSearchParams, app: App): boolean {
  const name = query.get('name');
  const projects = [...query.getAll('projects'), ...query.getAll('project')].filter(
    (project) => project !== '',
  );
  const repo = query.get('repo');
  const namespace = query.get('appNamespace');
  const selector = query.get('selector');
  return (
    (!name || app.name === name) &&
    (projects.length === 0 || projects.includes(app.spec.project)) &&
    // FilterByRepo of util/argo/argo.go: the very spelling, of the first source alone.
    (!repo || sourcesOf(app.spec)[0]?.repoURL === repo) &&
    (!namespace || app.namespace === namespace) &&
    (!selector || matchesSelector(app.labels, selector))
  );
}
