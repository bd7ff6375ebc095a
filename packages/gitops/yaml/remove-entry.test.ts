import { expect, test } from 'vitest';
import { applySplices } from '../splice.ts';
import { removeEntry } from './remove-entry.ts';
import { parseYaml } from './tree.ts';
import { child, follow, isScalar } from './walk.ts';

function without(text: string): string | undefined {
  const parsed = parseYaml(text);
  const list = follow(parsed.ok ? parsed.documents[0] : undefined);
  const map = list?.node.kind === 'sequence' ? follow(list.node.items[0]) : list;
  const value = child(map, 'digest');
  if (!isScalar(value)) throw new Error('no digest');
  const splice = removeEntry(text, value.node);
  return splice === undefined ? undefined : applySplices(text, [splice]);
}

test.each([
  ['the last line', '- name: a\n  digest: b\n', '- name: a\n'],
  ['a line in between', '- name: a\n  digest: "b"  \n  newTag: c\n', '- name: a\n  newTag: c\n'],
  [
    'a line with Windows line ends',
    '- name: a\r\n  digest: b\r\n  newTag: c\r\n',
    '- name: a\r\n  newTag: c\r\n',
  ],
  ['the first key of an element', '- digest: b\n  name: a\n', '- name: a\n'],
  ['behind a comment that stays', '- name: a\n  # why\n  digest: b\n', '- name: a\n  # why\n'],
  ['without a last line end', '- name: a\n  digest: b', '- name: a'],
  ['from a flow map', '- {name: a, digest: b}\n', '- {name: a}\n'],
  ['first in a flow map', '- {digest: b, name: a}\n', '- {name: a}\n'],
  ['from JSON', '[{"name": "a",\n  "digest": "b"\n}]\n', '[{"name": "a"\n}]\n'],
])('an entry goes with its line: %s', (_, text, expected) => {
  expect(without(text)).toBe(expected);
});

test.each([
  ['a comment', '- name: a\n  digest: b # {"$imagepolicy": "ns:policy:digest"}\n'],
  ['a comment before the next key', '- digest: b # why\n  name: a\n'],
  ['an anchor', '- name: a\n  digest: &d b\n'],
  ['the only key', '- digest: b\n'],
  ['a value of several lines', '- name: a\n  digest: |\n    b\n'],
  ['a value behind its key', '- name: a\n  digest:\n    b\n'],
])('an entry stays with %s', (_, text) => {
  expect(without(text)).toBeUndefined();
});
