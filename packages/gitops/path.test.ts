import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPath, parsePath, readPath, resolveDotted, resolvePath } from './path.ts';
import { parseYaml } from './yaml/tree.ts';

test.each([
  ['image.tag', [{ key: 'image' }, { key: 'tag' }]],
  ['a.0.b', [{ key: 'a' }, { key: '0' }, { key: 'b' }]],
  ['containers[0].image', [{ key: 'containers', select: { index: 0 } }, { key: 'image' }]],
  [
    'containers[name=app].image',
    [{ key: 'containers', select: { field: 'name', text: 'app' } }, { key: 'image' }],
  ],
  ['example\\.com/version', [{ key: 'example.com/version' }]],
  ['a\\[0\\]\\=\\\\', [{ key: 'a[0]=\\' }]],
  ['args[name=a\\]b]', [{ key: 'args', select: { field: 'name', text: 'a]b' } }]],
  ['url:port', [{ key: 'url:port' }]],
  ['images[=r.example/shop]', [{ key: 'images', select: { field: '', text: 'r.example/shop' } }]],
  ['a[name=b.c[0\\]=d]', [{ key: 'a', select: { field: 'name', text: 'b.c[0]=d' } }]],
])('%s is read and written back', (text, steps) => {
  expect(parsePath(text)).toEqual(steps);
  expect(formatPath(steps)).toBe(text);
});

test.each([
  '',
  '.',
  'a.',
  'a..b',
  'a[',
  'a[x]',
  'a[0',
  'a[0]b',
  'a[=]',
  'a=b',
  'a[name=x',
])('%j is an error', (text) => {
  expect(() => parsePath(text)).toThrow(/is not a path/);
});

test('the first unescaped = or := outside brackets ends a path', () => {
  expect(readPath('a[name=b].c=d=e').rest).toBe('=d=e');
  expect(readPath('a:=1').rest).toBe(':=1');
  expect(readPath('a\\=b=c')).toEqual({ steps: [{ key: 'a=b' }], rest: '=c' });
});

test('any keys survive being written and read', () => {
  const key = fc.string({ minLength: 1 });
  const select = fc.oneof(
    fc.nat().map((index) => ({ index })),
    fc.record({ field: key, text: fc.string() }),
  );
  const step = fc.oneof(fc.record({ key }), fc.record({ key, select }));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1 }), (steps) => {
      expect(parsePath(formatPath(steps))).toEqual(steps);
    }),
  );
});

describe('a path leads through a document', () => {
  const text = `a:
  - {name: x, v: 1}
  - {name: y, v: 2}
  - {name: y, v: 3}
b: &b {c: 4}
d: *b
e:
  <<: *b
"f.g": 5
0: zero
`;
  const parsed = parseYaml(text);
  const root = parsed.ok ? parsed.documents[0] : undefined;
  test.each([
    ['a.0.v', '1'],
    ['a[1].v', '2'],
    ['a[name=x].v', '1'],
    ['b.c', '4'],
    ['d.c', '4'],
    ['e.c', '4'],
    ['f\\.g', '5'],
    ['0', 'zero'],
  ])('%s', (path, value) => {
    const resolved = resolvePath(root, parsePath(path));
    expect(resolved).toMatchObject({ type: 'found', value: { node: { text: value } } });
  });
  test.each([
    ['a[name=y].v', 'ambiguous', 'a[name=y]'],
    ['a[name=z].v', 'missing', 'a[name=z]'],
    ['a[7]', 'missing', 'a[7]'],
    ['a.first', 'missing', 'a.first'],
    ['b.x.y', 'missing', 'b.x'],
  ])('%s is %s', (path, type, at) => {
    expect(resolvePath(root, parsePath(path))).toEqual({ type, at });
  });
});

test.each([
  ['image.tag', 'image.tag: 1\n', 'image\\.tag'],
  ['a.b.c', 'a: {b.c: 1}\n', 'a.b\\.c'],
  ['a.b.c', 'a.b: {c: 1}\n', 'a\\.b.c'],
  ['a.b[0]', 'a.b: [1]\n', 'a\\.b[0]'],
  ['a.b', 'a: {b: 1}\na.b: 2\n', 'a.b'],
  ['a.b.c', 'a: {b: {}}\na.b.c: 2\n', 'a\\.b\\.c'],
  ['a.b', 'a: {c: 1}\n', undefined],
])('%s in %j is the key or the keys %s', (path, text, found) => {
  const parsed = parseYaml(text);
  const way = resolveDotted(parsed.ok ? parsed.documents[0] : undefined, parsePath(path));
  expect(way.type === 'found' ? formatPath(way.steps) : undefined).toBe(found);
});
