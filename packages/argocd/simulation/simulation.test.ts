import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { wrongWith } from './judge.ts';
import { driveLoop } from './loop.ts';
import { scenarioOf } from './scenario.ts';
import { LOOP_SEEDS, SEEDS } from './seeds.ts';
import { range, simulate } from './simulate.ts';
import { tell } from './tell.ts';

// Of 10,000 among the long tests.
test('no verdict of 200 histories is wrong, and none is kept back', { timeout: 60_000 }, () => {
  const { tally, wrong } = simulate(range(1, 200));
  expect(wrong.join('\n\n')).toBe('');
  expect(tally.get('live proven')).toBeGreaterThan(60);
});

test.each(SEEDS)('seed %i: %s', (seed) => {
  expect(simulate([seed]).wrong.join('\n')).toBe('');
});

test('nor is one of the loop itself, with what it gathers', { timeout: 60_000 }, async () => {
  const wrong: string[] = [];
  let live = 0;
  for (const seed of range(20_001, 50)) {
    const end = await driveLoop(scenarioOf(seed));
    const why = wrongWith(end);
    if (why !== undefined) wrong.push(tell(end, why));
    if (end.verdict.verdict === 'live') live += 1;
  }
  expect(wrong.join('\n\n')).toBe('');
  expect(live).toBeGreaterThan(12);
});

test.each(LOOP_SEEDS)('seed %i of the loop: %s', async (seed) => {
  const end = await driveLoop(scenarioOf(seed));
  const why = wrongWith(end);
  expect(why === undefined ? '' : tell(end, why)).toBe('');
});

test('the simulator shares nothing with what decides', () => {
  const folder = new URL('./world/', import.meta.url);
  const imported = readdirSync(folder).flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/from '([^']+)'/g)].map(([, name = '']) => name),
  );
  expect(imported.filter((name) => !/^(node:|\.\/[\w-]+\.ts$)/.test(name))).toEqual([]);
});
