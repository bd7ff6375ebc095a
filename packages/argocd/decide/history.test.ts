import { expect, it } from 'vitest';
import { remember } from './history.ts';
import { application, seconds } from './testing.ts';
import type { History } from './types.ts';

/** What is remembered of applications that were compared at these times and shown in this order. */
const after = (...comparisons: readonly number[]): History =>
  comparisons.reduce<History | undefined>(
    (before, reconciledAt, index) =>
      remember(before, { application: application({ reconciledAt }), takenAt: seconds(20 + index) }),
    undefined,
  ) ?? remember(undefined, { application: application(), takenAt: 0 });

it('a comparison counts as a turn when it is later than all that were seen', () => {
  expect(after(10).compared.turns).toBe(0);
  expect(after(10, 10, 11).compared.turns).toBe(1);
  expect(after(10, 11, 12).compared.turns).toBe(2);
});

it('what is shown late makes no turn: a stream may show what was under way before the first answer', () => {
  expect(after(10, 8, 9, 10).compared).toEqual({ at: seconds(10), turns: 0 });
  expect(after(10, 9, 11, 10, 11).compared.turns).toBe(1);
});
