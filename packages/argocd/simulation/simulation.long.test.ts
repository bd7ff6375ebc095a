import { expect, test } from 'vitest';
import { wrongWith } from './judge.ts';
import { driveLoop } from './loop.ts';
import { scenarioOf } from './scenario.ts';
import { range, simulate } from './simulate.ts';
import { tell } from './tell.ts';

/** How often each verdict comes at least: a decision that never dared to say one would be right, and useless. */
const AT_LEAST: Readonly<Record<string, number>> = {
  'live proven': 3500,
  'failed operation-failed': 500,
  'failed needs-sync': 300,
  'failed degraded': 300,
  'failed comparison-error': 200,
  'failed sync-error': 25,
  'drifted overwritten': 150,
  'drifted live-drift': 15,
  'superseded superseded': 100,
  'not-effective overridden': 500,
  'not-effective stale-manifests': 20,
};

test('no verdict of 10,000 histories is wrong, and each kind is said', { timeout: 300_000 }, () => {
  const { tally, wrong } = simulate(range(1, 10_000));
  expect(wrong.join('\n\n')).toBe('');
  const rare = Object.entries(AT_LEAST).filter(([said, least]) => (tally.get(said) ?? 0) < least);
  expect(rare.map(([said]) => `${said}: ${tally.get(said) ?? 0}`)).toEqual([]);
});

test('nor is one of 10,000 that the loop itself follows', { timeout: 600_000 }, async () => {
  const wrong: string[] = [];
  for (const seed of range(30_001, 10_000)) {
    const end = await driveLoop(scenarioOf(seed));
    const why = wrongWith(end);
    if (why !== undefined && wrong.length < 5) wrong.push(tell(end, why));
  }
  expect(wrong.join('\n\n')).toBe('');
});
