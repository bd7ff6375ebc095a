import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_ALLOW_LIST, type GivenFiles, readGiven } from './given.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'given-'));
});
afterEach(() => rm(root, { recursive: true }));

const write = async (file: string, content: string): Promise<void> => {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), content);
};
const NONE: GivenFiles = { allowList: undefined, vex: [], kev: undefined, epss: undefined };
const errorOf = async (files: Partial<GivenFiles>): Promise<SluiceError> => {
  const error = await readGiven({ ...NONE, ...files }, root).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SluiceError) return error;
  throw new Error(`no SluiceError: ${String(error)}`);
};

const ALLOW = '- {id: CVE-2026-0001, reason: r, expires: 2026-12-31}\n';
const KEV = '{"vulnerabilities": [{"cveID": "CVE-2026-0001"}]}';
const VEX =
  '{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "CVE-2026-0001", "status": "fixed"}]}';
const EPSS = 'cve,epss,percentile\nCVE-2026-0001,0.5,0.9\nCVE-2026-0002,0.1,0.2\n';

test('without files there is nothing', async () => {
  expect(await readGiven(NONE, root)).toEqual({ allow: [], vex: [], kev: undefined, epss: undefined });
});

test('reads each file that is named, and of several VEX documents all', async () => {
  await write(DEFAULT_ALLOW_LIST, ALLOW);
  await write('a.json', VEX);
  await write('b.json', VEX);
  await write('kev.json', KEV);
  await write('epss.csv', EPSS);
  const given = await readGiven(
    { allowList: DEFAULT_ALLOW_LIST, vex: ['a.json', 'b.json', 'a.json'], kev: 'kev.json', epss: 'epss.csv' },
    root,
  );
  expect(given.allow).toMatchObject([{ id: 'CVE-2026-0001', file: DEFAULT_ALLOW_LIST, line: 1 }]);
  expect(given.vex).toMatchObject([{ file: 'a.json' }, { file: 'b.json' }]);
  expect(given.kev).toEqual({ ids: new Set(['CVE-2026-0001']) });
  expect(await given.epss?.(['cve-2026-0001', 'GO-2026-0001'])).toEqual({
    scores: new Map([['CVE-2026-0001', 0.5]]),
  });
});

describe('a file that is named has to be there', () => {
  test('only the allow-list in its usual place need not', async () => {
    expect(await readGiven({ ...NONE, allowList: DEFAULT_ALLOW_LIST }, root)).toMatchObject({ allow: [] });
  });
  test.each<[Partial<GivenFiles>, string, string]>([
    [{ allowList: 'allow.yml' }, 'allow-list-broken', 'allow.yml: there is no such file.'],
    [{ vex: ['vex.json'] }, 'vex-broken', 'vex.json: there is no such file.'],
    [{ kev: 'kev.json' }, 'kev-broken', 'kev.json: there is no such file.'],
    [{ epss: 'epss.csv' }, 'epss-broken', 'epss.csv: there is no such file.'],
    [{ kev: '.' }, 'kev-broken', '.: this is no file.'],
  ])('%j', async (files, code, message) => {
    expect(await errorOf(files)).toMatchObject({ kind: 'input', code, message });
  });
  test('an allow-list in its usual place that is a folder is an error', async () => {
    await mkdir(join(root, DEFAULT_ALLOW_LIST), { recursive: true });
    expect(await errorOf({ allowList: DEFAULT_ALLOW_LIST })).toMatchObject({ code: 'allow-list-broken' });
  });
});

test('all that is wrong in any file is said at once, by file and line', async () => {
  await write('allow.yml', '- id: CVE-2026-0001\n');
  await write('a.json', '{}');
  await write('b.json', VEX);
  await write('kev.json', '{');
  await write('epss.csv', `${EPSS}x\n`);
  const error = await errorOf({
    allowList: 'allow.yml',
    vex: ['a.json', 'b.json'],
    kev: 'kev.json',
    epss: 'epss.csv',
  });
  expect(error.code).toBe('allow-list-broken');
  expect(error.problems).toEqual([
    'allow.yml:1: an entry needs `reason`',
    'allow.yml:1: an entry needs `expires`',
    'a.json: this is neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)',
    expect.stringMatching(/^kev\.json(:1)?: this is not JSON$/),
    'epss.csv:4: this is no CVE id with a probability from 0 to 1',
  ]);
});

test('the sentence names what it lists, once, and each line of an allow-list is told as well', async () => {
  await write('allow.yml', '- id: CVE-2026-0001\n- id: x\n');
  const lines: (number | undefined)[] = [];
  const error = await readGiven({ ...NONE, allowList: 'allow.yml' }, root, ({ line }) =>
    lines.push(line),
  ).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SluiceError)) throw new Error('no SluiceError');
  expect(error.message).toBe(`allow.yml cannot be used: ${error.problems.join('; ')}.`);
  expect(lines).toEqual([1, 1, 2, 2, 2]);
  lines.length = 0;
  await write('epss.csv', `${EPSS}x\n`);
  await expect(
    readGiven({ ...NONE, epss: 'epss.csv' }, root, ({ line }) => lines.push(line)),
  ).rejects.toThrow();
  expect(lines).toEqual([]);
  await write('vex.json', '{}');
  const { message } = await errorOf({ allowList: 'allow.yml', vex: ['vex.json'] });
  expect(message).toMatch(/^2 files cannot be used: allow\.yml:1: /);
});

test('what a file says is shown without control characters', async () => {
  await write('allow.yml', '- {id: CVE-2026-0001, reason: r, expires: 2026-12-31, "a\\e[31m\\nb": x}\n');
  const { message } = await errorOf({ allowList: 'allow.yml' });
  expect(message).toContain('\\u001b[31m');
});
