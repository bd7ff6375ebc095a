import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Package } from '../types.ts';
import { type Call, openssl, packageOf, qs, stage } from './test-scanners.ts';
import { asked } from './test-trivy.ts';
import { trivySource } from './trivy.ts';
import { billOf } from './trivy-asked.ts';

const versions = {
  stdout: JSON.stringify({ Version: '0.76.0', VulnerabilityDB: { UpdatedAt: '2026-11-20T06:19:36Z' } }),
};
const purlOf = (call: Call, BOMRef: string) =>
  String(call.sbom?.components.find((component) => component['bom-ref'] === BOMRef)?.purl);

/** It lists all that it is given, and finds something in what one of these meets. */
function lookup(found: readonly RegExp[], more: object = {}, stderr = '') {
  return stage(trivySource, (call) => {
    if (call.args[0] === 'version') return versions;
    const refs = (call.sbom?.components ?? []).flatMap(({ type, 'bom-ref': ref }) =>
      type === 'library' ? String(ref) : [],
    );
    const hits = refs.filter((ref) => found.some((pattern) => pattern.test(purlOf(call, ref))));
    const Results = [
      {
        Packages: refs.map((BOMRef) => ({ Identifier: { BOMRef } })),
        Vulnerabilities: hits.map((BOMRef) => ({ VulnerabilityID: 'CVE-1', PkgIdentifier: { BOMRef } })),
      },
    ];
    return { stdout: JSON.stringify({ SchemaVersion: 2, ...more, Results }), stderr };
  });
}

const sentFor = (...packages: Package[]) =>
  billOf(packages)
    .asked.filter(({ entries }) => entries.length > 0)
    .map(({ name, purl }) => [name, purl]);

describe('what version 0.76.0 and 0.59.1 of trivy wrote of a made-up database', () => {
  const recorded = (version: string) => {
    const file = join(import.meta.dirname, 'fixtures', `trivy-${version}.json`);
    const { report, stderr, version: said } = JSON.parse(readFileSync(file, 'utf8'));
    return stage(trivySource, ({ args }) =>
      args[0] === 'version'
        ? { stdout: JSON.stringify(said) }
        : { stdout: JSON.stringify(report), stderr: stderr.join('\n') },
    );
  };
  const found = [
    ['qs', 'CVE-2022-24999', '6.5.3', '6.10.3'],
    ['early', 'CVE-2023-1002', '2.0.0'],
    ['jaraco-context', 'CVE-2026-23949', '6.1.0'],
    ['Newtonsoft.Json', 'CVE-2024-21907', '13.0.1'],
    ['stdlib', 'CVE-2023-39326', '1.21.5'],
    ['dbus', 'CVE-2022-42010', '1:1.12.20-7.el9'],
  ];

  test.each([
    ['0.76.0', found, ['written', 'plug'], ['GHSA-hrpp-h998-j3pp']],
    ['0.59.1', found.filter(([name]) => name !== 'early'), ['written', 'plug', 'early'], []],
  ])('%s: what it finds, and what it could not tell', async (version, expected, left, aliases) => {
    const { source } = recorded(version);
    const scan = await source(asked);
    const read = scan.matches.map(({ package: { name }, advisory, fixed }) => [name, advisory.id, ...fixed]);
    expect(read.toSorted()).toEqual(expected.toSorted());
    expect(scan.unanswered.map(({ name }) => name)).toEqual(left);
    const one = scan.matches.find((match) => match.package === qs);
    expect(one?.advisory).toMatchObject({ aliases, summary: 'About CVE-2022-24999' });
    expect(scan).toMatchObject({ source: 'trivy, database of 2026-11-20', warnings: [] });
  });
});

