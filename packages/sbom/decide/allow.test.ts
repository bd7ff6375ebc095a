import { describe, expect, test } from 'vitest';
import { decideScan } from './decide-scan.ts';
import { advisory, allowance, aPackage, LODASH, match, QS, sbomOf, scanInput } from './testing.ts';
import type { Allowance } from './types.ts';

const found = advisory('GHSA-aaaa-bbbb-cccc', { aliases: ['CVE-2026-0001'] });
const decide = (allow: readonly Allowance[], matches = [match(LODASH, found)]) =>
  decideScan(scanInput(matches, { allow }));

describe('an entry allows a finding by any name, in its package', () => {
  test.each<[string, Partial<Allowance>]>([
    ['the id', { id: 'GHSA-aaaa-bbbb-cccc' }],
    ['an alias', { id: 'CVE-2026-0001' }],
    ['in other letters', { id: 'ghsa-AAAA-bbbb-cccc' }],
    ['the name of the package', { package: 'lodash' }],
    ['its purl', { package: 'pkg:npm/lodash' }],
    ['its purl with version', { package: 'pkg:npm/lodash@4.17.0' }],
  ])('%s', (_, rest) => {
    const decision = decide([allowance('CVE-2026-0001', rest)]);
    expect(decision).toMatchObject({
      verdict: 'clean',
      reason: 'none-counts',
      findings: [{ status: 'allowed', because: 'is not called', blocking: false }],
      warnings: [],
      counts: { allowed: 1 },
    });
  });

  test.each<[string, Partial<Allowance>, string]>([
    ['another id', { id: 'CVE-2026-0002' }, 'CVE-2026-0002 is allowed, and was not found'],
    ['a part of an id', { id: 'CVE-2026-000' }, 'CVE-2026-000 is allowed, and was not found'],
    [
      'another package',
      { package: 'qs' },
      'CVE-2026-0001 in qs is allowed, and `package` is none that has it: that is lodash (pkg:npm/lodash@4.17.0)',
    ],
    [
      'another version',
      { package: 'pkg:npm/lodash@4.17.1' },
      'CVE-2026-0001 in pkg:npm/lodash@4.17.1 is allowed, and `package` is none that has it: that is lodash (pkg:npm/lodash@4.17.0)',
    ],
    [
      'another ecosystem',
      { package: 'pkg:pypi/lodash' },
      'CVE-2026-0001 in pkg:pypi/lodash is allowed, and `package` is none that has it: that is lodash (pkg:npm/lodash@4.17.0)',
    ],
    [
      'a qualifier that the package has not',
      { package: 'pkg:npm/lodash?arch=arm64' },
      'CVE-2026-0001 in pkg:npm/lodash?arch=arm64 is allowed, and `package` is none that has it: that is lodash (pkg:npm/lodash@4.17.0)',
    ],
  ])('not by %s, and the unused entry is a warning with its line', (_, rest, message) => {
    const decision = decide([allowance('CVE-2026-0001', { ...rest, line: 12 })]);
    expect(decision).toMatchObject({
      verdict: 'vulnerable',
      findings: [{ status: 'open' }],
      warnings: [{ file: '.github/sluice-allow.yml', line: 12, message }],
    });
  });
});

test('an entry that names what was built of a source is told the names of both', () => {
  const built = aPackage('openssl', '3.0.11', {
    purl: 'pkg:deb/debian/libssl3@3.0.11?distro=debian-12',
    ecosystem: 'Debian:12',
  });
  const [warning] = decide(
    [allowance('CVE-2026-0001', { package: 'libssl3' })],
    [match(built, found)],
  ).warnings;
  expect(warning).toMatchObject({
    message: expect.stringContaining('openssl (pkg:deb/debian/libssl3@3.0.11?distro=debian-12)'),
  });
});

test('an entry that names none of many packages is told the first of them', () => {
  const matches = ['a', 'b', 'c', 'd', 'e'].map((name) => match(aPackage(name), found));
  const [warning] = decide([allowance('CVE-2026-0001', { package: 'qs' })], matches).warnings;
  expect(warning).toMatchObject({
    message: expect.stringMatching(/that is a \(\S+\), b \(\S+\), c \(\S+\) and 2 more$/),
  });
});

