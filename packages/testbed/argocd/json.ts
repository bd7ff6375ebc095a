import { isDeepStrictEqual } from 'node:util';

/** What JSON can hold; an `undefined` field is left out when it is written. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Any value that JSON can write, as JSON would read it again: copies, and drops fields that are undefined. */
export function toJson(value: unknown): Json {
  const text = JSON.stringify(value);
  if (text === undefined) return null;
  const parsed: Json = JSON.parse(text);
  return parsed;
}

/** The value at a path of keys, or undefined where a step is missing. */
export function at(value: Json | undefined, ...keys: readonly (string | number)[]): Json | undefined {
  let here: Json | undefined = value;
  for (const key of keys) {
    if (isList(here) && typeof key === 'number') here = here[key];
    else if (isObject(here) && typeof key === 'string') here = here[key];
    else return undefined;
  }
  return here;
}

export function textAt(value: Json | undefined, ...keys: readonly (string | number)[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

export function listAt(value: Json | undefined, ...keys: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...keys);
  return isList(found) ? found : [];
}

export function objectAt(value: Json | undefined, ...keys: readonly (string | number)[]): JsonObject {
  const found = at(value, ...keys);
  return isObject(found) ? found : {};
}

/** A copy in which the value at the path is replaced; objects on the way are made where there are none. */
export function put(value: JsonObject, keys: readonly string[], to: Json | undefined): JsonObject {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  return { ...value, [key]: rest.length === 0 ? to : put(objectAt(value, key), rest, to) };
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return isDeepStrictEqual(a, b);
}

/** JSON with sorted keys, as Go writes a map. */
export function sortedJson(value: Json | undefined): string {
  const sorted = (here: Json | undefined): Json | undefined => {
    if (isList(here)) return here.map((item) => sorted(item) ?? null);
    if (!isObject(here)) return here;
    const keys = Object.keys(here).toSorted();
    return Object.fromEntries(keys.map((key) => [key, sorted(here[key])]));
  };
  return JSON.stringify(sorted(value) ?? null);
}
