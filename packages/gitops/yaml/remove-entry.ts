import type { ScalarNode, YamlNode } from './tree.ts';
import { isAnchored } from './walk.ts';
import type { Splice } from './write.ts';

/**
 * The splice that takes a one-line value and its key out of their mapping, with the line that they stand on alone. Undefined where more would
 * go with them: a comment, an anchor that others use, the mapping's only key.
 */
export function removeEntry(source: string, value: ScalarNode): Splice | undefined {
  const mapping = value.parent;
  if (mapping?.kind !== 'mapping') return undefined;
  const index = mapping.entries.findIndex((entry) => entry.value === value);
  const key = mapping.entries[index]?.key;
  const isPlain = !isAnchored(value) && value.tag === undefined && value.start >= 0;
  if (key?.kind !== 'scalar' || key.anchor !== undefined || !isPlain) return undefined;
  if (source.slice(key.start, value.end).includes('\n')) return undefined;
  const after = mapping.entries[index + 1]?.key;
  if (mapping.flow) {
    const before = mapping.entries[index - 1]?.value;
    if (before?.kind !== 'scalar') return upTo(source, key, value, after);
    return /^\s*,\s*$/.test(source.slice(before.end, key.start))
      ? { start: before.end, end: value.end, text: '' }
      : undefined;
  }
  const lineStart = source.lastIndexOf('\n', key.start - 1);
  // Behind `- ` stands the first key: then the next one takes its place.
  if (/\S/.test(source.slice(lineStart + 1, key.start))) return upTo(source, key, value, after);
  const rest = /[ \t]*(?=\r?\n|$)/y;
  rest.lastIndex = value.end;
  if (lineStart < 0 || !rest.test(source)) return undefined;
  // The line end before goes, not the one behind: there another key may be added.
  const start = source[lineStart - 1] === '\r' ? lineStart - 1 : lineStart;
  return { start, end: rest.lastIndex, text: '' };
}

/** From the key to the next one, where nothing but white space and a comma stands between. */
function upTo(
  source: string,
  key: ScalarNode,
  value: ScalarNode,
  after: YamlNode | undefined,
): Splice | undefined {
  if (after?.kind !== 'scalar') return undefined;
  const between = source.slice(value.end, after.start);
  return /^\s*,?\s*$/.test(between) ? { start: key.start, end: after.start, text: '' } : undefined;
}
