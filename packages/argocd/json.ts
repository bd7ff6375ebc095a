/** What JSON can hold, once it has been parsed. */
export type Json = unknown;
export type JsonRecord = Readonly<Record<string, Json>>;

export const isRecord = (value: Json): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of keys; undefined as soon as there is none. */
export function at(value: Json, ...keys: readonly string[]): Json {
  let here = value;
  for (const key of keys) here = isRecord(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return here;
}

export const record = (value: Json): JsonRecord => (isRecord(value) ? value : {});
export const items = (value: Json): readonly Json[] => (Array.isArray(value) ? value : []);
/** Go leaves empty strings out or not, field by field: both mean *none*. */
export const text = (value: Json): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Kubernetes times (RFC 3339) as milliseconds since the epoch. */
export function time(value: Json): number | undefined {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The entries of a record whose values are strings. */
export function strings(value: Json): Readonly<Record<string, string>> {
  const entries = Object.entries(record(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}
