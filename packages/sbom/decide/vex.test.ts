import { describe, expect, test } from 'vitest';
import { decideScan } from './decide-scan.ts';
import { advisory, allowance, aPackage, LODASH, match, QS, sbomOf, scanInput, statement } from './testing.ts';
import type { ScanInput, VexStatement, VexSubject } from './types.ts';

const found = advisory('GHSA-aaaa-bbbb-cccc', { aliases: ['CVE-2026-0001'] });
const decide = (
  vex: readonly VexStatement[],
  rest: Partial<ScanInput> = {},
  matches = [match(LODASH, found)],
) => decideScan(scanInput(matches, { vex, ...rest }));
const about = (subject: Partial<VexSubject>, rest: Partial<VexStatement> = {}): VexStatement =>
  statement('CVE-2026-0001', '', { subjects: [{ id: '', within: [], ...subject }], ...rest });
const SERIAL = '3e671687-395b-41f5-a30f-a58921a69b79/1';

describe('a statement counts that names the vulnerability and the package', () => {
  test.each<[string, Partial<VexSubject>]>([
    ['its purl', { id: 'pkg:npm/lodash@4.17.0' }],
    ['its purl without version', { id: 'pkg:npm/lodash' }],
    ['its purl in another spelling', { id: 'pkg:NPM/lodash@4.17.0' }],
    ['its version among several', { id: 'pkg:npm/lodash', versions: ['4.16.0', '4.17.0'] }],
    ['the product by its purl', { id: 'pkg:npm/shop' }],
    ['the product by its purl with version', { id: 'pkg:npm/shop@1.0.0' }],
    ['it within the product', { id: 'pkg:npm/shop', within: ['pkg:npm/qs', 'pkg:npm/lodash'] }],
    ['its ref in this SBOM', { id: 'ref-0', serial: SERIAL }],
    ['the product by its ref', { id: 'root', serial: SERIAL }],
    ['the product in its version', { id: 'root', serial: SERIAL, versions: ['1.0.0'] }],
  ])('%s', (_, subject) => {
    const sboms = [sbomOf([LODASH, QS], { serial: SERIAL })];
    const decision = decide([about(subject)], { sboms });
    expect(decision).toMatchObject({
      verdict: 'clean',
      reason: 'none-counts',
      findings: [{ status: 'not-affected', because: 'not_affected: vulnerable_code_not_present' }],
      counts: { notAffected: 1, blocking: 0 },
      warnings: [],
    });
  });

  test.each<[string, Partial<VexSubject>]>([
    ['nothing', {}],
    ['another package', { id: 'pkg:npm/qs' }],
    ['another version', { id: 'pkg:npm/lodash@4.17.1' }],
    ['other versions', { id: 'pkg:npm/lodash', versions: ['4.16.0'] }],
    ['no version', { id: 'pkg:npm/lodash', versions: [] }],
    ['another ecosystem', { id: 'pkg:pypi/lodash' }],
    ['a package with a longer name', { id: 'pkg:npm/lodash.merge' }],
    ['a qualifier that it has not', { id: 'pkg:npm/lodash?arch=arm64' }],
    ['another product', { id: 'pkg:npm/admin' }],
    ['the product in another version', { id: 'pkg:npm/shop@2.0.0' }],
    ['another package within the product', { id: 'pkg:npm/shop', within: ['pkg:npm/qs'] }],
    ['it within another product', { id: 'pkg:npm/admin', within: ['pkg:npm/lodash'] }],
    ['it within nothing that can be found', { id: 'pkg:npm/lodash', within: ['https://example.com/lodash'] }],
    ['its ref in another SBOM', { id: 'ref-0', serial: SERIAL.replace('/1', '/2') }],
    ['its purl as the ref of another SBOM', { id: LODASH.purl, serial: 'another/1' }],
    ['another ref', { id: 'ref-1', serial: SERIAL }],
    ['its ref, and no SBOM', { id: 'ref-0' }],
    ['its name', { id: 'lodash' }],
  ])('not %s', (_, subject) => {
    const sboms = [sbomOf([LODASH, QS], { serial: SERIAL })];
    const decision = decide([about(subject)], { sboms });
    expect(decision).toMatchObject({ verdict: 'vulnerable', findings: [{ status: 'open' }] });
    expect(decision.warnings).toEqual([
      {
        file: 'vex.json',
        message:
          '1 of 1 statement met no finding: statements[0] (CVE-2026-0001, which was found, but not in what it is about)',
      },
    ]);
  });

  test('not another vulnerability, and that is a warning', () => {
    const decision = decide([statement('CVE-2026-0002', LODASH.purl)]);
    expect(decision).toMatchObject({
      verdict: 'vulnerable',
      warnings: [{ message: '1 of 1 statement met no finding: statements[0] (CVE-2026-0002)' }],
    });
  });

  test('any name of the vulnerability will do, in any letters', () => {
    const names = ['SNYK-1', 'ghsa-AAAA-bbbb-cccc'];
    expect(decide([statement('', LODASH.purl, { names })])).toMatchObject({ verdict: 'clean', warnings: [] });
  });
});

