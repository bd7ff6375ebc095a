import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { archive } from '@sluice/testbed/osv/archive';
import { type Generated, generate } from '@sluice/testbed/osv/generate';
import { type RunResult, runBundle } from '@sluice/testbed/runner';
import { goVersion } from '../rig/build.ts';
import { buildScanner, type Scanner } from '../rig/scanners.ts';
import type { Scenario } from '../run-scenarios.ts';

const action = join(import.meta.dirname, '..', '..', '..', 'actions', 'sbom-scan');
const limit = 280_000;

/** A workspace with the bill `shop.cdx.json` and the databases of `database/`, as osv-scanner has them. */
function workspaceOf({ records, sbom }: Generated) {
  const root = mkdtempSync(join(tmpdir(), 'sluice-sbom-'));
  writeFileSync(join(root, 'shop.cdx.json'), sbom);
  for (const [ecosystem, all] of records) {
    const file = join(root, 'database', 'osv-scalibr', ecosystem, 'all.zip');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      archive(all.map((record) => ({ name: `${record.id}.json`, content: JSON.stringify(record) }))),
    );
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

const scan = (
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> =>
  runBundle({ action, workspace, inputs: { sbom: 'shop.cdx.json', ...inputs }, env, timeout: limit });

async function withScanner(scanner: Scanner, more: Readonly<Record<string, string>>) {
  const go = await goVersion();
  assert.ok(go, 'scanners are built with Go');
  return { PATH: `${await buildScanner(scanner, go, console.log)}:${process.env.PATH ?? ''}`, ...more };
}

/** Each finding as one text: package, version, and all its names. */
function findingsOf(run: RunResult): readonly string[] {
  const result: unknown = JSON.parse(run.outputs.result ?? '{}');
  assert.ok(typeof result === 'object' && result !== null && 'findings' in result, run.log);
  assert.ok(Array.isArray(result.findings));
  return result.findings
    .map(({ id, aliases, package: { ecosystem, name }, version, fixed }) =>
      JSON.stringify([ecosystem, name, version, [id, ...aliases].sort(), fixed]),
    )
    .sort();
}

function expectNoScan(run: RunResult, reason: string): void {
  const { verdict, ok, reason: why } = run.outputs;
  assert.deepEqual([verdict, ok, why, run.exitCode], ['could-not-scan', 'unknown', reason, 1], run.log);
}

/** What the real scanners find in the same bill, by the same database. */
export const sboms: readonly Scenario<unknown>[] = [
  {
    title: 'osv-scanner finds by the same databases what sbom-scan finds, in nine ecosystems',
    async run() {
      const env = await withScanner('osv-scanner', {});
      for (const seed of [1, 2, 3]) {
        using workspace = workspaceOf(generate({ records: 180, components: 270, seed }));
        const database = join(workspace.root, 'database');
        const ours = await scan(workspace.root, { source: 'database', database: 'database' });
        const theirs = await scan(
          workspace.root,
          { source: 'osv-scanner' },
          { ...env, OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: database },
        );
        assert.equal(ours.outputs.verdict, 'vulnerable', ours.log);
        assert.equal(theirs.outputs.verdict, 'vulnerable', theirs.log);
        assert.ok(findingsOf(ours).length > 50, ours.outputs.summary);
        assert.deepEqual(findingsOf(theirs), findingsOf(ours));
        assert.deepEqual([ours.outputs.unmatched, theirs.outputs.unmatched], ['0', '0']);
      }
    },
  },
  {
    title: 'osv-scanner without a database of one ecosystem, and without a record in it: could not scan',
    async run() {
      const env = await withScanner('osv-scanner', {});
      using workspace = workspaceOf(generate({ records: 90, components: 90, seed: 4 }));
      const database = join(workspace.root, 'database');
      const file = join(database, 'osv-scalibr', 'npm', 'all.zip');
      const run = () =>
        scan(
          workspace.root,
          { source: 'osv-scanner' },
          { ...env, OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: database },
        );
      for (const content of [archive([]), archive([{ name: 'A-1.json', content: '{' }]), Buffer.from('PK')]) {
        writeFileSync(file, content);
        expectNoScan(await run(), 'scanner-database');
      }
      rmSync(file);
      expectNoScan(await run(), 'scanner-database');
    },
  },
  {
    title: 'grype without a database: could not scan',
    async run() {
      using workspace = workspaceOf(generate({ records: 9, components: 9, seed: 5 }));
      const nowhere = join(workspace.root, 'nowhere');
      const env = await withScanner('grype', { GRYPE_DB_CACHE_DIR: nowhere, GRYPE_DB_AUTO_UPDATE: 'false' });
      expectNoScan(await scan(workspace.root, { source: 'grype' }, env), 'scanner-database');
      // It tries to get one, and cannot.
      const url = 'http://127.0.0.1:9/';
      const updating = { ...env, GRYPE_DB_AUTO_UPDATE: 'true', GRYPE_DB_UPDATE_URL: url };
      expectNoScan(await scan(workspace.root, { source: 'grype' }, updating), 'scanner-database');
    },
  },
];
