import type { OsvRecord } from '@sluice/testbed/osv/start';
import { describe, expect, test } from 'vitest';
import type { Package } from '../types.ts';

import { found, goPackage, modified, osv, record, stage } from './test-osv.ts';

describe('what the API answers', () => {
  test('becomes matches with the names, the scores and the fixes of its records', async () => {
    const severity = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }];
    const { scan } = await stage({
      records: [record('GO-1', 'a', { aliases: ['CVE-1'], severity }), record('GO-2', 'b')],
    });
    const a = goPackage('a', 'v1.3.0');
    const { matches, ...rest } = await scan(a, goPackage('b', 'v1.4.0'));
    expect(matches).toEqual([
      {
        package: a,
        advisory: expect.objectContaining({
          ...{ id: 'GO-1', aliases: ['CVE-1'], summary: 'GO-1 of a' },
          ratings: [{ type: 'CVSS_V3', value: severity[0]?.score }],
        }),
        fixed: ['1.4.0'],
      },
    ]);
    expect(rest).toEqual({
      unmatched: [],
      unanswered: [],
      warnings: [],
      source: `OSV API at ${new URL(osv.url).host}`,
    });
    osv.expectNoViolations();
  });

  const about = (
    id: string,
    ecosystem: string,
    name: string,
    range: Readonly<Record<string, string>>,
    more: object = {},
  ): OsvRecord => ({
    ...{ id, modified, summary: id },
    affected: [{ package: { ecosystem, name }, ranges: [{ type: 'SEMVER', events: [range] }], ...more }],
  });
  const installed = (ecosystem: string, name: string, version: string): Package => ({
    ...{ ecosystem, name, version, purl: `pkg:x/${name}@${version}`, paths: [], files: ['a.cdx.json'] },
  });
  const all = { introduced: '0' };
  test.each<[string, OsvRecord, Package]>([
    [
      'of a Python version with a local label, which records leave out',
      about('PYSEC-1', 'PyPI', 'torch', { introduced: '9' }, { versions: ['2.6.0'] }),
      installed('PyPI', 'torch', '2.6.0+cu124'),
    ],
    [
      'of a build that Bitnami counts, which records leave out',
      about('BIT-1', 'Bitnami', 'wordpress', { introduced: '6.1.0' }),
      installed('Bitnami', 'wordpress', '6.1.0-3'),
    ],
    [
      'of a crate whose record has an underscore',
      about('RUSTSEC-1', 'crates.io', 'serde_x', all),
      installed('crates.io', 'serde-x', '1.0.0'),
    ],
    [
      'of a crate whose record has a hyphen',
      about('RUSTSEC-1', 'crates.io', 'serde-x', all),
      installed('crates.io', 'serde_x', '1.0.0'),
    ],
    [
      'of an action in capitals, whose record has none',
      about('GHSA-aaaa-bbbb-cccc', 'GitHub Actions', 'tj-actions/changed-files', all),
      installed('GitHub Actions', 'Tj-Actions/changed-files', 'v44.0.0'),
    ],
    [
      'of a tag that is moved on, by the records of the action',
      about('GHSA-aaaa-bbbb-cccc', 'GitHub Actions', 'acme/x', all),
      installed('GitHub Actions', 'acme/x', 'v4'),
    ],
  ])('is found %s, once', async (_, stored, entry) => {
    const { scan } = await stage({ records: [stored] });
    const { matches, unmatched } = await scan(entry);
    expect(matches.map((match) => [match.advisory.id, match.package])).toEqual([[stored.id, entry]]);
    expect(unmatched).toEqual([]);
    osv.expectNoViolations();
  });

  test.each([
    ['v4', ['no-order']],
    ['v5', []],
    ['v4.0.5', []],
  ])('of an action at %s that a record has from 4.1.0 to 4.9.0 tells as much as %o', async (version, why) => {
    const range = about('GHSA-aaaa-bbbb-cccc', 'GitHub Actions', 'acme/x', { introduced: '4.1.0' });
    const [affected] = range.affected ?? [];
    const events = [{ introduced: '4.1.0' }, { fixed: '4.9.0' }];
    const { scan } = await stage({
      records: [{ ...range, affected: [{ ...affected, ranges: [{ type: 'SEMVER', events }] }] }],
    });
    const { matches, unmatched } = await scan(installed('GitHub Actions', 'acme/x', version));
    expect(matches).toEqual([]);
    expect(unmatched.map((found) => found.why)).toEqual(why);
  });

  test('says once of a package that is asked about by two names that its version cannot be compared', async () => {
    const { scan } = await stage({ records: [] });
    const { unmatched } = await scan(installed('crates.io', 'a-b', 'one.1'));
    expect(unmatched.map(({ component, why }) => [component, why])).toEqual([
      ['pkg:x/a-b@one.1', 'no-order'],
    ]);
  });

  test('is asked for by 1,000 packages a batch, and details only of hits, each once', async () => {
    const { scan } = await stage({ records: [record('GO-1', 'p7', {}), record('GO-2', 'p2400')] });
    const packages = Array.from({ length: 2500 }, (_, index) => goPackage(`p${index}`, 'v1.0.0'));
    expect(found(await scan(...packages, goPackage('p7', 'v1.1.0')))).toEqual([
      ['p7', 'v1.0.0', 'GO-1', '1.4.0'],
      ['p7', 'v1.1.0', 'GO-1', '1.4.0'],
      ['p2400', 'v1.0.0', 'GO-2', '1.4.0'],
    ]);
    expect(osv.batches.toSorted()).toEqual([1000, 1000, 501]);
    expect(osv.requests.filter((line) => line.startsWith('GET'))).toEqual([
      'GET /v1/vulns/GO-1',
      'GET /v1/vulns/GO-2',
    ]);
    osv.expectNoViolations();
  });

  test('is read to the last page, of each package by itself', async () => {
    const records = Array.from({ length: 25 }, (_, index) =>
      record(`GO-${100 + index}`, index < 21 ? 'a' : 'b'),
    );
    const { scan } = await stage({ records, pages: { query: 10, batch: 12, afterwards: 1 } });
    const ids = found(
      await scan(goPackage('a', 'v1.0.0'), goPackage('c', 'v1.0.0'), goPackage('b', 'v1.0.0')),
    );
    expect(ids.map(([, , id]) => id).toSorted()).toEqual(records.map(({ id }) => id));
    osv.expectNoViolations();
  });

  test('may be a page that has nothing but the token of the next one', async () => {
    let first = true;
    const { scan } = await stage(
      { records: [record('GO-1', 'a'), record('GO-2', 'a')], pages: { query: 1 } },
      {
        batch(answer) {
          if (!first) return answer;
          first = false;
          return { results: answer.results.map(({ next_page_token }) => ({ next_page_token })) };
        },
      },
    );
    expect(found(await scan(goPackage('a', 'v1.0.0')))).toHaveLength(1);
  });

  test('is asked once for packages that differ in their purl alone, and told of each', async () => {
    const { scan } = await stage({ records: [record('GO-1', 'a')] });
    const [one, other] = [
      goPackage('a', 'v1.0.0'),
      goPackage('a', 'v1.0.0', { purl: 'pkg:golang/a@v1.0.0#sub' }),
    ];
    expect((await scan(one, other)).matches.map((match) => match.package)).toEqual([one, other]);
    expect(osv.batches).toEqual([1]);
  });

  test.each([
    ['v1.0.0', '1.0.0'],
    ['go1.21rc2', '1.21.0-rc.2'],
    ['go1.21.3', '1.21.3'],
    ['v1.0.0-20190101000000-abcdefabcdef+incompatible', '1.0.0-20190101000000-abcdefabcdef+incompatible'],
  ])('of Go is asked as OSV writes versions: %s is %s', async (version, sent) => {
    const versions = [sent];
    const affected = [{ package: { ecosystem: 'Go', name: 'a' }, versions }];
    const { scan } = await stage({ records: [{ id: 'GO-1', modified, affected }] });
    expect(found(await scan(goPackage('a', version)))).toEqual([['a', version, 'GO-1']]);
  });

  test('of no package at all needs no question', async () => {
    const { scan } = await stage({});
    expect((await scan()).matches).toEqual([]);
    expect(osv.requests).toEqual([]);
  });

  test('is nothing where the record was withdrawn meanwhile', async () => {
    const { scan } = await stage(
      { records: [record('GO-1', 'a')] },
      { record: (it) => ({ ...it, withdrawn: modified }) },
    );
    expect((await scan(goPackage('a', 'v1.0.0'))).matches).toEqual([]);
  });

  test('counts for an ecosystem whose order is not known here, with every fix that is named', async () => {
    const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '7.70' }] }];
    const affected = [{ package: { ecosystem: 'Julia', name: 'x' }, versions: ['odd'], ranges }];
    const { scan } = await stage({ records: [{ id: 'JLSEC-1', modified, affected }] });
    const julia = goPackage('x', 'odd', { ecosystem: 'Julia' });
    expect(found(await scan(julia))).toEqual([['x', 'odd', 'JLSEC-1', '7.70']]);
  });
});

describe('what cannot be matched is counted', () => {
  test('an ecosystem that the API does not know, and the others are answered', async () => {
    const { scan } = await stage({ records: [record('GO-1', 'a')] });
    const strange = ['Foo', 'Bar:1', 'Foo'].map((ecosystem, index) =>
      goPackage(`s${index}`, 'v1.0.0', { ecosystem }),
    );
    const scanned = await scan(...strange, goPackage('a', 'v1.0.0'), goPackage('b', 'v1.0.0'));
    expect(found(scanned)).toEqual([['a', 'v1.0.0', 'GO-1', '1.4.0']]);
    expect(scanned.unmatched.toSorted((one, other) => one.component.localeCompare(other.component))).toEqual(
      strange.map(({ purl }) => ({ component: purl, why: 'unknown-ecosystem', file: 'a.cdx.json' })),
    );
  });

  test('a version that is none: the API says nothing of it', async () => {
    const { scan } = await stage({ records: [record('GO-1', 'a')] });
    const odd = goPackage('a', 'master');
    expect((await scan(odd)).unmatched).toEqual([
      { component: odd.purl, why: 'no-order', file: 'a.cdx.json' },
    ]);
  });
});
