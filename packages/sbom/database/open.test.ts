import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from './open.ts';
import {
  archive,
  BOTH,
  fileOf,
  folderOf,
  found,
  installed,
  json,
  one,
  PACKAGES,
  scan,
  two,
} from './test-folders.ts';
import { zipOf } from './test-zip.ts';

describe('reads', () => {
  test.each([
    ['a list', () => fileOf(`[${one},\n${two}]`)],
    ['one record after another', () => fileOf(`${one}\n${two}\n`)],
    ['a file that begins with a byte order mark', () => fileOf(`\ufeff[${one},${two}]`)],
    ['a zip, packed and stored, of any name', () => fileOf(archive)],
    ['a list in a zip', () => fileOf(zipOf({ 'all.json': `[${one},${two}]` }))],
    ['a folder', () => folderOf({ 'a/X-1.json': one, 'b/c/X-2.json': two })],
    [
      'a folder of zips',
      () => folderOf({ 'one.zip': zipOf({ 'X-1.json': one }), 'two.zip': zipOf({ 'x.json': two }) }),
    ],
    ["osv-scanner's folder", () => folderOf({ 'osv-scalibr/npm/all.zip': archive })],
    [
      'a folder with other files',
      () => folderOf({ 'all.jsonl': `${one}\n${two}`, 'README.md': '#', '.git/x.json': 'x' }),
    ],
    [
      'a folder with the scores of EPSS',
      () => folderOf({ 'all.jsonl': `${one}\n${two}`, 'epss_scores-current.csv.gz': 'x' }),
    ],
    [
      'a folder where what was unpacked lies beside it',
      () => folderOf({ 'all.zip': archive, 'all.zip.gz': 'x' }),
    ],
    [
      "the index of Go's database beside its records",
      () =>
        folderOf({
          'ID/X-1.json': one,
          'ID/X-2.json': two,
          'index/modules.json': '[{"path":"x"}]',
          'index/db.json': '{}',
        }),
    ],
    [
      "the index of Go's database in its zip",
      () => fileOf(zipOf({ 'index/db.json': '{}', 'ID/': '', 'ID/X-1.json': one, 'ID/X-2.json': two })),
    ],
  ])('%s', async (_, make) => {
    const result = await scan(make());
    expect(found(result)).toEqual(BOTH);
    expect([result.source, result.day]).toEqual(['OSV database of 2024-05-01, 2 records', '2024-05-01']);
    expect(result.unmatched).toEqual([]);
  });

  test('one record', async () => {
    expect(found(await scan(fileOf(one)))).toEqual(['qs@1.0.0 X-1']);
  });

  test('a folder through a link, and not again where a link leads up', async () => {
    const folder = folderOf({ 'in/X-1.json': one, 'out/x': '' });
    symlinkSync(folder, join(folder, 'in', 'up'));
    symlinkSync(join(folder, 'in'), join(folder, 'link'));
    expect(found(await scan(folder))).toEqual(['qs@1.0.0 X-1']);
  });

  test('the same in any number of calls', async () => {
    const source = await openDatabase(fileOf(archive));
    expect(await source(PACKAGES)).toEqual(await source(PACKAGES));
  });
});

describe('answers', () => {
  test('with the advisory and the versions that mend it', async () => {
    const { matches } = await scan(
      fileOf(json('X-1', 'qs', { aliases: ['CVE-2024-1'], summary: 'Pollution' })),
    );
    expect(matches).toEqual([
      {
        package: PACKAGES[0],
        advisory: { id: 'X-1', aliases: ['CVE-2024-1'], summary: 'Pollution', ratings: [] },
        fixed: ['2.0.0'],
      },
    ]);
  });

  test('for each version of a package by itself', async () => {
    const packages = [installed('qs', '1.9.9'), installed('qs', '2.0.0')];
    expect(found(await scan(fileOf(one), packages))).toEqual(['qs@1.9.9 X-1']);
  });

  test('nothing of a record that was withdrawn', async () => {
    const text = `${json('X-1', 'qs', { withdrawn: '2024-06-01T00:00:00Z' })}\n${two}`;
    expect(found(await scan(fileOf(text)))).toEqual(['ms@1.0.0 X-2']);
  });

  describe('by the later of two records with one id', () => {
    const later = { modified: '2024-06-01T00:00:00Z' };
    const earlier = { modified: '2024-04-01T00:00:00Z' };
    test.each([
      ['which names another package', [one, json('X-1', 'ms', later)], ['ms@1.0.0 X-1']],
      ['whichever comes first', [json('X-1', 'ms', later), one], ['ms@1.0.0 X-1']],
      ['which was withdrawn', [one, json('X-1', 'qs', { ...later, withdrawn: '2024-06-01T00:00:00Z' })], []],
      [
        'which is not withdrawn any more',
        [json('X-1', 'qs', { ...earlier, withdrawn: '2024-04-01T00:00:00Z' }), one],
        ['qs@1.0.0 X-1'],
      ],
      ['which names no package of these', [json('X-1', 'qs', earlier), json('X-1', 'other', later)], []],
      ['and by both where none is later', [one, json('X-1', 'ms')], ['ms@1.0.0 X-1', 'qs@1.0.0 X-1']],
      ['and once where they are the same', [one, one], ['qs@1.0.0 X-1']],
    ])('%s', async (_, lines, expected) => {
      expect(found(await scan(fileOf(lines.join('\n'))))).toEqual(expected);
    });
  });

  test('for packages of a release by records of it, and of all releases', async () => {
    const events = [{ introduced: '0' }];
    const entry = (id: string, ecosystem: string) =>
      JSON.stringify({
        id,
        affected: [{ package: { ecosystem, name: 'nginx' }, ranges: [{ type: 'ECOSYSTEM', events }] }],
      });
    const text = [entry('A', 'Debian:11'), entry('B', 'Debian:12'), entry('C', 'Debian')].join('\n');
    const ofDebian = async (ecosystem: string) =>
      found(await scan(fileOf(text), [installed('nginx', '1.0-1', ecosystem)])).map((line) => line.at(-1));
    expect(await ofDebian('Debian:12')).toEqual(['B', 'C']);
    // Too much rather than too little, where the release is not known.
    expect(await ofDebian('Debian')).toEqual(['A', 'B', 'C']);
  });

  test('that it cannot tell of a package, where a record of it is in commits: never clean, and once', async () => {
    const commits = {
      affected: [
        {
          package: { ecosystem: 'npm', name: 'qs' },
          ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }],
        },
      ],
    };
    const text = `${JSON.stringify({ id: 'A', ...commits })}\n${JSON.stringify({ id: 'B', ...commits })}`;
    const result = await scan(fileOf(text));
    expect(result.matches).toEqual([]);
    expect(result.unmatched).toEqual([{ component: 'pkg:npm/qs@1.0.0', why: 'no-order', file: 'bom.json' }]);
    expect(result.unanswered).toEqual([PACKAGES[0]]);
  });

  test('that it cannot tell of what is no version, where a record names the package', async () => {
    const packages = [installed('qs', 'latest'), installed('ok', 'latest')];
    const { unmatched } = await scan(fileOf(one), packages);
    expect(unmatched.map(({ component }) => component)).toEqual(['pkg:npm/qs@latest']);
  });
});
