import type { Notes } from './parsed.ts';
import { readNodes, type YamlNode } from './yaml-nodes.ts';

/** A field of an entry, as it is written. */
export interface Field {
  readonly text: string;
  readonly line: number;
}
export interface Entry {
  readonly fields: ReadonlyMap<string, Field>;
  readonly line: number;
}

/**
 * The entries of a YAML text that is a list of flat mappings, or a mapping whose only key is `key` with such a list; none of one
 * that has only comments. Everything else is a problem with its line.
 */
export async function readEntries(text: string, key: string, notes: Notes): Promise<readonly Entry[]> {
  const [document, second] = await readNodes(text, notes);
  if (second !== undefined) notes.add('one document is enough: the entries stand in one list', second.line);
  if (document === undefined || isEmpty(document)) return [];
  return (listIn(document, key, notes) ?? []).flatMap((node) => {
    if (node.kind === 'mapping') return [{ fields: fieldsOf(node.items, notes), line: node.line }];
    notes.add('an entry is a mapping, as `id: CVE-2026-1234` and so on', node.line);
    return [];
  });
}

const isEmpty = (node: YamlNode): boolean => node.kind === 'text' && node.text === '';

function listIn(node: YamlNode, key: string, notes: Notes): readonly YamlNode[] | undefined {
  if (node.kind === 'list') return node.items;
  const [name, value, ...others] = node.kind === 'mapping' ? node.items : [];
  if (name?.kind === 'text' && name.text === key && value !== undefined && others.length === 0) {
    if (value.kind === 'list') return value.items;
    if (isEmpty(value)) return [];
  }
  notes.add(`this is not a list of entries, or \`${key}:\` with such a list and nothing else`, node.line);
  return undefined;
}

function fieldsOf(items: readonly YamlNode[], notes: Notes): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (let at = 0; at + 1 < items.length; at += 2) {
    const [name, value] = [items[at], items[at + 1]];
    if (name?.kind !== 'text' || value === undefined) {
      notes.add('the name of a field is a text', name?.line);
      continue;
    }
    if (fields.has(name.text)) notes.add(`\`${name.text}\` stands twice in one entry`, name.line);
    if (value.kind === 'text') fields.set(name.text, { text: value.text, line: value.line });
    else {
      notes.add(`\`${name.text}\` is a text, and written where it is used`, value.line);
      fields.set(name.text, { text: '', line: value.line });
    }
  }
  return fields;
}
