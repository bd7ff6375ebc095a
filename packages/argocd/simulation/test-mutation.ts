import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Mutant } from './mutants.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A copy of the package in which rules can be broken. */
export async function copyPackage(into: string): Promise<void> {
  await mkdir(join(into, 'packages'), { recursive: true });
  await cp(join(ROOT, 'packages/argocd'), join(into, 'packages/argocd'), { recursive: true });
  for (const name of [
    'node_modules',
    'packages/gitops',
    'packages/core',
    'packages/testbed',
    'package.json',
  ]) {
    await symlink(join(ROOT, name), join(into, name));
  }
}

/** By what a broken rule was found out; undefined where nothing noticed. */
export async function killerOf(mutant: Mutant, copy: string, seeds: number): Promise<string | undefined> {
  const path = join(copy, 'packages/argocd/decide', mutant.file);
  const source = await readFile(path, 'utf8');
  const parts = source.split(mutant.from);
  if (parts.length !== 2) throw new Error(`${mutant.file} holds ${mutant.from} ${parts.length - 1} times`);
  await writeFile(path, parts.join(mutant.to));
  try {
    return mutant.test === undefined
      ? await bySeeds(copy, seeds, mutant.seed)
      : await byTest(mutant.test, copy);
  } finally {
    await writeFile(path, source);
  }
}

async function bySeeds(copy: string, seeds: number, first?: number): Promise<string | undefined> {
  const program = `
    import { range, simulate } from '${join(copy, 'packages/argocd/simulation/simulate.ts')}';
    const { wrongSeeds, wrong } = simulate([...${JSON.stringify(first === undefined ? [] : [first])}, ...range(1, ${seeds})], 1);
    if (wrongSeeds.length > 0) console.log('seed ' + wrongSeeds[0] + ': ' + (wrong[0] ?? '').split('WRONG: ')[1]?.split('\\n')[0]);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  return stdout.trim() || undefined;
}

async function byTest(test: string, copy: string): Promise<string | undefined> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  try {
    await run(process.execPath, [vitest, 'run', '--no-color', `decide/${test}`], {
      cwd: join(copy, 'packages/argocd'),
    });
    return undefined;
  } catch {
    return test;
  }
}
