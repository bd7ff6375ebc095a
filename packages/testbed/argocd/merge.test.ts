import { describe, expect, test } from 'vitest';
import { differs, merge } from './merge.ts';

describe('apply', () => {
  test.each([
    ['sets what the target says', { a: 1 }, { a: 2 }, {}, { a: 2 }],
    ['keeps what only the cluster knows', { a: 1, uid: 'x' }, { a: 1 }, { a: 1 }, { a: 1, uid: 'x' }],
    ['removes what was applied before and is gone', { a: 1, b: 2 }, { a: 1 }, { a: 1, b: 2 }, { a: 1 }],
    [
      'merges named elements',
      [{ name: 'app', image: '1', pull: 'Always' }],
      [{ name: 'app', image: '2' }],
      [],
      [{ name: 'app', image: '2', pull: 'Always' }],
    ],
    ['replaces other lists', ['a'], ['b'], [], ['b']],
  ])('%s', (_, live, target, last, wanted) => {
    expect(merge(live, target, last)).toEqual(wanted);
  });

  test('an object differs only where applying would change it', () => {
    expect(differs({ spec: { replicas: 3, paused: false } }, { spec: { replicas: 3 } }, {})).toBe(false);
    expect(differs({ spec: { replicas: 3 } }, { spec: { replicas: 2 } }, {})).toBe(true);
    expect(differs({ data: { old: '1' } }, { data: {} }, { data: { old: '1' } })).toBe(true);
  });
});
