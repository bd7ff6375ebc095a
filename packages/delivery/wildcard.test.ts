import { expect, test } from 'vitest';
import { matchesWildcard } from './wildcard.ts';

test.each([
  ['a', 'a', true],
  ['a', 'ab', false],
  ['a', 'xa', false],
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'a\nb', true],
  ['a*', 'a', true],
  ['*b', 'ab', true],
  ['a*b*c', 'a1b2b3c', true],
  ['a*b*c', 'a1c2b', false],
  ['a**b', 'ab', true],
  ['*/build', 'pr / build', false],
  ['* / build', 'pr / build', true],
  ['a.c', 'abc', false],
  ['[ab](*)', '[ab](x)', true],
  ['*ab', 'aab', true],
])('%j against %j: %s', (pattern, text, matches) => {
  expect(matchesWildcard(pattern, text)).toBe(matches);
});

test('no pattern takes long', () => {
  const begun = performance.now();
  expect(matchesWildcard(`${'a*'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(1000);
});
