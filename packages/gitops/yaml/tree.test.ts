import { describe, expect, test } from 'vitest';
import { parsePath, resolvePath } from '../path.ts';
import { parseYaml, type ScalarNode } from './tree.ts';

function scalarAt(text: string, path: string): ScalarNode {
  const parsed = parseYaml(text);
  const resolved = resolvePath(parsed.ok ? parsed.documents[0] : undefined, parsePath(path));
  if (resolved.type !== 'found' || resolved.value.node.kind !== 'scalar')
    throw new Error(`nothing at ${path}`);
  return resolved.value.node;
}

describe('a scalar knows the bytes that it stands in', () => {
  test.each([
    ['plain', 'a: v1 # c\n', 'v1', 'v1'],
    ['in single quotes', "a: 'it''s' # c\n", "'it''s'", "it's"],
    ['in double quotes', 'a: "v\\u0031"\n', '"v\\u0031"', 'v1'],
    ['behind an anchor and a tag', 'a: &x !!str v1\nb: *x\n', 'v1', 'v1'],
    ['in flow style', 'x: {y: 1}\na: v1\n', 'v1', 'v1'],
    ['with CRLF', 'x: 1\r\na: v1\r\ny: 2\r\n', 'v1', 'v1'],
    ['after a byte order mark and emoji', '\ufeffx: "🚀🚀"\na: v1', 'v1', 'v1'],
    ['under an explicit key', '? a\n: v1\n', 'v1', 'v1'],
    ['over several lines', 'a: one\n  two\nb: 1\n', 'one\n  two', 'one two'],
    ['as a literal block', 'a: |-\n  one\n  two\nb: 1\n', '  one\n  two\n', 'one\ntwo'],
    ['as a folded block', 'a: >-\n  one\n  two\nb: 1\n', '  one\n  two\n', 'one two'],
  ])('%s', (_, text, raw, value) => {
    const node = scalarAt(text, 'a');
    expect(text.slice(node.start, node.end)).toBe(raw);
    expect(node.text).toBe(value);
  });

  test.each([
    ['a:\nb: 1\n', 2],
    ['a: # c\nb: 1\n', 2],
    ['"a" :\n', 5],
    ['a: &x\nb: *x\n', 5],
    ['{a: , b: 1}', 3],
  ])('an empty value in %j would stand at %d', (text, at) => {
    expect(scalarAt(text, 'a')).toMatchObject({ start: at, end: at, text: '' });
  });
});

test('each document has its own tree and its own anchors', () => {
  const parsed = parseYaml('a: &x 1\n---\nb: *x\n---\n- 2\n');
  expect(parsed.ok && parsed.documents.map(({ kind }) => kind)).toEqual(['mapping', 'mapping', 'sequence']);
  expect(parsed.ok && parsed.documents[1]).toMatchObject({
    entries: [{ value: { kind: 'alias', target: undefined } }],
  });
});

test('JSON with tabs is YAML too', () => {
  expect(scalarAt('{\n\t"a": {\n\t\t"b": "v1"\n\t}\n}\n', 'a.b').text).toBe('v1');
});

test.each([
  'a: b: c',
  'a:\n\tb: 1',
  '"open',
  'a: [1',
  '\tx: 1',
  `${'['.repeat(200)}`,
])('%j gives a sentence, not an exception', (text) => {
  const parsed = parseYaml(text);
  expect(parsed.ok).toBe(false);
  expect(!parsed.ok && parsed.message).toMatch(/^[^\n]+$/);
});

test('nothing, comments only and an empty document hold nothing', () => {
  for (const text of ['', '   \n', '# c\n', '---\n']) expect(parseYaml(text).ok).toBe(true);
});
