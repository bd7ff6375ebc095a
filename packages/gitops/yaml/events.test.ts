import fc from 'fast-check';
import { loadAll, parseEvents } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { plan } from '../find/plan-edits.testing.ts';
import { readEvents, readValue } from './events.ts';
import { parseYaml } from './tree.ts';

/** The scalars of a text and what stands at their offsets. */
function scalars(text: string): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  const parsed = parseYaml(text);
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('kind' in node && node.kind === 'scalar' && 'start' in node && 'end' in node && 'text' in node)
      found.push([String(node.text), text.slice(Number(node.start), Number(node.end))]);
    if ('items' in node && Array.isArray(node.items)) node.items.forEach(visit);
    if ('entries' in node && Array.isArray(node.entries)) {
      for (const { key, value } of node.entries) [key, value].forEach(visit);
    }
  };
  if (!parsed.ok) throw new Error(parsed.message);
  parsed.documents.forEach(visit);
  return found;
}

describe('lines that are not indented as YAML wants, but as go-yaml takes them', () => {
  test.each([
    ['a: [\n  x,\n  y\n]\nb: z\n', ['a', 'x', 'y', 'b', 'z']],
    ['a:\n  b: {\n  c: d\n  }\n', ['a', 'b', 'c', 'd']],
    ['- a: [\r\n  x # c\r\n  ]\r\n- b\r\n', ['a', 'x', 'b']],
    ['a: [\n\tx\n\t]\n', ['a', 'x']],
    ['a: [\n# c\nx,\n{y: &n z}, *n\n]\n---\na: [\n]\n', ['a', 'x', 'y', 'z', 'a']],
    ['a:\n  - "x\ny"\n  - \'p\n\n q\'\n', ['a', 'x y', 'p\nq']],
  ])('%j', (text, expected) => {
    const found = scalars(text);
    expect(found.map(([value]) => value)).toEqual(expected);
    for (const [value, source] of found) expect(source.replace(/^["']|["']$/g, '')[0]).toBe(value[0]);
  });

  test('a value there is edited like any other', () => {
    const pod = (tag: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: [\n  {name: a, command: [\n"x"\n  ],\n  image: nginx:${tag}},\n  {name: b, image: "nginx:${tag}"}\n  ]\n`;
    expect(plan({ 'a.yaml': pod('1') }, ['nginx:2']).files[0]?.after).toBe(pod('2'));
  });
});

test.each([
  'a: [\nb: c\n',
  'a: [\n  x\n---\nb: ]\n',
  'a: "x\n...\n"\n',
  'a:\n\tb: c\n',
  'a: [\n,\n]\n',
])('%j is no YAML, indented or not, and the first complaint is told', (text) => {
  expect(parseYaml(text).ok).toBe(false);
  expect(() => readEvents(text)).toThrow();
});

test('a text of thousands of such lines ends in time', () => {
  const text = `a: [\n${'x,\n'.repeat(10_000)}]\n`;
  expect(parseYaml(text).ok).toBe(false);
});

test('whatever is indented well is read as the parser reads it; and taking the indentation of brackets away changes no value', () => {
  const value = fc.letrec<{ node: string[]; leaf: string[]; list: string[]; map: string[] }>((tie) => ({
    leaf: fc.constantFrom(['x'], ['"y # z"'], ["'it''s'"], ['"[a,"']),
    list: fc
      .array(tie('node'), { maxLength: 3 })
      .map((items) => ['[', ...items.flatMap((lines) => [...lines, ',']), ']']),
    map: fc
      .array(tie('node'), { maxLength: 3 })
      .map((items) => ['{', ...items.flatMap((lines, key) => [`k${key}:`, ...lines, ',']), '}']),
    node: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('list'), tie('map')),
  })).node;
  fc.assert(
    fc.property(value, fc.constantFrom('\n', '\r\n'), (lines, eol) => {
      const deep = `a:${eol}  b: ${lines.join(`${eol}      `)}${eol}c: d${eol}`;
      const flat = `a:${eol}  b: ${lines.join(eol)}${eol}c: d${eol}`;
      expect(readEvents(deep)).toEqual(parseEvents(deep, {}));
      expect(scalars(flat)).toEqual(scalars(deep));
      expect(loadAll(deep)).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['resources: [\na.yaml,\n]\nimages:\n', { resources: ['a.yaml'], images: null }],
  ['a: &x [1]\nb: *x\n---\nc: d\n', { a: [1], b: [1] }],
  ['', undefined],
  ['a: [', undefined],
])('the value of %j', (text, expected) => {
  expect(readValue(text)).toEqual(expected);
});
