export type Texts = Readonly<Record<string, string>>;
export type Mapping = Readonly<Record<string, unknown>>;

/** A mapping, empty where there is nothing; throws for another node, and for a key that is not among `keys`. */
export function mapping(value: unknown, where: string, keys?: readonly string[]): Mapping {
  if (typeof (value ?? {}) !== 'object' || Array.isArray(value)) throw new Error(`${where} is no mapping`);
  const found = { ...(value ?? {}) };
  const unknown = Object.keys(found).filter((key) => keys?.includes(key) === false);
  if (unknown.length > 0) {
    throw new Error(`${where} has ${unknown.join(', ')}, which this runner does not know`);
  }
  return found;
}

/** A mapping of scalars, as texts; nothing is an empty text. */
export function texts(value: unknown, where: string): Texts {
  return Object.fromEntries(
    Object.entries(mapping(value, where)).map(([name, one]) => [name, scalar(one, `${where}.${name}`)]),
  );
}

/** A scalar as text. */
export function scalar(value: unknown, where: string): string {
  if (typeof value === 'object' && value !== null) throw new Error(`${where} is no scalar`);
  return String(value ?? '');
}

/** Each entry of a mapping of mappings. */
export function each<T>(
  value: unknown,
  where: string,
  keys: readonly string[],
  read: (one: Mapping, name: string) => T,
): Readonly<Record<string, T>> {
  const entries = Object.entries(mapping(value, where));
  return Object.fromEntries(
    entries.map(([name, one]) => [name, read(mapping(one, `${where}.${name}`, keys), name)]),
  );
}

/** A list, where one entry may stand alone. */
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
