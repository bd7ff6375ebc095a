/** What JSON can hold, once it has been parsed: nothing is known of it. */
export type Json = unknown;
export type JsonRecord = Readonly<Record<string, Json>>;

export const isRecord = (value: Json): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of keys; undefined as soon as there is none. Only what the JSON itself holds: no `constructor`. */
export function at(value: Json, ...keys: readonly string[]): Json {
  let here = value;
  for (const key of keys) here = isRecord(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return here;
}

/** A text that says something: writers leave empty ones out or not, field by field (Go, SBOMs), and both mean *none*. */
export const text = (value: Json): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The entries of a list; none where it is no list. Where that is an error, ask `Array.isArray` first. */
export const list = (value: Json): readonly Json[] => (Array.isArray(value) ? value : []);
