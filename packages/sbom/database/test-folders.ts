import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Package, Scan } from '../types.ts';
import { LIMITS, type Limits } from './limits.ts';
import { openDatabase } from './open.ts';
import { zipOf } from './test-zip.ts';

export const root = mkdtempSync(join(tmpdir(), 'sluice-database-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

/** A folder with these files. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export const fileOf = (content: string | Buffer): string => join(folderOf({ db: content }), 'db');

/** Affects `name` before 2.0.0. */
export const record = (id: string, name: string, more: object = {}, ecosystem = 'npm') => ({
  id,
  modified: '2024-05-01T00:00:00Z',
  affected: [
    {
      package: { ecosystem, name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
    },
  ],
  ...more,
});

export const json = (...args: Parameters<typeof record>): string => JSON.stringify(record(...args));

export const installed = (name: string, version: string, ecosystem = 'npm'): Package => ({
  purl: `pkg:${ecosystem}/${name}@${version}`,
  ecosystem,
  name,
  version,
  paths: [],
  files: ['bom.json'],
});

export const PACKAGES = [installed('qs', '1.0.0'), installed('ms', '1.0.0'), installed('ok', '1.0.0')];

export const scan = async (path: string, packages = PACKAGES, limits: Limits = LIMITS): Promise<Scan> =>
  (await openDatabase(path, limits))(packages);

export const found = ({ matches }: Scan): readonly string[] =>
  matches.map((match) => `${match.package.name}@${match.package.version} ${match.advisory.id}`).sort();

export const BOTH = ['ms@1.0.0 X-2', 'qs@1.0.0 X-1'];
export const [one, two] = [json('X-1', 'qs'), json('X-2', 'ms')];
export const archive = zipOf({ 'X-1.json': one, 'X-2.json': { text: two, stored: true } });
