import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEpss } from './epss.ts';
import { parseKev } from './kev.ts';

const catalog = (vulnerabilities: unknown, rest: object = {}) =>
  JSON.stringify({ title: 'CISA Catalog of Known Exploited Vulnerabilities', vulnerabilities, ...rest });

describe('the catalog of exploited vulnerabilities', () => {
  test('gives its ids', () => {
    const content = catalog([{ cveID: 'CVE-2021-44228', product: 'Log4j2' }, { cveID: 'cve-2024-3094' }], {
      count: 2,
    });
    expect(parseKev(content, 'kev.json')).toEqual({
      value: { ids: new Set(['CVE-2021-44228', 'CVE-2024-3094']) },
      problems: [],
    });
  });
  test.each<[unknown, string | undefined]>([
    ['2026-11-20T16:55:33.7731Z', '2026-11-20'],
    ['soon', undefined],
    [7, undefined],
    ['+200000-01-01T00:00:00Z', undefined],
  ])('says of which day it is: %j', (dateReleased, day) =>
    expect(parseKev(catalog([{ cveID: 'CVE-2021-44228' }], { dateReleased }), 'kev.json').value.day).toBe(
      day,
    ));

  test.each<[string, string]>([
    ['{}', '`vulnerabilities` is missing: this is no catalog of exploited vulnerabilities'],
    [catalog([]), '`vulnerabilities` is empty: this is no catalog of exploited vulnerabilities'],
    [catalog({}), '`vulnerabilities` is an object: this is no catalog of exploited vulnerabilities'],
    [catalog([{}]), '`vulnerabilities[0].cveID` is missing'],
    [catalog([{ cveID: 7 }]), '`vulnerabilities[0].cveID` is a number, not a text'],
    [catalog([{ cveID: 'GHSA-1' }]), '`vulnerabilities[0].cveID` is no CVE id'],
    [catalog(['CVE-2021-44228']), '`vulnerabilities[0].cveID` is missing'],
    [
      catalog([{ cveID: 'CVE-2021-44228' }], { count: 2 }),
      '`count` is 2, and there are 1 vulnerabilities: it was cut off',
    ],
    ['<html>', 'this is not JSON'],
  ])('is broken: %s', (content, message) =>
    expect(parseKev(content, 'kev.json').problems).toMatchObject([{ file: 'kev.json', message }]));
});

describe('the table of EPSS scores', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'epss-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const read = async (content: string | Buffer, ...wanted: readonly string[]) => {
    const path = join(folder, 'epss.csv');
    await writeFile(path, content);
    const { value, problems } = await readEpss(path, 'epss.csv', new Set(wanted));
    return { scores: Object.fromEntries(value.scores), ...(value.day && { day: value.day }), problems };
  };
  const TABLE = `#model_version:v2025.03.14,score_date:2026-11-20T12:55:00Z
cve,epss,percentile
CVE-1999-0001,0.01025,0.76551
CVE-2021-44228,0.94358,0.99957
CVE-2024-3094,9.1e-05,0.00002
`;
  const scores = { 'CVE-2021-44228': 0.94358, 'CVE-2024-3094': 0.000091 };

  test.each<[string, string | Buffer, object]>([
    ['as it is', TABLE, { day: '2026-11-20' }],
    ['with CRLF', TABLE.replaceAll('\n', '\r\n'), { day: '2026-11-20' }],
    ['without its first line', TABLE.replace(/^#.*\n/, ''), {}],
    ['without its last line end', TABLE.trimEnd(), { day: '2026-11-20' }],
    ['compressed', gzipSync(TABLE), { day: '2026-11-20' }],
    ['with another day below its head', `${TABLE}#score_date:2027-01-01T00:00:00Z`, { day: '2026-11-20' }],
  ])('%s gives the probabilities of what is wanted, and their day', async (_, content, day) => {
    expect(await read(content, 'CVE-2021-44228', 'CVE-2024-3094', 'CVE-2026-0001')).toEqual({
      ...{ scores, ...day },
      problems: [],
    });
  });

  test.each<[string, string | Buffer, string, number | undefined]>([
    [
      'cut off after a probability',
      TABLE.slice(0, TABLE.indexOf('358,')),
      'this is no CVE id with a probability from 0 to 1',
      4,
    ],
    ['empty', '', 'this table of EPSS scores is empty', 0],
    ['with a head only', 'cve,epss,percentile\n', 'this table of EPSS scores is empty', 1],
    [
      'another table',
      '#x\ncve,score\n',
      'this is no table of EPSS scores: it does not begin with `cve,epss,percentile`',
      2,
    ],
    [
      'with a broken line',
      `${TABLE}CVE-2021-1111,x,0\n`,
      'this is no CVE id with a probability from 0 to 1',
      6,
    ],
    [
      'with a probability above 1',
      `${TABLE}CVE-2021-1111,1.5,0\n`,
      'this is no CVE id with a probability from 0 to 1',
      6,
    ],
    [
      'with a negative one',
      `${TABLE}CVE-2021-1111,-0.5,0\n`,
      'this is no CVE id with a probability from 0 to 1',
      6,
    ],
    ['cut off in a line', TABLE.slice(0, 90), 'this is no CVE id with a probability from 0 to 1', 3],
    [
      'with an endless line',
      `cve,epss,percentile\n${'x'.repeat(5000)}`,
      'this cannot be read: a line is longer than 1000 characters',
      2,
    ],
    [
      'compressed and cut off',
      gzipSync(TABLE).subarray(0, -10),
      'this cannot be read: unexpected end of file',
      undefined,
    ],
  ])('%s is broken', async (_, content, message, line) => {
    expect((await read(content)).problems).toMatchObject([
      { file: 'epss.csv', message, ...(line !== undefined && { line }) },
    ]);
  });

  test('of 300,000 lines only what is wanted is kept', async () => {
    const rows = Array.from({ length: 300_000 }, (_, index) => `CVE-2026-${10_000 + index},0.00043,0.1`);
    const { scores: kept } = await read(`cve,epss,percentile\n${rows.join('\n')}\n`, 'CVE-2026-309999');
    expect(kept).toEqual({ 'CVE-2026-309999': 0.00043 });
  });
});
