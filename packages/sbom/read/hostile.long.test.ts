import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { isRecord, type JsonRecord } from '../json.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-sbom-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What reading takes, of memory all that the process ever had. */
async function measure(name: string, pieces: Iterable<string>): Promise<JsonRecord> {
  const path = join(folder, `${name}.json`);
  const file = openSync(path, 'w');
  for (const piece of pieces) writeSync(file, piece);
  closeSync(file);
  const program = new URL('./fixtures/measure.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program, path]);
  rmSync(path);
  const said: unknown = JSON.parse(stdout);
  return isRecord(said) ? said : {};
}

const head = '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[';
function* times(count: number, piece: (index: number) => string): Iterable<string> {
  for (let index = 0; index < count; index += 1) yield piece(index);
}
function* around(start: string, inner: Iterable<string>, end: string): Iterable<string> {
  yield start;
  yield* inner;
  yield end;
}

/** As cyclonedx-gomod writes one, some 800 bytes. */
const component = (index: number): string =>
  `${index === 0 ? '' : ','}${JSON.stringify({
    'bom-ref': `pkg:golang/github.com/acme/module-${index}@v1.0.${index}`,
    type: 'library',
    name: `github.com/acme/module-${index}`,
    version: `v1.0.${index}`,
    scope: 'required',
    hashes: [{ alg: 'SHA-256', content: 'c0ffee'.repeat(11) }],
    licenses: [{ license: { id: 'BSD-3-Clause', url: 'https://spdx.org/licenses/BSD-3-Clause.html' } }],
    purl: `pkg:golang/github.com/acme/module-${index}@v1.0.${index}`,
    description: 'x'.repeat(280),
    externalReferences: [{ url: `https://github.com/acme/module-${index}`, type: 'vcs' }],
  })}`;

describe('what is large', () => {
  it('200 MB of components take less than 500 MB', { timeout: 180_000 }, async () => {
    const said = await measure('large', around(head, times(240_000, component), ']}'));
    expect(said).toMatchObject({ packages: 240_000, unmatched: 0 });
    expect(said.megabytes).toBeLessThan(500);
  });

  it('100,000 levels of components within each other are read', { timeout: 60_000 }, async () => {
    const levels = times(
      100_000,
      (index) => `{"name":"n${index}","purl":"pkg:npm/n${index}@1.0.0","components":[`,
    );
    const said = await measure('deep', around(head, around('', levels, ']}'.repeat(100_000)), ']}'));
    expect(said).toMatchObject({ packages: 100_000 });
    expect(said.megabytes).toBeLessThan(500);
  });

  it.each<[string, Iterable<string>, string]>([
    ['brackets', times(200, () => '['.repeat(1_000_000)), 'more than 1000000 levels deep'],
    [
      'a text',
      around(
        '{"bomFormat":"',
        times(200, () => 'a'.repeat(1_000_000)),
        '"}',
      ),
      'more than 48 MB in one text',
    ],
    [
      'a name',
      around(
        '{"',
        times(200, () => 'a'.repeat(1_000_000)),
        '":1}',
      ),
      'more than 48 MB in one text',
    ],
    [
      'components',
      around(
        head,
        times(200, () => '{"name":""},'.repeat(90_000)),
        '{"name":""}]}',
      ),
      'more than 500000 components',
    ],
    [
      'values',
      around(
        '{"metadata":[',
        times(200, () => '{},'.repeat(300_000)),
        '1]}',
      ),
      'more than 2000000 values at once',
    ],
    [
      'values of a smaller file',
      around(
        '{"metadata":[',
        times(40, () => '{},'.repeat(300_000)),
        '1]}',
      ),
      'more than 2000000 values at once',
    ],
  ])(
    '200 MB of %s end in an error, in less than 500 MB',
    { timeout: 60_000 },
    async (name, pieces, expected) => {
      const said = await measure(name.replaceAll(' ', '-'), pieces);
      expect(said.error).toContain(expected);
      expect(said.megabytes).toBeLessThan(500);
    },
  );

  it('200 MB of what is not read cost nothing', { timeout: 60_000 }, async () => {
    const ignored = around(
      '{"vulnerabilities":[',
      times(200, () => '{"a":[1,"b"]},'.repeat(70_000)),
      '0],',
    );
    const said = await measure('ignored', around('', ignored, `${head.slice(1)}]}`));
    expect(said).toMatchObject({ packages: 0, unmatched: 0 });
    expect(said.megabytes).toBeLessThan(200);
  });
});
