import type { Json } from '@sluice/core/json';

export { at, isRecord, type Json, type JsonRecord, list, text } from '@sluice/core/json';

/** What a value is, for sentences: `a number`, `a list`, `null`. */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return (
    { string: 'a text', number: 'a number', boolean: 'a boolean', object: 'an object' }[
      String(typeof value)
    ] ?? 'no JSON'
  );
}
