import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { describePath, type FieldDifference, fieldDifferences, showsAfter, showsBefore } from './fields.ts';

const changed = (before: Json, after: Json): readonly string[] =>
  fieldDifferences(before, after).map(({ path, before: was, after: is }) =>
    [describePath(path), JSON.stringify(was), JSON.stringify(is)].join(' '),
  );

describe('the fields that differ', () => {
  it.each<[string, Json, Json, readonly string[]]>([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b 1 2']],
    ['none by the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['none by null', { a: null }, {}, []],
    ['what is new, part by part', {}, { a: { b: 1, c: 2 } }, ['a.b  1', 'a.c  2']],
    ['what is gone', { a: { b: 1 } }, {}, ['a.b 1 ']],
    ['an empty object', {}, { emptyDir: {} }, ['emptyDir  {}']],
    [
      'an item of a list by its name, wherever it stands',
      { c: [{ name: 'a', image: '1' }] },
      {
        c: [
          { name: 'b', image: '1' },
          { name: 'a', image: '2' },
        ],
      },
      ['c[name=a].image "1" "2"', 'c[name=b].name  "b"', 'c[name=b].image  "1"'],
    ],
    ['an item without a name by its place', { a: ['x', 'y'] }, { a: ['x', 'z'] }, ['a[1] "y" "z"']],
    ['a list of another length as a whole', { a: ['x'] }, { a: ['x', 'z'] }, ['a ["x"] ["x","z"]']],
    ['a value of another shape', { a: { b: 1 } }, { a: 'x' }, ['a {"b":1} "x"']],
  ])('%s', (_, before, after, expected) => {
    expect(changed(before, after)).toEqual(expect.arrayContaining([...expected]));
    expect(changed(before, after)).toHaveLength(expected.length);
  });
});

describe('a field of an object in the cluster', () => {
  const field = (path: FieldDifference['path'], before: Json, after: Json): FieldDifference => ({
    ...{ path, before, after },
  });
  const color = field(['data', 'color'], 'blue', 'red');
  const cpu = field(['resources', 'limits', 'cpu'], '500m', '1000m');
  const limits = (value: Json) => ({ resources: { limits: { cpu: value } } });
  const gone = field(['spec', 'replicas'], 3, undefined);
  const variable = field(['env', { name: 'A' }, 'name'], 'A', undefined);
  const ports = field(['ports'], [{ port: 80 }], [{ port: 80 }, { port: 81 }]);

  it.each<[string, FieldDifference, Json, boolean, boolean]>([
    ['the value before', color, { data: { color: 'blue' } }, true, false],
    ['the new value', color, { data: { color: 'red' } }, false, true],
    ['another value', color, { data: { color: 'green' } }, false, false],
    ['no value', color, {}, false, false],
    ['a number for a string', field(['port'], 'x', '80'), { port: 80 }, false, true],
    ['the same quantity in other words', cpu, limits('1'), false, true],
    ['the same quantity as a number', cpu, limits(1), false, true],
    ['the quantity before', cpu, limits('0.5'), true, false],
    ['no quantity where it is text', field(['data', 'a'], '1k', '1000'), { data: { a: '1k' } }, true, false],
    ['a new field that is not there', field(['a'], undefined, 'x'), {}, true, false],
    ['a new field that is stored as none', field(['a'], undefined, false), {}, false, false],
    ['a field that is gone, and its default stays', gone, { spec: { replicas: 3 } }, false, false],
    ['a field that is gone', gone, { spec: {} }, false, true],
    ['a variable that is gone and still there', variable, { env: [{ name: 'A', value: '1' }] }, true, false],
    ['a list as before, with defaults', ports, { ports: [{ port: 80, protocol: 'TCP' }] }, true, false],
  ])('%s', (_, difference, object, before, after) => {
    expect([showsBefore(difference, object), showsAfter(difference, object)]).toEqual([before, after]);
  });
});
