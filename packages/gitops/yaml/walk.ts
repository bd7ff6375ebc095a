import type { Scalar } from '../scalar.ts';
import { keyIndex } from './key-index.ts';
import type {
  AliasNode,
  CollectionNode,
  MappingNode,
  ScalarNode,
  SequenceNode,
  ValueNode,
  YamlNode,
} from './tree.ts';
import { readScalar } from './value.ts';

/** A node as a reader meets it: aliases are followed, and `via` tells which, merge keys (`<<`) among them. */
export interface Reached<N extends ValueNode = ValueNode> {
  readonly node: N;
  readonly via: readonly AliasNode[];
}
export interface Entry {
  readonly key: string;
  readonly value: Reached;
}

/** Follows an alias to the node that holds the value; undefined where there is none. */
export function follow(node: YamlNode | undefined, via: readonly AliasNode[] = []): Reached | undefined {
  if (node === undefined) return undefined;
  if (node.kind !== 'alias') return { node, via };
  if (node.target === undefined) return undefined;
  return { node: node.target, via: [...via, node] };
}

export function isMapping(reached: Reached | undefined): reached is Reached<MappingNode> {
  return reached?.node.kind === 'mapping';
}

/** Whether the first document is the only one that holds anything: Helm and kustomize read no other. */
export function isOnlyDocument(documents: readonly YamlNode[]): boolean {
  return documents.length > 0 && documents.slice(1).every((document) => isEmpty(document));
}

function isEmpty(document: YamlNode): boolean {
  return document.kind === 'scalar' && document.style === 'plain' && document.text === '';
}

export function isScalar(reached: Reached | undefined): reached is Reached<ScalarNode> {
  return reached?.node.kind === 'scalar';
}

/** The entries that a YAML 1.1 reader sees in a mapping: its own, and those merged in that it does not override. */
export function entriesOf(mapping: Reached<MappingNode>): Entry[] {
  const own: Entry[] = [];
  const merged: Entry[] = [];
  for (const { key, value } of mapping.node.entries) {
    if (key.kind !== 'scalar') continue;
    const reached = follow(value, mapping.via);
    if (reached === undefined) continue;
    if (key.text === '<<' && key.style === 'plain') merged.push(...mergedEntries(reached));
    else own.push({ key: key.text, value: reached });
  }
  if (merged.length === 0) return own;
  const seen = new Set(own.map((entry) => entry.key));
  for (const entry of merged) {
    if (!seen.has(entry.key)) own.push(entry);
    seen.add(entry.key);
  }
  return own;
}

function mergedEntries(from: Reached): Entry[] {
  if (isMapping(from)) return entriesOf(from);
  return itemsOf(from).flatMap((item) => (isMapping(item) ? entriesOf(item) : []));
}

/** The elements of a sequence; none where it is not one. */
export function itemsOf(reached: Reached | undefined): Reached[] {
  if (reached?.node.kind !== 'sequence') return [];
  return reached.node.items.flatMap((item) => follow(item, reached.via) ?? []);
}

/** Elements of a sequence as they stand, by a text of theirs; kept, because thousands are looked up one by one. */
const itemsByText = new WeakMap<SequenceNode, Map<string, ReadonlyMap<string | undefined, YamlNode[]>>>();

/** The elements of a sequence that have this text under a key. */
export function itemsWith(reached: Reached | undefined, key: string, text: string): readonly Reached[] {
  return itemsBy(reached, `.${key}`, (item) => textAt(item, key), text);
}

/** The elements of a sequence of which `textOf` gives this text; `by` names the function. The sequence is sorted by it once. */
export function itemsBy(
  reached: Reached | undefined,
  by: string,
  textOf: (item: Reached | undefined) => string | undefined,
  text: string,
): readonly Reached[] {
  if (reached?.node.kind !== 'sequence') return [];
  const { node, via } = reached;
  const groups = itemsByText.get(node) ?? new Map();
  itemsByText.set(node, groups);
  const sorted = groups.get(by) ?? Map.groupBy(node.items, (item) => textOf(follow(item)));
  groups.set(by, sorted);
  return (sorted.get(text) ?? []).flatMap((item: YamlNode) => follow(item, via) ?? []);
}

