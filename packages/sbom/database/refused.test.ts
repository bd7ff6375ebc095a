import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LIMITS, type Limits } from './limits.ts';
import {
  archive,
  fileOf,
  folderOf,
  found,
  installed,
  json,
  one,
  PACKAGES,
  record,
  root,
  scan,
  two,
} from './test-folders.ts';
import { type Content, zipOf } from './test-zip.ts';

describe('could not scan', () => {
  test('where no record is of an ecosystem that packages are from, and says which', async () => {
    const packages = [
      ...PACKAGES,
      installed('django', '4.2', 'PyPI'),
      installed('nginx', '1.0-1', 'Debian:12'),
    ];
    const text = `${one}\n${json('D-1', 'nginx', {}, 'Debian:11')}`;
    await expect(scan(fileOf(text), packages)).rejects.toMatchObject({
      kind: 'platform',
      code: 'database-incomplete',
      message: expect.stringContaining('no record of Debian:12, PyPI:'),
    });
  });

  const several = (id: string, more: object = {}) =>
    JSON.stringify({
      ...record(id, 'jquery'),
      affected: [...record(id, 'jquery').affected, ...record(id, 'org.webjars:jquery', {}, 'Maven').affected],
      ...more,
    });
  test.each([
    ['by a record of several ecosystems', [one, several('X-9')], 'Maven'],
    [
      'by one that was withdrawn',
      [one, json('M-1', 'm', { withdrawn: '2024-06-01T00:00:00Z' }, 'Maven')],
      'Maven',
    ],
    ['nor is a release', [one, json('D-1', 'd', {}, 'Maven:a')], 'Maven:b'],
  ])('where an ecosystem is there only %s', async (_, lines, ecosystem) => {
    const packages = [...PACKAGES, installed('log4j', '2.14.1', ecosystem)];
    await expect(scan(fileOf(lines.join('\n')), packages)).rejects.toMatchObject({
      code: 'database-incomplete',
      message: expect.stringContaining(`no record of ${ecosystem}:`),
      hint: expect.stringContaining('A record that is about several ecosystems does not show'),
    });
  });

  test('where an ecosystem is there by a record of its own, a record of several counts as well', async () => {
    const packages = [installed('org.webjars:jquery', '1.0.0', 'Maven')];
    const lines = [several('X-9'), json('M-1', 'm', {}, 'Maven')];
    expect(found(await scan(fileOf(lines.join('\n')), packages))).toEqual(['org.webjars:jquery@1.0.0 X-9']);
  });

  test.each([
    ['openSUSE:Leap 15.5', 'SUSE:Package Hub 15 SP5'],
    ['Wolfi', 'Chainguard'],
  ])('but %s is there by a record that is about %s as well: their publisher writes no others', async (one, other) => {
    const affected = [
      ...record('S-1', 'curl', {}, one).affected,
      ...record('S-1', 'curl', {}, other).affected,
    ];
    const found = await scan(fileOf(json('S-1', 'curl', { affected })), [installed('zlib', '1.0', one)]);
    expect(found.matches).toEqual([]);
  });

  const broken = (make: () => string, message: string | RegExp) =>
    [make, 'database-broken', message] as const;
  const cases: Readonly<Record<string, readonly [() => string, string, string | RegExp]>> = {
    'where there is nothing': [() => join(root, 'nowhere'), 'database-not-found', 'ENOENT'],
    'of a folder without records': broken(() => folderOf({ 'README.md': '#' }), 'has no OSV record'),
    'of an empty file': broken(() => fileOf(''), 'has no OSV record'),
    'of an empty list': broken(() => fileOf('[]'), 'has no OSV record'),
    'of an empty zip': broken(() => fileOf(zipOf({})), 'has no OSV record'),
    'of a folder where a file is packed otherwise': broken(
      () => folderOf({ 'npm.json': one, 'PyPI.json.gz': 'x' }),
      /PyPI\.json\.gz may hold records, and is packed/,
    ),
    'of a folder where a file was not fetched whole': broken(
      () => folderOf({ 'npm.json': one, 'PyPI/all.zip.part': 'x' }),
      /all\.zip\.part may hold records/,
    ),
    'of a zip with a file that is packed otherwise': broken(
      () => fileOf(zipOf({ 'X-1.json': one, 'X-2.json.gz': 'x' })),
      /X-2\.json\.gz is packed in a way/,
    ),
    'of a zip without records': broken(() => fileOf(zipOf({ 'README.md': '#' })), 'has no OSV record'),
    'of a folder where one file has none': broken(
      () => folderOf({ 'a.json': one, 'b.json': '[]' }),
      /b\.json has no OSV record/,
    ),
    'of a list with a broken record': broken(
      () => fileOf(`[${one},{"id":7}]`),
      /db, record 2: id is a number and must be a text/,
    ),
    'of a broken record, by its id': broken(
      () => fileOf('{"id":"X-9","affected":1}'),
      'db: X-9: affected is a number',
    ),
    'of a record that says twice what is affected': broken(
      () => fileOf(one.replace(/}$/, ',"affected":[]}')),
      'db: it has `affected` twice',
    ),
    'of a record that says twice when it ends': broken(
      () => fileOf(one.replace('"fixed":"2.0.0"', '"fixed":"2.0.0","fixed":"0.1.0"')),
      'db: it has `fixed` twice',
    ),
    'of what is no JSON': broken(() => fileOf('{"id":"X-1",}'), /broken at .*db: .*JSON/),
    'of a file that is not UTF-8': broken(
      () => fileOf(Buffer.from('{"id":"\xff"}', 'latin1')),
      'it is not UTF-8',
    ),
    'of a file that was cut off': broken(() => fileOf(`[${one},${two.slice(0, 40)}`), 'ends in the middle'),
    'of a broken file in a folder': broken(
      () => folderOf({ 'a.json': one, 'b.json': '{}' }),
      /b\.json: id is missing/,
    ),
    'of a broken record in a zip': broken(
      () => fileOf(zipOf({ 'X-1.json': one, 'b.json': '{}' })),
      /db: b\.json: id is missing/,
    ),
    'of a zip that was cut off': broken(() => fileOf(archive.subarray(0, archive.length - 30)), 'broken at'),
    'of a zip whose directory leads nowhere': broken(() => fileOf(archive.subarray(20)), 'broken at'),
  };
  test.each(Object.entries(cases))('%s', async (_, [make, code, message]) => {
    const error = await scan(make()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'input', code });
    if (typeof message === 'string')
      expect(error).toHaveProperty('message', expect.stringContaining(message));
    else expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  const entries: Readonly<Record<string, readonly [Content, string]>> = {
    'has another checksum': [{ text: one, sum: 7 }, 'checksum'],
    'unpacks to more than it says': [{ text: one, size: 20 }, 'X-1.json'],
    'unpacks to less than it says': [{ text: one, size: 2000 }, 'unpacks to'],
    'is encrypted': [{ text: one, flags: 1 }, 'encrypted'],
    'is packed in an unknown way': [{ text: one, method: 14 }, 'packed in a way that is not known'],
    'is not packed as it says': [{ text: one, method: 8, stored: true }, 'X-1.json'],
    'has a name that leads out': [{ text: one, name: '../X-1.json' }, 'relative path'],
    'is an archive itself': [{ text: archive, name: 'in.zip' }, 'in.zip'],
  };
  test.each(Object.entries(entries))('of a zip where an entry %s', async (_, [content, message]) => {
    await expect(scan(fileOf(zipOf({ 'X-1.json': content })))).rejects.toMatchObject({
      code: 'database-broken',
      message: expect.stringContaining(message),
    });
  });
});

