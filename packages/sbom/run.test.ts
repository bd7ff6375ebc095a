import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContext } from '@sluice/core/context';
import { commonInputsWithoutLogin, parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { type Log, silentLog } from '@sluice/core/log';
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
async function scan(
  sboms: readonly (readonly object[])[],
  given: Partial<ScanInputs> = {},
  { allow = '', log = silentLog }: { allow?: string } & Partial<Pick<World, 'log'>> = {},
) {
  const root = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [at, components] of sboms.entries())
    writeFileSync(
      join(root, `${at}.json`),
      JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components }),
    );
  writeFileSync(join(root, 'db.json'), JSON.stringify(ADVISORY));
  writeFileSync(join(root, 'allow.yml'), allow);
  const inputs = parseInputs(
    { ...scanInputs, ...commonInputsWithoutLogin(scanVerdicts) },
    {
      INPUT_SBOM: sboms.map((_, at) => `${at}.json`).join('\n'),
      ...{ INPUT_SOURCE: 'database', INPUT_DATABASE: 'db.json', INPUT_SARIF: 'x.sarif' },
      'INPUT_ALLOW-LIST': 'allow.yml',
    },
  );
  const world: World = {
    context: { ...readContext({}), workspace: root, tempDir: root },
    ...{ env: {}, log, exec: systemExec, fetch: globalThis.fetch },
    clock: { now: () => Date.parse('2026-11-21'), sleep: async () => {} },
    signal: new AbortController().signal,
    learn: () => {},
    hide: (text) => text,
  };
  const { verdict, reason, outputs, result } = await runSbomScan({ ...inputs, ...given }, world);
  return {
    verdict,
    reason,
    outputs,
    warnings: JSON.stringify(result),
    isWritten: existsSync(join(root, 'x.sarif')),
  };
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

const besides = (purl?: string) => [library('ws'), { type: 'library', name: 'qs', ...(purl && { purl }) }];

test.each([
  ['a range as its version', 'pkg:npm/qs@%5E6.7.0'],
  ['no version', 'pkg:npm/qs'],
  ['a purl that is none', 'pkg:npm/q%20s@6.5.0'],
])('SARIF is not written beside a component with %s: it may hold an alert', async (_, purl) => {
  expect(await scan([besides(purl)])).toMatchObject({
    ...{ verdict: 'clean', isWritten: false, outputs: { sarif: '' } },
    warnings: expect.stringContaining(
      `x.sarif was not written: it would close the alerts of 1 component that could not be looked up: ${purl}.`,
    ),
  });
});

test.each([
  ['without purl', undefined],
  ['of an ecosystem that is looked up nowhere', 'pkg:generic/busybox@1.36'],
])('SARIF is written beside a component %s: no run has looked it up', async (_, purl) => {
  expect(await scan([besides(purl)])).toMatchObject({
    ...{ verdict: 'clean', isWritten: true, outputs: { sarif: 'x.sarif', unmatched: '1' } },
    warnings: expect.not.stringContaining('was not written'),
  });
});

test('SARIF is written where all was looked up and only an allowance that nothing needs has expired', async () => {
  const allow = '- {id: GHSA-9, reason: r, expires: 2026-01-01}\n';
  expect(await scan([[library('ws')]], {}, { allow })).toMatchObject({
    ...{ verdict: 'could-not-scan', reason: 'expired-allowance', isWritten: true },
    ...{
      outputs: { findings: '0', sarif: 'x.sarif' },
      warnings: expect.not.stringContaining('was not written'),
    },
  });
});

test('the log says what was read, and what came of a scan that is clean', async () => {
  const lines: string[] = [];
  const log: Log = { ...silentLog, info: (line) => lines.push(line) };
  await scan([[library('ws'), { type: 'file', name: 'a.txt' }]], {}, { log });
  expect(lines).toEqual([
    '0.json (CycloneDX 1.5): 1 package to look up, 1 component that is no package',
    '0.json has no known vulnerability.',
  ]);
});

test('each line that is wrong with a file is an error at that line', async () => {
  const places: unknown[] = [];
  const log: Log = { ...silentLog, error: (_, place) => places.push(place) };
  const allow = '- {id: GHSA-9, reason: r}\n- {id: GHSA-9, expires: 2026-01-01}\n';
  await expect(scan([[library('ws')]], {}, { allow, log })).rejects.toThrow('allow.yml cannot be used: ');
  expect(places).toEqual([
    { file: 'allow.yml', line: 1 },
    { file: 'allow.yml', line: 2 },
  ]);
});
