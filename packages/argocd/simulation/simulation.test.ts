import { expect, test } from 'vitest';
import { range, simulate } from './simulate.ts';

test('no verdict of 500 histories is wrong, and none is kept back', { timeout: 60_000 }, () => {
  const { tally, wrong } = simulate(range(1, 500));
  expect(wrong.join('\n\n')).toBe('');
  expect(tally.get('live proven')).toBeGreaterThan(180);
});
