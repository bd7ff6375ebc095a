import type { MappingNode, ScalarNode, SequenceNode, ValueNode, YamlNode } from './tree.ts';
import { isOnlyDocument } from './walk.ts';
import { type Splice, scalarText } from './write.ts';

/** A map that is to be added to a list: its keys with their texts. */
export type Item = readonly (readonly [key: string, text: string])[];

/**
 * The splice that adds maps to the list under a key at a document's root, behind what is there, in its indentation and style. Where
 * there is no list, it is made: behind the last key, or, where that ends in a block of text, before it. Undefined where it is not clear how.
 */
export function appendItems(
  source: string,
  documents: readonly YamlNode[],
  key: string,
  items: readonly Item[],
): Splice | undefined {
  const eol = /\r?\n/.exec(source)?.[0] ?? '\n';
  const root = documents[0];
  if (root === undefined || isNothing(root)) {
    // Directives and markers of documents leave no plain place.
    if (/^(?:---|\.\.\.|%)/m.test(source)) return undefined;
    return atEnd(source, blockList(key, items, '', eol), eol);
  }
  if (root.kind !== 'mapping' || !isOnlyDocument(documents)) return undefined;
  const entry = root.entries.find((one) => one.key.kind === 'scalar' && one.key.text === key);
  if (entry === undefined) return newList(source, root, key, items, eol);
  const { value } = entry;
  if (value.kind === 'sequence' && value.items.length > 0) return behindItems(source, value, items, eol);
  const isEmpty = value.kind === 'sequence' || isNothing(value);
  if (!isEmpty || entry.key.kind !== 'scalar' || root.flow) return undefined;
  // `images:` and `images: []`
  const rest = /[ \t]*:(?:[ \t]*(?:\[[ \t]*\]|~|null))?(?=[ \t]*(?:#.*)?(?:\r?\n|$))/y;
  rest.lastIndex = entry.key.end;
  if (!rest.test(source)) return undefined;
  const text = blockItems(items, indentOfLists(source, root), eol);
  return { start: entry.key.end, end: rest.lastIndex, text: `:${eol}${text}` };
}

function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^(?:~|null)?$/.test(node.text);
}

function newList(
  source: string,
  root: MappingNode,
  key: string,
  items: readonly Item[],
  eol: string,
): Splice | undefined {
  const [first] = root.entries;
  const last = root.entries.at(-1);
  if (root.flow) return inFlowMap(source, root, key, items);
  if (first?.key.kind !== 'scalar' || last?.key.kind !== 'scalar') return undefined;
  const column = first.key.start - lineStart(source, first.key.start);
  if (column !== 0) return undefined;
  const text = blockList(key, items, indentOfLists(source, root), eol);
  const end = deepestLast(last.value);
  // A block of text may keep the line ends behind it.
  if (isBlockText(end)) return { start: last.key.start, end: last.key.start, text: text + eol };
  const from = Math.max(end?.kind === 'scalar' ? end.end : 0, last.key.end);
  const marker = /^(?:---|\.\.\.)/m.exec(source.slice(from));
  if (marker === null) return atEnd(source, text, eol);
  const at = from + marker.index;
  return { start: at, end: at, text: text + eol };
}

function atEnd(source: string, text: string, eol: string): Splice {
  const isComplete = source === '' || /\n$/.test(source);
  return {
    start: source.length,
    end: source.length,
    // A file whose last line does not end keeps it so.
    text: isComplete ? text + eol : eol + text,
  };
}

function blockList(key: string, items: readonly Item[], indent: string, eol: string): string {
  return `${key}:${eol}${blockItems(items, indent, eol)}`;
}

function blockItems(items: readonly Item[], indent: string, eol: string, gap = ' '): string {
  return items
    .map((item) =>
      item
        .map(([key, text], index) => {
          const lead = index === 0 ? `${indent}-${gap}` : `${indent} ${' '.repeat(gap.length)}`;
          return `${lead}${key}: ${scalarText(text, 'plain', false)}`;
        })
        .join(eol),
    )
    .join(eol);
}

/** As the other lists of the file have it; kustomize itself does not indent them. */
function indentOfLists(source: string, root: MappingNode): string {
  for (const { value } of root.entries) {
    const first = value.kind === 'sequence' && !value.flow ? firstOf(value) : undefined;
    const dash = first === undefined ? null : /^( *)- /.exec(source.slice(lineStart(source, first.start)));
    if (dash !== null) return dash[1] ?? '';
  }
  return '';
}

function behindItems(
  source: string,
  list: SequenceNode,
  items: readonly Item[],
  eol: string,
): Splice | undefined {
  const last = list.items.at(-1);
  const first = last === undefined ? undefined : firstOf(last);
  const end = last === undefined ? undefined : deepestLast(last);
  if (first === undefined || end?.kind !== 'scalar' || end.start < 0 || isBlockText(end)) return undefined;
  if (list.flow) {
    const close = last?.kind === 'mapping' ? /\s*\}/y : /(?:)/y;
    close.lastIndex = end.end;
    if (!close.test(source)) return undefined;
    const at = close.lastIndex;
    return { start: at, end: at, text: `, ${flowItems(items, first.style === 'double')}` };
  }
  const dash = /^( *)-([ \t]+)/.exec(source.slice(lineStart(source, first.start), first.start));
  // `- {name: a,` over several lines ends somewhere else than its last value.
  if (dash === null || (last?.kind === 'mapping' && last.flow && !closesOnLine(source, end.end)))
    return undefined;
  const lineEnd = /[^\r\n]*/y;
  lineEnd.lastIndex = end.end;
  lineEnd.test(source);
  const at = lineEnd.lastIndex;
  return { start: at, end: at, text: eol + blockItems(items, dash[1] ?? '', eol, dash[2]) };
}

