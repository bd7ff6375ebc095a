// `npm test`: every check that needs nothing but Node, npm and git. Says what it does, how long each took, and the sum.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compareFolders } from './compare-folders.ts';
import { staleGenerated } from './generate.ts';
import { type Counts, start, vitest } from './vitest.ts';

interface Stage {
  readonly name: string;
  readonly what: string;
  readonly run: () => Promise<Counts>;
}

const temporary = mkdtempSync(path.join(tmpdir(), 'sluice-test-'));

const one = (passed: boolean): Counts => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });

const check =
  (command: string, ...args: string[]) =>
  async () =>
    one((await start(command, args)) === 0);

async function bundlesAreFresh(): Promise<Counts> {
  const built = path.join(temporary, 'dist');
  const code = await start('rolldown', [
    '--config',
    'rolldown.config.ts',
    '--dir',
    built,
    '--logLevel',
    'warn',
  ]);
  const differing = code === 0 ? compareFolders('dist', built) : ['rolldown failed'];
  if (differing.length > 0)
    console.log(`dist/ is stale: run \`npm run build\` and commit it. Differing: ${differing.join(', ')}`);
  return one(differing.length === 0);
}

async function generatedIsFresh(): Promise<Counts> {
  const stale = staleGenerated();
  if (stale.length > 0) console.log(`Stale: ${stale.join(', ')}. Run \`npm run build\` and commit them.`);
  return one(stale.length === 0);
}

const stages: readonly Stage[] = [
  { name: 'types', what: 'TypeScript, strict', run: check('tsc', '--project', '.') },
  {
    name: 'lint',
    what: 'Biome: format and lint, warnings are errors',
    run: check('biome', 'ci', '--error-on-warnings', '.'),
  },
  { name: 'unused', what: 'knip: files, exports and dependencies nobody uses', run: check('knip') },
  { name: 'dist', what: 'the committed bundles are the ones that the sources build', run: bundlesAreFresh },
  {
    name: 'generated',
    what: 'README tables and result schemas are the ones that action.yml and the types give',
    run: generatedIsFresh,
  },
  {
    name: 'tests',
    what: 'unit, contract, acceptance (the bundles as processes) and workflow tests; `npm run long` has more whole runs',
    run: () => vitest('vitest.config.ts', process.argv.slice(2)),
  },
];

const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const stage of stages) {
  console.log(`\n── ${stage.name}: ${stage.what}`);
  const begun = performance.now();
  const counts = await stage.run();
  sum.passed += counts.passed;
  sum.failed += counts.failed;
  sum.skipped += counts.skipped;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  lines.push(
    `${seconds} s  ${stage.name.padEnd(10)} ${counts.failed === 0 ? 'ok' : `${counts.failed} FAILED`}`,
  );
}
rmSync(temporary, { recursive: true, force: true });
console.log(`\n${lines.join('\n')}\n\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
