import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { zipOf } from './test-zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-bounds-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MEGABYTE = 1024 * 1024;
const record = (id: string, details: string): string =>
  JSON.stringify({
    id,
    details,
    affected: [
      {
        package: { ecosystem: 'npm', name: 'qs' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
      },
    ],
  });

/** What a process of its own says of one package, and the memory that it took, in MB. */
async function scanIn(path: string): Promise<{ said: string; memory: number }> {
  const code = `
    const { openDatabase } = await import(process.argv[1]);
    const asked = { purl: 'pkg:npm/qs@1.0.0', ecosystem: 'npm', name: 'qs', version: '1.0.0', paths: [], files: [] };
    const said = await openDatabase(process.argv[2]).then((source) => source([asked])).then(
      ({ matches }) => matches.length + ' matches', (error) => error.code);
    // Not maxRSS: a process takes that over from the one that started it.
    const [, peak] = /VmHWM:\\s+(\\d+)/.exec((await import('node:fs')).readFileSync('/proc/self/status', 'utf8'));
    console.log(JSON.stringify({ said, memory: Number(peak) / 1024 }));`;
  const module = new URL('./open.ts', import.meta.url).href;
  const args = ['--input-type=module', '-e', code, module, path];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { said, memory }: { said: string; memory: number } = JSON.parse(stdout);
  return { said, memory };
}

const onLinux = test.skipIf(process.platform !== 'linux');

onLinux(
  'a list of 400 MB is read in less memory than it has',
  async () => {
    const path = join(folder, 'all.json');
    const file = openSync(path, 'w');
    const details = 'A "quoted" word, and \\ another. '.repeat(3000);
    for (let index = 0; index < 4000; index++)
      writeSync(file, `${index === 0 ? '[' : ','}${record(`X-${index}`, details)}\n`);
    writeSync(file, ']');
    closeSync(file);
    const { said, memory } = await scanIn(path);
    expect(said).toBe('4000 matches');
    expect(memory).toBeLessThan(300);
  },
  60_000,
);

onLinux(
  'an archive that unpacks to a thousand times its size is refused in bounded memory',
  async () => {
    const text = Buffer.alloc(200 * MEGABYTE, ' ');
    text.write('{"id":"X-1","details":"');
    const path = join(folder, 'bomb.zip');
    writeFileSync(path, zipOf({ 'X-1.json': { text } }));
    const { said, memory } = await scanIn(path);
    expect(said).toBe('database-too-large');
    expect(memory).toBeLessThan(300);
  },
  60_000,
);