/** The value of a key; of duplicates the last, as readers take it that accept them. */
export function child(reached: Reached | undefined, ...keys: readonly string[]): Reached | undefined {
  let current = reached;
  for (const key of keys) {
    current = isMapping(current) ? lookUp(current, key) : undefined;
  }
  return current;
}

function lookUp(mapping: Reached<MappingNode>, key: string): Reached | undefined {
  const { values } = keyIndex(mapping.node);
  // Of merged entries and the key `<<` itself only the whole mapping tells.
  if (values.has('<<')) return entriesByKey(mapping).get(key);
  return follow(values.get(key)?.at(-1), mapping.via);
}

const merged = new WeakMap<MappingNode, ReadonlyMap<string, Reached>>();

/** The entries of a mapping with merge keys, kept for the next question. */
function entriesByKey(mapping: Reached<MappingNode>): ReadonlyMap<string, Reached> {
  const collect = () => new Map(entriesOf(mapping).map(({ key, value }) => [key, value]));
  // What is reached by way of an alias knows it, and is not that of the mapping itself.
  if (mapping.via.length > 0) return collect();
  const entries = merged.get(mapping.node) ?? collect();
  merged.set(mapping.node, entries);
  return entries;
}

/** The text of a key's scalar; undefined where it is null. */
export function textAt(reached: Reached | undefined, ...keys: readonly string[]): string | undefined {
  return textOf(child(reached, ...keys));
}

/** The text of a scalar; undefined where it is null, or no single value. */
export function textOf(reached: Reached | undefined): string | undefined {
  return isScalar(reached) && readScalar(reached.node) !== null ? reached.node.text : undefined;
}

/** The value of a scalar; none of a collection, nor of a key that its mapping holds twice: of that no reader can be sure. */
export function readOne(reached: Reached): Scalar[] {
  return isScalar(reached) && duplicateKeyAbove(reached.node) === undefined ? [readScalar(reached.node)] : [];
}

/** How many places of the documents reach each scalar by way of an alias or a merge key. */
export function aliasUses(documents: readonly YamlNode[]): ReadonlyMap<ScalarNode, number> {
  const uses = new Map<ScalarNode, number>();
  const visit = (reached: Reached | undefined): void => {
    if (isScalar(reached)) {
      if (reached.via.length > 0) uses.set(reached.node, (uses.get(reached.node) ?? 0) + 1);
    } else if (isMapping(reached)) {
      for (const entry of entriesOf(reached)) visit(entry.value);
    } else {
      for (const item of itemsOf(reached)) visit(item);
    }
  };
  for (const document of documents) visit(follow(document));
  return uses;
}

/** Whether a node or anything around it carries an anchor. */
export function isAnchored(node: ValueNode): boolean {
  for (let at: ValueNode | undefined = node; at !== undefined; at = at.parent) {
    if (at.anchor !== undefined) return true;
  }
  return false;
}

/** The first key on the way to a node that its mapping holds twice. */
export function duplicateKeyAbove(node: ValueNode): string | undefined {
  let below: ValueNode = node;
  for (let at: CollectionNode | undefined = node.parent; at !== undefined; below = at, at = at.parent) {
    const duplicate = at.kind === 'mapping' ? duplicateOf(at, below) : undefined;
    if (duplicate !== undefined) return duplicate;
  }
  return undefined;
}

function duplicateOf(mapping: MappingNode, value: ValueNode): string | undefined {
  const { keys, values } = keyIndex(mapping);
  const key = keys.get(value);
  return key !== undefined && (values.get(key)?.length ?? 0) > 1 ? key : undefined;
}
