import { isRecord, type Json, type JsonRecord } from '@sluice/core/json';

export { at, isRecord, type Json, type JsonRecord, list as items, text } from '@sluice/core/json';

export const record = (value: Json): JsonRecord => (isRecord(value) ? value : {});

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
