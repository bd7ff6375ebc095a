import { expect, test } from 'vitest';
import { formatPath } from '../path.ts';
import { parseYaml } from '../yaml/tree.ts';
import { follow, itemsOf } from '../yaml/walk.ts';
import { elementSteps, TELLING } from './element.ts';

function paths(text: string, fields?: readonly string[]): string[] {
  const parsed = parseYaml(text);
  const list = follow(parsed.ok ? parsed.documents[0] : undefined);
  return itemsOf(list).map((item, index) =>
    list === undefined ? '' : formatPath(elementSteps(list, item, index, [{ key: 'x' }], fields)),
  );
}

test.each([
  ['its name', '[{name: a}, {name: b}]', ['x[name=a]', 'x[name=b]']],
  ['its index where the name is not its own', '[{name: a}, {name: a}, {}]', ['x[0]', 'x[1]', 'x[2]']],
  ['its index where the name is empty', '[{name: ""}]', ['x[0]']],
  [
    'the name of an image',
    '[nginx:1, r.example:5000/web@x, web=nginx:1]',
    ['x[=nginx]', 'x[=r.example:5000/web]', 'x[=web]'],
  ],
  ['its index where another is of that image', '[nginx:1, nginx:2]', ['x[0]', 'x[1]']],
  ['its index where it is no image', '[a b, nginx, 1]', ['x[0]', 'x[1]', 'x[2]']],
])('an element is told by %s', (_, text, expected) => {
  expect(paths(text)).toEqual(expected);
});

test('a source of an Application is told by the first field that no other source has', () => {
  const sources = '[{name: a, chart: c}, {chart: c}, {chart: d}, {path: p, ref: r}, {path: p}]';
  expect(paths(sources, TELLING)).toEqual(['x[name=a]', 'x[1]', 'x[chart=d]', 'x[ref=r]', 'x[4]']);
});
