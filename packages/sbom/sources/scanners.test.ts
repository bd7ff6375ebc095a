import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import { silentLog } from '@sluice/core/log';
import { archive } from '@sluice/testbed/osv/archive';
import { expect, test } from 'vitest';
import { grypeSource } from './grype.ts';
import { osvScannerSource } from './osv-scanner.ts';
import { qs, temporary } from './test-scanners.ts';
import { trivySource } from './trivy.ts';

test.each([
  ['grype', grypeSource],
  ['trivy', trivySource],
  ['osv-scanner', osvScannerSource],
] as const)('%s is not run for no package, and where it is missing that is said', async (name, make) => {
  const folder = temporary();
  const env = { PATH: folder, OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: folder };
  const lines: string[] = [];
  const log = { ...silentLog, info: (line: string) => void lines.push(line) };
  const source = make({ exec: systemExec, env, log, tempDir: folder });
  expect((await source([])).matches).toEqual([]);
  const file = join(folder, 'osv-scalibr', 'npm', 'all.zip');
  mkdirSync(dirname(file), { recursive: true });
  const affected = [{ package: { ecosystem: 'npm', name: 'x' }, versions: ['1'] }];
  const content = JSON.stringify({ id: 'A-1', modified: '2026-01-01T00:00:00Z', affected });
  writeFileSync(file, archive([{ name: 'a.json', content }]));
  await expect(source([qs])).rejects.toMatchObject({
    code: 'program-missing',
    message: expect.stringContaining(name),
  });
  expect(lines).toEqual([`Running ${name} over 1 package`]);
});
