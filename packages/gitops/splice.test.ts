import { expect, test } from 'vitest';
import { applySplices } from './splice.ts';

test('splices apply in any order, and nothing between them changes', () => {
  const splices = [
    { start: 7, end: 8, text: 'three' },
    { start: 0, end: 1, text: 'one' },
    { start: 4, end: 4, text: 'two' },
  ];
  expect(applySplices('a 🚀 b c', splices)).toBe('one 🚀two b three');
});

test('two that overlap are refused', () => {
  const splices = [
    { start: 0, end: 3, text: 'x' },
    { start: 2, end: 4, text: 'y' },
  ];
  expect(() => applySplices('abcdef', splices)).toThrow(/overlap/);
});
