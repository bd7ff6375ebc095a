import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecResult } from '@sluice/core/exec';
import { describe, expect, test } from 'vitest';
import { grypeSource } from './grype.ts';
import { failure, jwt, openssl, packageOf, qs, stage } from './test-scanners.ts';

describe('grype', () => {
  const status = { schemaVersion: 'v6.1.2', built: '2026-11-20T06:19:36Z', valid: true };
  const document = (matches: unknown, more: object = {}) =>
    JSON.stringify({ matches, descriptor: { name: 'grype', version: '0.110.0', db: { status } }, ...more });
  const match = (purl: string, vulnerability: object, relatedVulnerabilities: object[] = []) => ({
    ...{ vulnerability, relatedVulnerabilities, artifact: { name: 'x', version: '1', purl } },
  });
  const ghsa = {
    id: 'GHSA-hrpp-h998-j3pp',
    dataSource: 'https://github.com/advisories/GHSA-hrpp-h998-j3pp',
    severity: 'High',
    description: 'qs vulnerable to Prototype Pollution\nmore',
    cvss: [{ version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
    fix: { versions: ['6.5.3'], state: 'fixed' },
  };
  const cve = { id: 'CVE-2022-24999', cvss: [{ version: '2.0', vector: 'AV:N/AC:L/Au:N/C:N/I:N/A:P' }] };

  test('its findings are matches with their names, scores and fixes', async () => {
    const { source, calls } = stage(grypeSource, () => ({
      stdout: document([
        match(qs.purl, ghsa, [cve]),
        match('pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12', {
          ...{ id: 'CVE-2', severity: 'Negligible', fix: { versions: [], state: 'wont-fix' } },
        }),
      ]),
    }));
    const scan = await source([jwt, qs, openssl]);
    expect(scan.matches).toEqual([
      {
        package: qs,
        fixed: ['6.5.3'],
        advisory: {
          ...{ id: ghsa.id, aliases: [cve.id], url: ghsa.dataSource },
          summary: 'qs vulnerable to Prototype Pollution',
          ratings: [
            { type: 'CVSS_V3', value: ghsa.cvss[0]?.vector },
            { type: 'word', value: 'High' },
          ],
        },
      },
      {
        ...{ package: openssl, fixed: [] },
        advisory: { id: 'CVE-2', aliases: [], summary: '', ratings: [{ type: 'word', value: 'Negligible' }] },
      },
    ]);
    expect([scan.source, scan.day, scan.unmatched]).toEqual([
      'grype 0.110.0, database of 2026-11-20',
      '2026-11-20',
      [],
    ]);
    expect(calls[0]?.args).toEqual([
      expect.stringMatching(/^sbom:.*sbom\.cdx\.json$/),
      '--output=json',
      expect.stringMatching(/^--config=.*grype\.yaml$/),
    ]);
  });

  test('what version 0.110.0 wrote of a made-up database is read, whatever the ecosystem', async () => {
    const recorded = join(import.meta.dirname, 'fixtures', 'grype-0.110.0.json');
    const { source } = stage(grypeSource, () => ({ stdout: readFileSync(recorded, 'utf8') }));
    const asked = [
      qs,
      packageOf('pkg:npm/%40scope/part@1.0.0', 'npm', '@scope/part', '1.0.0'),
      packageOf(
        'pkg:golang/github.com/dgrijalva/jwt-go@v3.2.0%2Bincompatible',
        'Go',
        jwt.name,
        'v3.2.0+incompatible',
      ),
      packageOf('pkg:golang/github.com/BurntSushi/toml@v0.3.1', 'Go', 'github.com/BurntSushi/toml', 'v0.3.1'),
      packageOf('pkg:maven/org.example/part@1.0', 'Maven', 'org.example:part', '1.0'),
      packageOf('pkg:pypi/jinja2@2.10', 'PyPI', 'jinja2', '2.10'),
      packageOf(
        'pkg:deb/debian/libssl3@3.0.11-1~deb12u1?distro=debian-12',
        'Debian:12',
        'openssl',
        '3.0.11-1~deb12u1',
      ),
      packageOf(
        'pkg:apk/alpine/busybox@1.36.1-r2?distro=alpine-3.18.4',
        'Alpine:v3.18',
        'busybox',
        '1.36.1-r2',
      ),
      packageOf('pkg:npm/clean@1.0.0', 'npm', 'clean', '1.0.0'),
    ];
    const scan = await source(asked);
    expect(
      scan.matches.map((match) => [asked.indexOf(match.package), match.advisory.id, ...match.fixed]),
    ).toEqual([
      [3, 'GHSA-burn-tsus-hi00', '4.0.0'],
      [2, 'GHSA-w73w-5m7g-f7qc', '4.0.0-preview1'],
      [5, 'GHSA-pypi-pypi-pypi', '3.0'],
      [4, 'GHSA-mave-nmav-en00', '2.0'],
      [0, 'GHSA-hrpp-h998-j3pp', '6.5.3'],
      [1, 'GHSA-aaaa-bbbb-cccc'],
      [7, 'CVE-2023-9999', '1.36.1-r5'],
      [6, 'CVE-2023-5678', '3.0.13-1'],
    ]);
    expect(scan.matches[4]?.advisory.aliases).toEqual(['CVE-2022-24999']);
  });

  test('takes the scores of the same vulnerability elsewhere where the advisory has none', async () => {
    const { source } = stage(grypeSource, () => ({
      stdout: document([match(qs.purl, { ...ghsa, cvss: [] }, [cve])]),
    }));
    const { matches } = await source([qs]);
    expect(matches[0]?.advisory.ratings[0]).toEqual({ type: 'CVSS_V2', value: cve.cvss[0]?.vector });
  });

  test('an advisory about several vulnerabilities has none of their names', async () => {
    const several = [cve, { id: 'CVE-3' }];
    const { source } = stage(grypeSource, () => ({ stdout: document([match(qs.purl, ghsa, several)]) }));
    const [found] = (await source([qs])).matches;
    expect(found?.advisory).toMatchObject({ aliases: [], upstream: ['CVE-2022-24999', 'CVE-3'] });
  });

  test.each([
    ['Debian:12', 'debian-12'],
    ['Ubuntu:22.04:LTS', 'ubuntu-22.04'],
    ['Alpine:v3.18', 'alpine-3.18'],
    ['Rocky Linux:9', 'rocky-9'],
    ['AlmaLinux:9', 'almalinux-9'],
    ['Wolfi', 'wolfi-20230201'],
  ])('is told of the distribution, whoever has said it: %s', async (ecosystem, distro) => {
    const { source, calls } = stage(grypeSource, () => ({ stdout: document([]) }));
    const bare = packageOf('pkg:deb/debian/libssl3@3.0.11-1', ecosystem, 'openssl', '3.0.11-1');
    const written = { ...bare, purl: `${bare.purl}?distro=bookworm` };
    expect((await source([bare, written])).unanswered).toEqual([]);
    expect(calls[0]?.sbom?.components.map(({ purl }) => purl)).toEqual(
      Array(2).fill(`pkg:deb/debian/libssl3@3.0.11-1?distro=${distro}`),
    );
  });

  test.each([
    'Debian',
    'openSUSE:Leap 15.5',
    'Mageia:9',
    'Alpine',
  ])('is not asked about a package of %s: it would find nothing, and not say so', async (ecosystem) => {
    const { source, calls } = stage(grypeSource, () => ({ stdout: document([]) }));
    const other = packageOf('pkg:deb/debian/libssl3@3.0.11-1', ecosystem, 'openssl', '3.0.11-1');
    expect((await source([other])).unanswered).toEqual([other]);
    expect(calls).toEqual([]);
    const { unmatched, unanswered } = await source([qs, other]);
    expect([unmatched, unanswered]).toEqual([
      [{ component: other.purl, why: 'unknown-ecosystem', file: 'a.cdx.json' }],
      [other],
    ]);
    expect(calls[0]?.sbom?.components).toEqual([expect.objectContaining({ purl: qs.purl })]);
  });

  test.each([
    ['pkg:cran/commonmark@1.7', 'CRAN'],
    ['pkg:hackage/aeson@1.0', 'Hackage'],
    ['pkg:opam/x@1.0', 'opam'],
    ['pkg:bioconductor/a@1.0.0', 'Bioconductor'],
    ['pkg:vscode-extension/ms/py@1.0.0', 'VSCode'],
    ['pkg:julia/LibGit2_jll@1.0.0', 'Julia'],
    ['pkg:conan/zlib@1.2.11', 'ConanCenter'],
    ['pkg:githubactions/actions/checkout@4.0.0', 'GitHub Actions'],
  ])('is not asked about %s: its database has nothing of %s', async (purl, ecosystem) => {
    const other = packageOf(purl, ecosystem, 'x', '1.0.0');
    const { source, calls } = stage(grypeSource, () => ({ stdout: document([]) }));
    expect((await source([other])).unanswered).toEqual([other]);
    expect(calls).toEqual([]);
  });

  test.each([
    ...['pkg:bitnami/a@1.0.0', 'pkg:cargo/a@1.0.0', 'pkg:composer/a/b@1.0.0', 'pkg:gem/a@1.0.0'],
    ...['pkg:golang/a.b/c@v1.0.0', 'pkg:hex/a@1.0.0', 'pkg:maven/a/b@1.0.0', 'pkg:npm/a@1.0.0'],
    ...['pkg:nuget/a@1.0.0', 'pkg:pub/a@1.0.0', 'pkg:pypi/a@1.0.0', 'pkg:swift/a.b/c@1.0.0'],
  ])('is asked about %s', async (purl) => {
    const { source, calls } = stage(grypeSource, () => ({ stdout: document([]) }));
    expect((await source([packageOf(purl, 'x', 'a', '1.0.0')])).unanswered).toEqual([]);
    expect(calls[0]?.sbom?.components).toHaveLength(1);
  });

  test('what it left out is told of, and that it does not say what it knows', async () => {
    const { source } = stage(grypeSource, () => ({ stdout: document([], { ignoredMatches: [{}, {}] }) }));
    expect((await source([qs])).warnings).toEqual([
      expect.stringContaining('does not say which packages it has looked up'),
      'grype left 2 matches out by rules of its own.',
    ]);
  });

  test('is told where its database is, and nothing that hides findings', async () => {
    const env = {
      GRYPE_DB_CACHE_DIR: '/db',
      GRYPE_ONLY_FIXED: 'true',
      GITHUB_TOKEN: 'canary',
      HOME: '/root',
    };
    const { source, calls } = stage(grypeSource, () => ({ stdout: document([]) }), { env });
    await source([qs]);
    expect(calls[0]?.options.env).toEqual({ GRYPE_DB_CACHE_DIR: '/db', HOME: '/root' });
  });

  const descriptor = (db: unknown) => ({ stdout: JSON.stringify({ matches: [], descriptor: { db } }) });
  test.each<[string, Partial<ExecResult>, string, RegExp]>([
    [
      'cannot load its database',
      { code: 1, stderr: '[0000] ERROR \u001b[31mfailed to load vulnerability db: no such file\u001b[0m\n' },
      'scanner-database',
      /^grype has no database of vulnerabilities: failed to load vulnerability db: no such file\.$/,
    ],
    [
      'ends with another error',
      { code: 1, stderr: 'unable to decode sbom' },
      'scanner-failed',
      /decode sbom/,
    ],
    ['says nothing of its database', descriptor(undefined), 'scanner-database', /does not say of when/],
    [
      'has one that is not valid',
      descriptor({ status: { ...status, valid: false } }),
      'scanner-database',
      /valid/,
    ],
    [
      'has one with an error',
      descriptor({ status: { ...status, error: 'too old' } }),
      'scanner-database',
      /too old/,
    ],
    ['writes no JSON', { stdout: 'No vulnerabilities found' }, 'scanner-answer', /no JSON/],
    ['writes no matches', { stdout: document(null) }, 'scanner-answer', /`matches` is null/],
    [
      'finds something elsewhere',
      { stdout: document([match('pkg:npm/other@1', ghsa)]) },
      'scanner-answer',
      /`matches\[0\]` is of a package/,
    ],
    [
      'finds something without purl',
      { stdout: document([{ vulnerability: ghsa }]) },
      'scanner-answer',
      /matches\[0\]/,
    ],
    [
      'finds something without id',
      { stdout: document([match(qs.purl, {})]) },
      'scanner-answer',
      /id` is no text/,
    ],
  ])('could not scan where it %s', async (_, answer, code, message) => {
    const { source } = stage(grypeSource, () => answer);
    await expect(source([qs])).rejects.toMatchObject(failure(code, message));
  });

  test('takes the database of older versions', async () => {
    const { source } = stage(grypeSource, () => descriptor({ built: '2023-08-31T01:24:19Z', error: null }));
    expect((await source([qs])).source).toBe('grype, database of 2023-08-31');
  });
});
