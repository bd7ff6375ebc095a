import { expect, test } from 'vitest';
import { range, simulate } from './simulate.ts';

/** How often each verdict comes at least: a decision that never dared to say one would be right, and useless. */
const AT_LEAST: Readonly<Record<string, number>> = {
  'live proven': 3500,
  'failed operation-failed': 500,
  'failed needs-sync': 300,
  'failed degraded': 200,
  'failed comparison-error': 100,
  'drifted overwritten': 100,
  'not-effective overridden': 500,
};

test('no verdict of 10,000 histories is wrong, and each kind is said', { timeout: 300_000 }, () => {
  const { tally, wrong } = simulate(range(1, 10_000));
  expect(wrong.join('\n\n')).toBe('');
  const rare = Object.entries(AT_LEAST).filter(([said, least]) => (tally.get(said) ?? 0) < least);
  expect(rare.map(([said]) => `${said}: ${tally.get(said) ?? 0}`)).toEqual([]);
});
