import { isList, isObject, type Json } from './json.ts';

/** The query parameter `fields` of a stream: any path, or with a leading `-` what is left out. */
export function streamFields(fields: string | null): (event: Json) => Json {
  if (fields === null || fields === '') return (event) => event;
  const isExclusion = fields.startsWith('-');
  const paths = new Set(fields.slice(isExclusion ? 1 : 0).split(','));
  // As Argo CD does it: a path that begins with these letters is below, `a.bc` below `a.b` too.
  const isAbove = (path: string) => [...paths].some((one) => one.startsWith(path));
  const keep = (value: Json, at: readonly string[]): Json => {
    if (isList(value)) return value.map((item) => keep(item, at));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
      if (inner === undefined) return [];
      const path = [...at, key].join('.');
      const isNamed = paths.has(path);
      if (isExclusion ? isNamed : !isNamed && !isAbove(path)) return [];
      return [[key, isNamed ? inner : keep(inner, [...at, key])]];
    });
    return Object.fromEntries(entries);
  };
  return (event) => keep(event, []);
}
