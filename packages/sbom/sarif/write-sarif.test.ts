import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { finding } from '../test-findings.ts';
import type { Finding } from '../types.ts';
import { writeSarif } from './write-sarif.ts';

let root: string;
let outside: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sarif-'));
  outside = mkdtempSync(join(tmpdir(), 'outside-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
  rmSync(outside, { recursive: true });
});

const write = (file: string, findings: readonly Finding[] = [finding()], largest?: number) =>
  writeSarif(
    file,
    root,
    { findings, filesOf: () => ['sbom.json'], scanned: ['sbom.json'], named: ['*.json'] },
    largest,
  );

it('makes the folders of the file, and writes over an older one', async () => {
  await write('out/deep/x.sarif');
  const older = readFileSync(join(root, 'out/deep/x.sarif'), 'utf8');
  expect(await write('out/deep/x.sarif', [])).toEqual({ omitted: 0 });
  const newer = JSON.parse(readFileSync(join(root, 'out/deep/x.sarif'), 'utf8'));
  expect(newer.runs[0].results).toEqual([]);
  expect(JSON.parse(older).runs[0].results).toHaveLength(1);
});

it.each([
  ['a symbolic link', 'link.sarif'],
  ['a folder that leads out', 'folder/x.sarif'],
  ['a folder below one that leads out', 'folder/new/x.sarif'],
  ['a folder', 'there'],
])('writes nothing through %s', async (_, file) => {
  writeFileSync(join(outside, 'target'), 'untouched');
  symlinkSync(join(outside, 'target'), join(root, 'link.sarif'));
  symlinkSync(outside, join(root, 'folder'));
  await write('there/x.sarif');
  await expect(write(file)).rejects.toMatchObject({ code: 'sarif-not-written', kind: 'platform' });
  expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('untouched');
  expect(existsSync(join(outside, 'new'))).toBe(false);
});

it('leaves out the least severe where GitHub takes no larger file, and says how many', async () => {
  const noise = () => randomBytes(700).toString('base64');
  const many = Array.from({ length: 300 }, (_, at) => finding({ id: `GHSA-${at}`, summary: noise() }));
  const { omitted } = await write('x.sarif', many, 100_000);
  const text = readFileSync(join(root, 'x.sarif'));
  expect(gzipSync(text).length).toBeLessThanOrEqual(100_000);
  const { results } = JSON.parse(text.toString()).runs[0];
  expect(results.length + omitted).toBe(300);
  expect(omitted).toBeGreaterThan(0);
  expect(results.length).toBeGreaterThan(50);
  expect(results[0].ruleId).toBe('GHSA-0');
});
