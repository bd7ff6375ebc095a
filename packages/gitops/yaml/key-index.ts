import type { MappingNode, YamlNode } from './tree.ts';

interface KeyIndex {
  /** The values of each key, in order; more than one where the key stands there twice. */
  readonly values: ReadonlyMap<string, readonly YamlNode[]>;
  readonly keys: ReadonlyMap<YamlNode, string>;
}

const known = new WeakMap<MappingNode, KeyIndex>();

/** The keys of a mapping, kept for the next question: thousands of places of one file are looked up one by one. */
export function keyIndex(mapping: MappingNode): KeyIndex {
  const index = known.get(mapping) ?? indexOf(mapping);
  known.set(mapping, index);
  return index;
}

function indexOf({ entries }: MappingNode): KeyIndex {
  const values = new Map<string, YamlNode[]>();
  const keys = new Map<YamlNode, string>();
  for (const { key, value } of entries) {
    if (key.kind !== 'scalar') continue;
    keys.set(value, key.text);
    const same = values.get(key.text);
    if (same === undefined) values.set(key.text, [value]);
    else same.push(value);
  }
  return { values, keys };
}