describe('is bounded', () => {
  const small: Limits = { ...LIMITS, record: 400, unpacked: 1000, files: 3 };
  const long = json('X-1', 'qs', { details: 'x'.repeat(500) });
  test.each([
    ['a record', () => fileOf(long), /400 bytes in one record/],
    ['a record in a zip', () => fileOf(zipOf({ 'X-1.json': long })), /400 bytes in one file of an archive/],
    ['all records', () => fileOf(`${one}\n`.repeat(10)), /1000 bytes, unpacked/],
    [
      'all entries of a zip',
      () =>
        fileOf(zipOf({ 'a.json': `${one}\n${one}`, 'b.json': `${one}\n${one}`, 'c.json': `${one}\n${one}` })),
      /1000 bytes, unpacked/,
    ],
    [
      'the number of files',
      () => folderOf({ 'a.json': one, 'b.json': one, 'c.json': one, 'd.json': one }),
      /3 files/,
    ],
    [
      'the number of entries',
      () => fileOf(zipOf({ 'a.json': one, 'b.json': one, 'c.json': one, 'd.json': one })),
      /3 files/,
    ],
  ])('in %s', async (_, make, message) => {
    await expect(scan(make(), PACKAGES, small)).rejects.toMatchObject({
      code: 'database-too-large',
      message: expect.stringMatching(message),
    });
  });

  const versions = (length: number) => Array.from({ length }, (_, at) => installed('qs', `1.${at}.0`));
  const records = (length: number) => Array.from({ length }, (_, at) => json(`X-${at}`, 'qs')).join('\n');
  test.each([
    ['what is found', { matches: 200 }, 20, 11, 'more than 200 known vulnerabilities'],
    // 10 for each record, and 3 for each version of it.
    ['what is compared', { comparisons: 700 }, 20, 11, 'more than 700 versions to compare'],
    [
      'the lists that are compared, where they stand alone',
      { comparisons: 700 },
      20,
      { versions: Array(40).fill('9.0.0') },
      'more than 700 versions to compare',
    ],
  ])('in %s', async (_, limit, packages, of, message) => {
    const entry = (more: object) => ({ package: { ecosystem: 'npm', name: 'qs' }, ...more });
    const text = typeof of === 'number' ? records(of) : json('X-1', 'qs', { affected: [entry(of)] });
    await expect(scan(fileOf(text), versions(packages), { ...LIMITS, ...limit })).rejects.toMatchObject({
      kind: 'platform',
      code: 'scan-too-large',
      message: expect.stringContaining(message),
    });
  });

  test('up to the limit all is found, and what a later record takes back does not count', async () => {
    const text = `${records(10)}\n${json('X-1', 'qs', { modified: '2024-06-01T00:00:00Z' })}`;
    const limits = { ...LIMITS, matches: 200, comparisons: 700 };
    expect((await scan(fileOf(text), versions(20), limits)).matches).toHaveLength(200);
  });

  test('in the versions that mend, of which all that affects in the same way share a list', async () => {
    const fixes = Array.from({ length: 1000 }, (_, at) => ({ fixed: `3.${at}.0` }));
    const affected = [
      {
        package: { ecosystem: 'npm', name: 'qs' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, ...fixes] }],
      },
    ];
    const { matches } = await scan(fileOf(json('X-1', 'qs', { affected })), versions(3));
    expect(matches[0]?.fixed).toHaveLength(50);
    expect(matches[0]?.fixed.slice(0, 2)).toEqual(['3.0.0', '3.1.0']);
    expect(new Set(matches.map(({ fixed }) => fixed)).size).toBe(1);
  });

  test('in depth: a record of 100,000 levels is read', async () => {
    const deep = `{"database_specific":${'['.repeat(100_000)}${']'.repeat(100_000)},${one.slice(1)}`;
    expect(found(await scan(fileOf(deep)))).toEqual(['qs@1.0.0 X-1']);
  });
});

/** General purpose bit 11: the name is in UTF-8. */
const UTF8 = 0x800;

test('what an archive calls its entries stands in one visible line of an error', async () => {
  const name = `a\n::set-output name=x::\u001b[31m${'y'.repeat(500)}.json`;
  const error = await scan(fileOf(zipOf({ [name]: { text: '{}', flags: UTF8 } }))).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Error);
  const message = error instanceof Error ? error.message : '';
  expect(message).toContain('a ::set-output name=x::\\u001b[31my');
  expect(message.split('\n')).toHaveLength(1);
  expect(message.length).toBeLessThan(500);
});