test('without a package it holds for each; with one only for that', () => {
  const matches = [match(LODASH, found), match(QS, found)];
  const open = (allow: Allowance) =>
    decide([allow], matches)
      .findings.filter(({ status }) => status === 'open')
      .map(({ package: { name } }) => name);
  expect(open(allowance('CVE-2026-0001'))).toEqual([]);
  expect(open(allowance('CVE-2026-0001', { package: 'qs' }))).toEqual(['lodash']);
});

test('what an SBOM lists with qualifiers is allowed by them, in every place where it is listed', () => {
  const curl = aPackage('curl', '8.0', { purl: 'pkg:deb/debian/curl@8.0', ecosystem: 'Debian:12' });
  const listed = (...arches: readonly string[]) =>
    sbomOf(
      arches.map((arch) => ({ ...curl, purl: `pkg:deb/debian/curl@8.0?arch=${arch}&distro=debian-12` })),
    );
  const allow = [allowance('CVE-2026-0001', { package: 'pkg:deb/debian/curl?arch=amd64' })];
  const verdict = (...arches: readonly string[]) =>
    decideScan(scanInput([match(curl, found)], { packages: [curl], sboms: [listed(...arches)], allow }))
      .verdict;
  expect(verdict('amd64')).toBe('clean');
  expect(verdict('amd64', 'arm64')).toBe('vulnerable');
});

describe('of several CVEs that one advisory puts together', () => {
  const both = [match(LODASH, advisory('DSA-1', { aliases: ['CVE-2026-0001', 'CVE-2026-0002'] }))];
  test.each([
    ['one is not all', ['CVE-2026-0001'], 'open'],
    ['each is all', ['CVE-2026-0001', 'CVE-2026-0002'], 'allowed'],
    ['the advisory is all', ['DSA-1'], 'allowed'],
  ])('%s', (_, ids, status) => {
    expect(
      decide(
        ids.map((id) => allowance(id)),
        both,
      ).findings,
    ).toMatchObject([{ status }]);
  });
  test('an entry for one says that it is not enough', () => {
    expect(decide([allowance('CVE-2026-0001')], both).warnings).toMatchObject([
      {
        message:
          'CVE-2026-0001 is only a part of DSA-1 in lodash, which is 2 vulnerabilities; name DSA-1 itself to allow all of them, or each',
      },
    ]);
  });
});

test('the reasons of all entries that allow it are told, each once', () => {
  const allow = [
    allowance('CVE-2026-0001', { reason: 'b' }),
    allowance('GHSA-aaaa-bbbb-cccc', { reason: 'a' }),
    allowance('CVE-2026-0001', { reason: 'a' }),
  ];
  expect(decide(allow).findings).toMatchObject([{ because: 'a; b' }]);
});

describe('a name that packages of several ecosystems have', () => {
  const [npm, gem] = ['npm', 'RubyGems'].map((ecosystem) =>
    aPackage('bootstrap', '3.3.7', {
      ecosystem,
      purl: `pkg:${ecosystem === 'npm' ? 'npm' : 'gem'}/bootstrap@3.3.7`,
    }),
  );
  const packages = [npm ?? LODASH, gem ?? LODASH];
  const scan = (entry: Partial<Allowance>) =>
    decideScan(
      scanInput(
        packages.map((one) => match(one, found)),
        { packages, allow: [allowance('CVE-2026-0001', entry)] },
      ),
    );

  test('allows both, and a warning says how to write one', () => {
    expect(scan({ package: 'bootstrap' })).toMatchObject({
      counts: { allowed: 2 },
      warnings: [
        {
          message:
            'CVE-2026-0001 in bootstrap is allowed in RubyGems and npm, which have a package of this name each: where one is meant, write its purl, as pkg:gem/bootstrap',
        },
      ],
    });
  });

  test.each([
    ['its purl', { package: 'pkg:npm/bootstrap' }, 1],
    ['no package', {}, 2],
  ])('is not meant by %s', (_, entry, allowed) => {
    expect(scan(entry)).toMatchObject({ counts: { allowed }, warnings: [] });
  });
});