describe('what counts as looked up', () => {
  test('nothing of a type of which its database has nothing, and nothing at all where that is empty', async () => {
    const npm = await lookup([/npm\/lodash@/]).source([qs, openssl]);
    expect([npm.unanswered, npm.matches]).toEqual([[openssl], []]);
    expect(npm.unmatched[0]?.why).toBe('unknown-ecosystem');
    const both = await lookup([/npm\/lodash@/, /deb\/debian\/curl@0$/]).source([qs, openssl]);
    expect(both.unanswered).toEqual([]);
    await expect(lookup([]).source([qs])).rejects.toMatchObject({ code: 'scanner-database' });
  });

  test('a package in whose type it finds something, whatever it finds in the probes', async () => {
    const other = { ...qs, name: 'other', purl: 'pkg:npm/other@6.5.0' };
    expect((await lookup([/npm\/qs@/]).source([qs, other])).unanswered).toEqual([]);
  });

  test('a release without security updates, with a warning', async () => {
    const Metadata = { OS: { Family: 'debian', Name: '12', EOSL: true } };
    const { source } = lookup([/curl/, /lodash/], { Metadata });
    const { unanswered, warnings } = await source([openssl]);
    expect(unanswered).toEqual([]);
    expect(warnings).toEqual([
      'debian 12 gets no security updates any more, says trivy: what is known since may be missing.',
    ]);
  });

  test('no version that it could not compare, of the packages with that order', async () => {
    const gem = packageOf('pkg:gem/a@6.5.0', 'RubyGems', 'a', '6.5.0');
    const crate = packageOf('pkg:cargo/a@6.5.0', 'crates.io', 'a', '6.5.0');
    const said = (order: string, what = 'version') =>
      `2026-11-20T06:19:36Z\tWARN\tVersion matching error\terr="${order}${what} error (6.5.0): no (6.5.0)"\n`;
    const all = [/lodash/, /gem\/rack/, /cargo\/regex/];
    const asks = async (stderr: string) => lookup(all, {}, stderr).source([qs, gem, crate]);
    expect((await asks(said('npm '))).unanswered).toEqual([qs]);
    expect((await asks(said('npm '))).unmatched[0]?.why).toBe('no-order');
    expect((await asks(said('RubyGems '))).unanswered).toEqual([gem]);
    expect((await asks(said(''))).unanswered).toEqual([crate]);
    expect((await asks(said('', 'constraint'))).unanswered).toEqual([crate]);
    const { unanswered, warnings } = await asks(said('npm ', 'constraint') + said('npm ', 'constraint'));
    expect([unanswered, warnings]).toEqual([
      [],
      ['trivy could not read 1 range of its advisories (6.5.0): what is in them was left out.'],
    ]);
  });

  test('no package of a distribution whose version cannot be read: it says nothing of those', () => {
    const odd = packageOf('pkg:apk/alpine/a@2.3.4-r0.1', 'Alpine:v3.19', 'a', '2.3.4-r0.1');
    const even = { ...odd, purl: 'pkg:apk/alpine/b@2.3.4-r0', version: '2.3.4-r0' };
    expect(billOf([odd, even])).toMatchObject({
      ...{ sent: [even], left: [{ package: odd, why: 'no-order' }] },
    });
  });
});

describe('what it is asked', () => {
  test('a package by each name that its database may have for it', () => {
    const nuget = packageOf('pkg:nuget/Newtonsoft.Json@12.0.1', 'NuGet', 'Newtonsoft.Json', '12.0.1');
    const crate = packageOf('pkg:cargo/a_b-c@1.0.0', 'crates.io', 'a_b-c', '1.0.0');
    const pypi = packageOf('pkg:pypi/a-b-c@1.0', 'PyPI', 'a-b-c', '1.0');
    const names = (entry: Package) => sentFor(entry).map(([name]) => name);
    expect(names(nuget)).toEqual(['Newtonsoft.Json', 'newtonsoft.json']);
    expect(names(crate)).toEqual(['a_b-c', 'a-b-c', 'a_b_c']);
    expect(names(pypi)).toEqual(['a-b-c', 'a.b-c', 'a.b.c', 'a-b.c']);
    expect(names(packageOf('pkg:pypi/plain@1.0', 'PyPI', 'plain', '1.0'))).toEqual(['plain']);
    const many = packageOf('pkg:pypi/x@1.0', 'PyPI', Array(50).fill('a').join('-'), '1.0');
    expect(names(many).length).toBeLessThan(20);
  });

  test('an RPM under the name that it has for the distribution, with its epoch beside the version', () => {
    const alma = packageOf('pkg:rpm/almalinux/vim@8.2-1.el9', 'AlmaLinux:9', 'vim', '2:8.2-1.el9');
    const plain = { ...alma, name: 'bash', version: '5.1-1.el9' };
    expect(sentFor(alma, plain)).toEqual([
      ['vim', 'pkg:rpm/alma/vim@8.2-1.el9?epoch=2'],
      ['bash', 'pkg:rpm/alma/bash@5.1-1.el9'],
    ]);
  });

  test('the standard library of Go by its version alone', () => {
    const stdlib = packageOf('pkg:golang/stdlib@go1.21.0', 'Go', 'stdlib', '1.21.0');
    expect(sentFor(stdlib)).toEqual([['stdlib', 'pkg:golang/stdlib@1.21.0']]);
  });

  test('the same component once, whoever it stands for: of two it tells of one what it finds', async () => {
    const probe = packageOf('pkg:npm/lodash@0.0.1', 'npm', 'lodash', '0.0.1');
    const { source, calls } = lookup([/lodash/]);
    expect((await source([probe])).matches.map((match) => match.package)).toEqual([probe]);
    expect(calls[0]?.sbom?.components.filter(({ name }) => name === 'lodash')).toHaveLength(1);
    const crates = ['a-b', 'a_b'].map((name) =>
      packageOf(`pkg:cargo/${name}@1.0.0`, 'crates.io', name, '1.0.0'),
    );
    const found = await lookup([/cargo\/a_b@/]).source(crates);
    expect(found.matches.map((match) => match.package)).toEqual(crates);
  });

  test('without a word to its maker, of which its last lines would be', async () => {
    const { source, calls } = lookup([/lodash/]);
    await source([qs]);
    const silent = { TRIVY_SKIP_VERSION_CHECK: 'true', TRIVY_DISABLE_TELEMETRY: 'true' };
    expect(calls.map(({ options }) => options.env)).toEqual([silent, silent]);
  });
});