describe('what stands in several SBOMs has to be cleared in all of them', () => {
  const both = aPackage('lodash', '4.17.0', { files: ['a.json', 'b.json'] });
  const sboms = [
    sbomOf([both], { file: 'a.json', root: 'pkg:npm/shop@1.0.0' }),
    sbomOf([both], { file: 'b.json', root: 'pkg:npm/admin@1.0.0' }),
  ];
  const status = (...vex: readonly VexStatement[]) =>
    decide(vex, { sboms, packages: [both] }, [match(both, found)]).findings[0]?.status;
  test('one product is not enough', () => expect(status(about({ id: 'pkg:npm/shop' }))).toBe('open'));
  test('both products of one statement are', () => {
    const subjects = ['pkg:npm/shop', 'pkg:npm/admin'].map((id) => ({ id, within: [] }));
    expect(status(statement('CVE-2026-0001', '', { subjects }))).toBe('not-affected');
  });
  test.each([
    ['does not say what it describes', []],
    ['describes what it does not list', ['nowhere']],
  ])('a product is of no SBOM that %s', (_, roots) => {
    const vague = [sbomOf([LODASH], { roots })];
    expect(decide([about({ id: 'pkg:npm/shop' })], { sboms: vague }).findings[0]?.status).toBe('open');
  });
  test('a product of which an SBOM describes more than one is not enough', () => {
    const components = [
      { ref: 'a', name: 'shop', purl: 'pkg:npm/shop@1.0.0' },
      { ref: 'b', name: 'admin', purl: 'pkg:npm/admin@1.0.0' },
      { ref: 'c', name: 'lodash', purl: LODASH.purl },
    ];
    const two = [sbomOf([], { components, roots: ['a', 'b'] })];
    expect(decide([about({ id: 'pkg:npm/shop' })], { sboms: two }).findings[0]?.status).toBe('open');
  });
});

describe('of statements that contradict each other', () => {
  const [early, late] = [1_000, 2_000];
  const says = (clears: boolean, time?: number): VexStatement =>
    statement('CVE-2026-0001', LODASH.purl, {
      clears,
      status: clears ? 'not_affected' : 'affected',
      ...(time !== undefined && { time }),
    });
  test.each<[string, readonly VexStatement[], string]>([
    ['the newest counts: cleared', [says(false, early), says(true, late)], 'not-affected'],
    ['the newest counts: affected', [says(true, early), says(false, late)], 'open'],
    ['of the same time the worse', [says(true, late), says(false, late)], 'open'],
    ['without a time the worse', [says(true), says(false)], 'open'],
    ['where one has no time the worse', [says(false), says(true, late)], 'open'],
    ['there is none: all clear', [says(true, early), says(true)], 'not-affected'],
    ['there is none: it is affected', [says(false, early)], 'open'],
  ])('%s', (_, vex, status) => {
    expect(decide(vex).findings).toMatchObject([{ status }]);
    expect(decide(vex.toReversed()).findings).toMatchObject([{ status }]);
  });
  test('one that says it is affected is no warning', () =>
    expect(decide([says(false, early)]).warnings).toEqual([]));
});

test('of several CVEs that one advisory puts together, each has to be cleared', () => {
  const both = [match(LODASH, advisory('DSA-1', { aliases: ['CVE-2026-0001', 'CVE-2026-0002'] }))];
  const status = (...names: readonly string[]) =>
    decide(
      names.map((name) => statement(name, LODASH.purl)),
      {},
      both,
    ).findings[0]?.status;
  expect(status('CVE-2026-0001')).toBe('open');
  expect(status('CVE-2026-0001', 'CVE-2026-0002')).toBe('not-affected');
  expect(status('DSA-1')).toBe('not-affected');
});

test('that it is not affected says more than that it is allowed; neither is unused then', () => {
  const decision = decide([statement('CVE-2026-0001', LODASH.purl)], { allow: [allowance('CVE-2026-0001')] });
  expect(decision).toMatchObject({ findings: [{ status: 'not-affected' }], warnings: [] });
});

test('of many statements without a finding a few are named', () => {
  const vex = Array.from({ length: 7 }, (_, index) =>
    statement(`CVE-2026-100${index}`, LODASH.purl, { place: `statements[${index}]` }),
  );
  expect(decide([...vex, statement('CVE-2026-0001', LODASH.purl)]).warnings).toMatchObject([
    {
      message: expect.stringMatching(
        /^7 of 8 statements met no finding: .*statements\[4\] \(CVE-2026-1004\) and 2 more$/,
      ),
    },
  ]);
});
