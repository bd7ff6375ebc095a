import { expect, test } from 'vitest';
import { grouped } from './grouped.ts';

test.each([
  0, 7, 999, 1000, 12_345, 123_456, 1_234_567, -1, -999, -1000,
])('%d is written as in English', (number) => {
  expect(grouped(number)).toBe(number.toLocaleString('en-US'));
});