function closesOnLine(source: string, end: number): boolean {
  return /^[ \t]*\}/.test(source.slice(end));
}

function inFlowMap(
  source: string,
  root: MappingNode,
  key: string,
  items: readonly Item[],
): Splice | undefined {
  const close = source.trimEnd().length - 1;
  if (source[close] !== '}') return undefined;
  const at = source.slice(0, close).trimEnd().length;
  const first = root.entries[0]?.key;
  const isJson = first?.kind === 'scalar' && first.style === 'double';
  const list = `${isJson ? JSON.stringify(key) : key}: [${flowItems(items, isJson)}]`;
  const lead = first?.kind === 'scalar' ? /[ \t]*$/.exec(source.slice(0, first.start))?.[0] : undefined;
  const isOnLines = first?.kind === 'scalar' && /\n[ \t]*$/.test(source.slice(0, first.start));
  const gap = isOnLines ? `${/\r?\n/.exec(source)?.[0] ?? '\n'}${lead ?? ''}` : ' ';
  return { start: at, end: at, text: root.entries.length === 0 ? list : `,${gap}${list}` };
}

function flowItems(items: readonly Item[], isJson: boolean): string {
  const style = isJson ? 'double' : 'plain';
  const written = items.map((item) =>
    item.map(([key, text]) => `${scalarText(key, style, true)}: ${scalarText(text, style, true)}`).join(', '),
  );
  return written.map((item) => `{${item}}`).join(', ');
}

function firstOf(node: YamlNode): ScalarNode | undefined {
  if (node.kind === 'scalar') return node.start < 0 ? undefined : node;
  if (node.kind === 'alias') return undefined;
  const first = node.kind === 'sequence' ? node.items[0] : node.entries[0]?.key;
  return first === undefined ? undefined : firstOf(first);
}

/** What ends last in a node; a collection without anything in it has no place of its own. */
function deepestLast(node: YamlNode): ValueNode | undefined {
  if (node.kind === 'alias') return undefined;
  const last =
    node.kind === 'scalar'
      ? undefined
      : node.kind === 'sequence'
        ? node.items.at(-1)
        : node.entries.at(-1)?.value;
  return last === undefined ? node : deepestLast(last);
}

function isBlockText(node: ValueNode | undefined): boolean {
  return node?.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded');
}

function lineStart(source: string, at: number): number {
  return source.lastIndexOf('\n', at - 1) + 1;
}
