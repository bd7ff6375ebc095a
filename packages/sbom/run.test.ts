import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContext } from '@sluice/core/context';
import { commonInputsWithoutLogin, parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { silentLog } from '@sluice/core/log';
import type { World } from '@sluice/core/run';
import { expect, onTestFinished, test } from 'vitest';
import { type ScanInputs, scanInputs } from './inputs.ts';
import { scanVerdicts } from './page/outcome.ts';
import { runSbomScan } from './run.ts';

const library = (name: string, type = 'npm') => ({
  ...{ type: 'library', name, version: '6.5.0', purl: `pkg:${type}/${name}@6.5.0`, 'bom-ref': name },
});
const ADVISORY = {
  id: 'GHSA-1',
  modified: '2026-01-01T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'qs' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
    },
  ],
};

/** Scans SBOMs that list these, in a folder of its own. */
async function scan(sboms: readonly (readonly object[])[], given: Partial<ScanInputs> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [at, components] of sboms.entries())
    writeFileSync(
      join(root, `${at}.json`),
      JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components }),
    );
  writeFileSync(join(root, 'db.json'), JSON.stringify(ADVISORY));
  const inputs = parseInputs(
    { ...scanInputs, ...commonInputsWithoutLogin(scanVerdicts) },
    {
      INPUT_SBOM: sboms.map((_, at) => `${at}.json`).join('\n'),
      ...{ INPUT_SOURCE: 'database', INPUT_DATABASE: 'db.json', INPUT_SARIF: 'x.sarif' },
    },
  );
  const world: World = {
    context: { ...readContext({}), workspace: root, tempDir: root },
    ...{ env: {}, log: silentLog, exec: systemExec, fetch: globalThis.fetch },
    clock: { now: () => Date.parse('2026-11-21'), sleep: async () => {} },
    signal: new AbortController().signal,
    learn: () => {},
    hide: (text) => text,
  };
  const { verdict, outputs, result } = await runSbomScan({ ...inputs, ...given }, world);
  return { verdict, outputs, warnings: JSON.stringify(result), isWritten: existsSync(join(root, 'x.sarif')) };
}

test('SARIF is written where all was looked up', async () => {
  expect(await scan([[library('qs')]])).toMatchObject({
    ...{ verdict: 'vulnerable', isWritten: true, outputs: { sarif: 'x.sarif' } },
    warnings: expect.not.stringContaining('was not written'),
  });
});

test.each<[string, readonly (readonly object[])[], Partial<ScanInputs>]>([
  ['an SBOM lists nothing', [[library('qs')], []], {}],
  ['too many could not be looked up', [[library('qs'), library('x', 'foo')]], { 'max-unmatched': 0 }],
])('SARIF is not written where %s, and that is said: it would close its alerts', async (_, sboms, given) => {
  expect(await scan(sboms, given)).toMatchObject({
    ...{ verdict: 'vulnerable', isWritten: false, outputs: { sarif: '' } },
    warnings: expect.stringContaining('x.sarif was not written'),
  });
});
