import { expect, test } from 'vitest';
import { connected } from './connected.ts';

const together = (...all: readonly string[]) =>
  connected(all, (one) => [...one]).map((group) => group.join(' '));

test.each<[string, readonly string[], readonly string[]]>([
  ['nothing', [], []],
  ['one', ['a'], ['a']],
  ['no name in common', ['a', 'b'], ['a', 'b']],
  ['one name in common', ['ab', 'cb', 'd'], ['ab cb', 'd']],
  ['a name through another', ['ab', 'cd', 'bc', 'e'], ['ab cd bc', 'e']],
  ['a later one that joins two', ['ax', 'by', 'xy'], ['ax by xy']],
  ['itself twice', ['a', 'a'], ['a a']],
  ['no name', ['', 'a', ''], [' ', 'a']],
])('%s', (_, all, expected) => expect(together(...all)).toEqual(expected));
