import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@sluice/core/clock';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import { archive } from '@sluice/testbed/osv/archive';
import { type OsvRecord, startOsv } from '@sluice/testbed/osv/start';
import { afterAll, describe, expect, test } from 'vitest';
import { openDatabase } from './database/open.ts';
import { at, list, text } from './json.ts';
import { packagesOf } from './packages.ts';
import { readSbom } from './read/read.ts';
import { osvSource } from './sources/osv.ts';
import type { Source } from './types.ts';

/** Beside this repository, or where SLUICE_SHARED says. */
const folder = [
  ...(process.env.SLUICE_SHARED === undefined ? [] : [`${process.env.SLUICE_SHARED}/conformance/sbom`]),
  fileURLToPath(new URL('../../../shared/conformance/sbom', import.meta.url)),
].find((path) => existsSync(path));

const scratch = mkdtempSync(join(tmpdir(), 'sluice-conformance-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const json = (name: string): unknown => JSON.parse(readFileSync(join(folder ?? '', name), 'utf8'));

/** Package, version and id of each, in one order. */
async function findings(source: Source): Promise<{ found: string[]; unmatched: number }> {
  const { packages, unmatched } = packagesOf([
    await readSbom(join(folder ?? '', 'proton-bridge-v1.6.3.cdx.json')),
  ]);
  const scan = await source(packages);
  const found = scan.matches.map(({ package: { name, version }, advisory }) =>
    [name, version, advisory.id].join(' '),
  );
  return { found: found.sort(), unmatched: unmatched.length + scan.unmatched.length };
}

describe.skipIf(folder === undefined)(
  'what osv-scanner found in the SBOM of another project is found, and no more',
  () => {
    const expected = (): string[] =>
      list(at(json('proton-bridge-v1.6.3.expected.json'), 'findings'))
        .map((entry) => list(entry).join(' '))
        .sort();

    test('there are 58 findings to be compared with', () => {
      expect(expected()).toHaveLength(58);
    });

    test('in a file of records', async () => {
      const source = await openDatabase(join(folder ?? '', 'osv', 'go.json'));
      expect(await findings(source)).toEqual({ found: expected(), unmatched: 0 });
    });

    test('in a folder, one file for each record, and in an archive', async () => {
      const files = list(json('osv/go.json')).map((record) => ({
        name: `${text(at(record, 'id'))}.json`,
        content: JSON.stringify(record),
      }));
      const records = join(scratch, 'records');
      mkdirSync(records);
      for (const { name, content } of files) writeFileSync(join(records, name), content);
      writeFileSync(join(scratch, 'all.zip'), archive(files));
      for (const database of [records, join(scratch, 'all.zip')]) {
        expect(await findings(await openDatabase(database))).toEqual({ found: expected(), unmatched: 0 });
      }
    });

    test("by OSV's API", async () => {
      const osv = await startOsv({
        records: list(json('osv/go.json')).flatMap(asRecord),
        pages: { query: 2 },
      });
      try {
        const ports = { url: osv.url, fetch: plainFetch, clock: systemClock, log: silentLog };
        expect(await findings(osvSource(ports))).toEqual({ found: expected(), unmatched: 0 });
        osv.expectNoViolations();
      } finally {
        await osv.close();
      }
    });
  },
);

function asRecord(value: unknown): readonly OsvRecord[] {
  return isOsvRecord(value) ? [value] : [];
}

function isOsvRecord(value: unknown): value is OsvRecord {
  return text(at(value, 'id')) !== undefined && text(at(value, 'modified')) !== undefined;
}
