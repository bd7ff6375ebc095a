import { isList, isObject, type Json, type JsonObject } from './json.ts';

/** The list's fixed allow-list. Other paths, also those above and below these, yield nothing, without an error. */
const listFields = [
  'metadata.resourceVersion',
  'items.metadata.name',
  'items.metadata.namespace',
  'items.metadata.annotations',
  'items.metadata.labels',
  'items.metadata.creationTimestamp',
  'items.spec',
  'items.operation.sync',
  'items.status.sync.status',
  'items.status.health',
  'items.status.summary',
  'items.status.resources',
  'items.status.operationState.phase',
  'items.status.operationState.startedAt',
  'items.status.operationState.finishedAt',
  'items.status.sourceHydrator',
];

function keep(value: Json | undefined, paths: readonly string[]): Json | undefined {
  if (paths.includes('')) return value;
  if (isList(value)) return value.map((item) => keep(item, paths) ?? null);
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    const below = paths
      .filter((path) => path === key || path.startsWith(`${key}.`))
      .map((path) => path.slice(key.length + 1));
    const kept = below.length === 0 ? undefined : keep(inner, below);
    return kept === undefined ? [] : [[key, kept]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The query parameter `fields` of the list. */
export function projectFields(answer: JsonObject, asked: readonly string[]): JsonObject {
  const allowed = asked.filter((path) => listFields.includes(path));
  const kept = keep(answer, [...allowed, 'metadata']);
  return isObject(kept) ? kept : {};
}
