import type { ScalarNode, ValueNode } from './tree.ts';
import { type Splice, scalarText } from './write.ts';

/**
 * The splice that adds `key: value` as the last entry of a mapping; undefined where the last entry is no one-line scalar.
 * A block mapping gets a line of its own, indented as its last key; a flow mapping gets `, key: value`. The value is in double quotes:
 * it has no style yet, and so any later value fits as well.
 */
export function insertEntry(
  source: string,
  mapping: ValueNode,
  key: string,
  value: string,
): Splice | undefined {
  const last = mapping.kind === 'mapping' ? mapping.entries.at(-1) : undefined;
  if (last?.key.kind !== 'scalar' || last.value.kind !== 'scalar' || !isOneLine(source, last.value))
    return undefined;
  const start = last.key.start;
  // The key has no text.
  if (start < 0) return undefined;
  if (last.value.flow) {
    // A JSON file has its keys in double quotes; then the new entry has them too.
    const style = last.key.style === 'double' ? 'double' : 'plain';
    const text = `, ${scalarText(key, style, true)}: ${scalarText(value, 'double', true)}`;
    return { start: last.value.end, end: last.value.end, text };
  }
  const rest = /.*/y;
  rest.lastIndex = last.value.end;
  const lineEnd = last.value.end + (rest.exec(source)?.[0].length ?? 0);
  const column = start - (source.lastIndexOf('\n', start - 1) + 1);
  const eol = /\r?\n/.exec(source)?.[0] ?? '\n';
  const text = `${eol}${' '.repeat(column)}${key}: ${scalarText(value, 'double', false)}`;
  return { start: lineEnd, end: lineEnd, text };
}

function isOneLine(source: string, node: ScalarNode): boolean {
  if (node.start < 0 || node.style === 'literal' || node.style === 'folded') return false;
  return !source.slice(node.start, node.end).includes('\n');
}
