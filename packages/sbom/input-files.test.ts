import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFiles } from './input-files.ts';
import { filesOf } from './run.ts';

let root: string;
let outside: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sbom-files-'));
  outside = mkdtempSync(join(tmpdir(), 'outside-'));
  writeFileSync(join(outside, 'evil.json'), '{}');
  for (const file of [
    'a.json',
    'b.json',
    'out/c.json',
    'out/[x].json',
    'node_modules/d/e.json',
    '.git/f.json',
    'out.json/g.txt',
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '{}');
  }
  symlinkSync(join(outside, 'evil.json'), join(root, 'link.json'));
  symlinkSync(outside, join(root, 'folder'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
  rmSync(outside, { recursive: true });
});

const find = (...given: string[]) =>
  findFiles([{ input: 'sbom', given, missing: 'sbom-not-found' }], root)[0];

it.each([
  [['a.json'], ['a.json']],
  [
    ['b.json', 'a.json', 'a.json'],
    ['a.json', 'b.json'],
  ],
  [['[ab].json'], ['a.json', 'b.json']],
  [
    ['{a,b}.json', 'out/*.json'],
    ['a.json', 'b.json', 'out/[x].json', 'out/c.json'],
  ],
  // A name that is there is no pattern.
  [['out/[x].json'], ['out/[x].json']],
  // Neither node_modules nor .git, nor what only looks like a file.
  [['{out,node_modules,out.json}/**/*.json'], ['out/[x].json', 'out/c.json']],
  [['node_modules/d/e.json'], ['node_modules/d/e.json']],
])('%j names %j', (given, wanted) => {
  expect(find(...given)).toEqual(wanted);
});

it.each([
  [['nothing.json'], 'sbom-not-found', '`sbom`: nothing.json is no file, and matches none.'],
  [['a.json', '*.xml'], 'sbom-not-found', '`sbom`: *.xml is no file, and matches none.'],
  [['link.json'], 'invalid-input', '`sbom`: link.json leads out of the repository.'],
  [['folder/evil.json'], 'invalid-input', '`sbom`: folder/evil.json leads out of the repository.'],
  [['*.json'], 'invalid-input', '`sbom`: link.json leads out of the repository.'],
])('%j is refused', (given, code, message) => {
  expect(() => find(...given)).toThrow(expect.objectContaining({ code, message }));
});

it.each([
  'a.json',
  './a.json',
  'out/../a.json',
  'same.json',
])('%s is not written over what a pattern found', (sarif) => {
  symlinkSync('a.json', join(root, 'same.json'));
  const inputs = [{ input: 'sbom', given: ['[ab].json'] }];
  expect(() => findFiles(inputs, root, sarif)).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      message: '`sarif` would write over a.json, which `sbom` reads.',
    }),
  );
});

it('a scan is not begun that would write over an SBOM', () => {
  const inputs = { sbom: ['[ab].json'], 'base-sbom': [], vex: [], sarif: 'b.json' };
  const none = {
    kev: undefined,
    epss: undefined,
    database: undefined,
    'allow-list': '.github/sluice-allow.yml',
  };
  expect(() => filesOf({ ...inputs, ...none }, root)).toThrow(
    '`sarif` would write over b.json, which `sbom` reads.',
  );
});

it.each([
  [['b.json'], 'b.json'],
  [['{b,c}.json', 'out/*.json'], 'b.json'],
  [['same.json'], 'same.json'],
  [['not-there.json', 'a.json'], undefined],
])('a base of %j that is an SBOM of this scan would hide all that it lists', (base, shared) => {
  symlinkSync('b.json', join(root, 'same.json'));
  const inputs = [
    { input: 'sbom', given: ['[b].json'] },
    { input: 'base-sbom', given: base, besides: 'sbom' },
  ];
  if (shared === undefined) expect(findFiles(inputs, root)[1]).toEqual(base.toSorted());
  else
    expect(() => findFiles(inputs, root)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: `\`base-sbom\` and \`sbom\` both name ${shared}: they must be different files.`,
      }),
    );
});

it('a scan is not begun whose base is the SBOM itself', () => {
  const inputs = { sbom: ['a.json'], 'base-sbom': ['[ab].json'], vex: [] };
  const none = { kev: undefined, epss: undefined, database: undefined, 'allow-list': undefined };
  expect(() => filesOf({ ...inputs, ...none }, root)).toThrow(
    '`base-sbom` and `sbom` both name a.json: they must be different files.',
  );
});

it('what is written may be new, or another file', () => {
  const inputs = [
    { input: 'sbom', given: ['[ab].json'] },
    { input: 'kev', given: ['not-there-yet.json'] },
  ];
  for (const sarif of ['new.sarif', 'not-there-yet.sarif', 'out/c.json'])
    expect(findFiles(inputs, root, sarif)).toEqual([['a.json', 'b.json'], ['not-there-yet.json']]);
});

it('all that is wrong is said at once', () => {
  const inputs = [
    { input: 'sbom', given: ['x.json', 'y*.json'], missing: 'sbom-not-found' },
    { input: 'kev', given: ['link.json'] },
    { input: 'epss', given: ['not-there-yet.csv'] },
  ] as const;
  expect(() => findFiles(inputs, root)).toThrow(
    expect.objectContaining({
      problems: [
        '`sbom`: x.json is no file, and matches none',
        '`sbom`: y*.json is no file, and matches none',
        '`kev`: link.json leads out of the repository',
      ],
    }),
  );
});
