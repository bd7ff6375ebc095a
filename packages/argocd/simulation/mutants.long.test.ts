import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MUTANTS } from './mutants-late.ts';
import { copyPackage, killerOf } from './test-mutation.ts';

/** Most are shown by one of the first; the rest by a test beside the rule. */
const SEEDS = 1500;

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'mutants-'));
  await copyPackage(copy);
});
afterAll(() => rm(copy, { recursive: true, force: true }));

describe('a decision with a broken rule is found out', { timeout: 180_000 }, () => {
  test.each(MUTANTS.map((one) => [one.rule, one] as const))('%s', async (_, mutant) => {
    expect(await killerOf(mutant, copy, SEEDS)).toBeDefined();
  });
});
