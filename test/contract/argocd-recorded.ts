import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Answers of a real Argo CD 3.2.11; they lie beside the repository, not in it. */
const folder = fileURLToPath(new URL('../../../shared/recipes/argocd/recorded/', import.meta.url));

export const recordingsAreHere = existsSync(folder);

export function recording(name: string): string {
  return readFileSync(`${folder}${name}`, 'utf8');
}

/** Every file that holds one exchange; two hold something of their own shape. */
export function exchanges(): readonly string[] {
  if (!recordingsAreHere) return [];
  const own = new Set(['refresh-lost.json', 'stream-rollout.timeline.json']);
  return readdirSync(folder).filter((name) => name.endsWith('.json') && !own.has(name));
}

/** `status.resources[].name` for every field, at any depth. */
export function fieldPaths(value: unknown, prefix = ''): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...fieldPaths(item, `${prefix}[]`)]));
  if (typeof value !== 'object' || value === null) return new Set([prefix]);
  const entries = Object.entries(value);
  if (entries.length === 0) return new Set([`${prefix}{}`]);
  const dot = prefix === '' ? '' : `${prefix}.`;
  return new Set(entries.flatMap(([key, inner]) => [...fieldPaths(inner, `${dot}${key}`)]));
}
