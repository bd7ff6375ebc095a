import type { ExecResult } from '@sluice/core/exec';
import { describe, expect, test } from 'vitest';
import { type Call, failure, jwt, openssl, packageOf, qs, stage } from './test-scanners.ts';
import { trivySource } from './trivy.ts';

describe('trivy', () => {
  const version = JSON.stringify({
    Version: '0.60.0',
    VulnerabilityDB: { UpdatedAt: '2026-11-20T06:19:36.1Z' },
  });
  const run = (report: Partial<ExecResult>, versions: Partial<ExecResult> = { stdout: version }) =>
    stage(trivySource, (call) =>
      call.args[0] === 'version' ? versions : { ...report, ...probed(call, report) },
    );
  /** What a database that has something of everything finds besides: something in each probe, which are all of the first version. */
  const isProbe = ({ version }: Record<string, unknown>) => /^v?0(?:\.0\.1|-r?0)?$/.test(String(version));
  const probed = ({ sbom }: Call, { stdout = '' }: Partial<ExecResult>) => {
    if (!stdout.startsWith('{"SchemaVersion":2,"Results":[')) return {};
    const { Results, ...more } = JSON.parse(stdout);
    const refs = (sbom?.components ?? []).filter(isProbe).map((component) => component['bom-ref']);
    const found = refs.map((BOMRef) => ({ VulnerabilityID: 'CVE-1-1', PkgIdentifier: { BOMRef } }));
    return { stdout: JSON.stringify({ ...more, Results: [...Results, { Vulnerabilities: found }] }) };
  };
  const componentsOf = (call: Call | undefined) =>
    call?.sbom?.components.filter((component) => !isProbe(component));
  const at = (index: number) => ({ BOMRef: `package-${index}` });
  const result = (vulnerabilities: unknown, ...listed: number[]) => ({
    ...{ Target: 'x', Class: 'lang-pkgs', Vulnerabilities: vulnerabilities },
    Packages: listed.map((index) => ({ Identifier: at(index) })),
  });
  const report = (...results: unknown[]) => ({
    stdout: JSON.stringify({ SchemaVersion: 2, Results: results }),
  });
  const psr7 = {
    VulnerabilityID: 'CVE-2022-24999',
    VendorIDs: ['GHSA-hrpp-h998-j3pp', 'DSA-1-1'],
    PkgIdentifier: { PURL: qs.purl, ...at(1) },
    FixedVersion: '6.5.3, 6.10.3',
    SeveritySource: 'ghsa',
    PrimaryURL: 'https://avd.aquasec.com/nvd/cve-2022-24999',
    Title: 'qs poisons prototypes',
    Severity: 'HIGH',
    CVSS: {
      ghsa: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', V3Score: 7.5 },
      nvd: { V2Vector: 'AV:N/AC:L/Au:N/C:N/I:N/A:P' },
    },
  };

  test('its findings are matches with their names, scores and fixes, and what it does not list is unmatched', async () => {
    const { source } = run(report(result([psr7], 1)));
    const scan = await source([jwt, qs]);
    expect(scan).toEqual({
      matches: [
        {
          ...{ package: qs, fixed: ['6.5.3', '6.10.3'] },
          advisory: {
            ...{ id: 'CVE-2022-24999', aliases: ['GHSA-hrpp-h998-j3pp'], summary: 'qs poisons prototypes' },
            ratings: [
              { type: 'CVSS_V3', value: psr7.CVSS.ghsa.V3Vector },
              { type: 'word', value: 'HIGH' },
            ],
            url: psr7.PrimaryURL,
          },
        },
      ],
      unmatched: [{ component: jwt.purl, why: 'unknown-ecosystem', file: 'a.cdx.json' }],
      unanswered: [jwt],
      ...{ source: 'trivy, database of 2026-11-20', day: '2026-11-20', warnings: [] },
    });
  });

  test('is told of the distribution, and of packages by their source, as its database has them', async () => {
    const { source, calls } = run(report(result([], 0, 1)));
    expect((await source([openssl, qs])).unmatched).toEqual([]);
    expect(componentsOf(calls[0])).toEqual([
      { type: 'operating-system', 'bom-ref': 'system', name: 'debian', version: '12' },
      expect.objectContaining({ purl: 'pkg:deb/debian/openssl@3.0.11-1' }),
      expect.objectContaining({ purl: qs.purl }),
    ]);
  });

  test('is told of no distribution where there are two: it would take the first for both', async () => {
    const other = { ...openssl, ecosystem: 'Debian:11' };
    const { source, calls } = run(report(result([], 0)));
    expect((await source([openssl, qs, other])).unanswered).toEqual([openssl, other]);
    expect(componentsOf(calls[0])).toEqual([expect.objectContaining({ purl: qs.purl })]);
  });

  test.each([
    ['of a distribution without release', 'Debian'],
    ['of one that it does not know', 'openSUSE:Leap 15.5'],
    ['of one whose release it is not told', 'Chainguard'],
  ])('is not asked about a package %s: it would list it, and find nothing', async (_, ecosystem) => {
    const other = { ...openssl, ecosystem };
    const alone = run(report(result([], 0)));
    const [{ matches, unanswered, unmatched }, { length }] = [await alone.source([other]), alone.calls];
    expect([matches, unanswered, length]).toEqual([[], [other], 0]);
    expect(unmatched).toEqual([{ component: other.purl, why: 'unknown-ecosystem', file: 'a.cdx.json' }]);
    const { source, calls } = run(report(result([], 0, 1)));
    expect((await source([openssl, other, qs])).unanswered).toEqual([other]);
    expect(componentsOf(calls[0])).toEqual([
      expect.objectContaining({ type: 'operating-system', version: '12' }),
      expect.objectContaining({ 'bom-ref': 'package-0', name: 'openssl' }),
      expect.objectContaining({ 'bom-ref': 'package-1', name: 'qs' }),
    ]);
  });

  test('is asked about a package of Wolfi, which has no releases', async () => {
    const entry = packageOf('pkg:apk/wolfi/curl@8.0-r0', 'Wolfi', 'curl', '8.0-r0');
    const { source, calls } = run(report(result([], 0)));
    expect((await source([entry])).unanswered).toEqual([]);
    expect(componentsOf(calls[0])?.[0]).toMatchObject({ name: 'wolfi', version: '' });
  });

  test.each([
    [
      'of Rocky Linux, which it knows by architecture',
      'pkg:rpm/rocky/krb5-libs@1.21.1-1.el9',
      'Rocky Linux:9',
    ],
    ['of a module without label', 'pkg:rpm/almalinux/nodejs@14.1-1.module_el8.4', 'AlmaLinux:8'],
    ['of Red Hat', 'pkg:rpm/redhat/bash@5.1-1.el9', 'Red Hat:enterprise_linux:9::baseos'],
    ['of Julia, for which not every version has a driver', 'pkg:julia/LibGit2_jll@1.0.0', 'Julia'],
    ['of CRAN, for which none has a driver', 'pkg:cran/commonmark@1.7', 'CRAN'],
  ])('is not asked about a package %s: it would list it, and find nothing', async (_, purl, ecosystem) => {
    const [, name = '', version = ''] = /([^/]+)@(.+)$/.exec(purl) ?? [];
    const other = packageOf(purl, ecosystem, name, version);
    const { source, calls } = run(report(result([], 0)));
    expect((await source([other, qs])).unanswered).toEqual([other]);
    expect(componentsOf(calls[0])).toEqual([expect.objectContaining({ purl: qs.purl })]);
  });

  test.each<[string, Partial<ExecResult>, Partial<ExecResult> | undefined, string, RegExp]>([
    [
      'cannot get its database',
      {
        code: 1,
        stderr:
          '2026-11-20T06:19:36Z\tFATAL\tFatal error\tinit error: DB error: failed to download vulnerability DB\n',
      },
      undefined,
      'scanner-database',
      /vulnerabilities: init error: DB error: failed to download/,
    ],
    [
      'crashes',
      { code: 2, stderr: 'INFO\tDetecting\nunexpected fault address 0x7f3f\n\tnotice.go:62 +0x105\n' },
      undefined,
      'scanner-failed',
      /exit code 2: unexpected fault address 0x7f3f\.$/,
    ],
    [
      'ends with another error',
      { code: 1, stderr: 'SBOM decode error' },
      undefined,
      'scanner-failed',
      /decode/,
    ],
    [
      'has no database',
      report(result([], 0)),
      { stdout: '{"Version":"0.60.0"}' },
      'scanner-database',
      /of when/,
    ],
    ['writes no JSON', { stdout: '' }, undefined, 'scanner-answer', /no JSON/],
    ['writes another version', { stdout: '{"SchemaVersion":3}' }, undefined, 'scanner-answer', /must be 2/],
    [
      'writes no list',
      { stdout: '{"SchemaVersion":2,"Results":{}}' },
      undefined,
      'scanner-answer',
      /`Results` is an/,
    ],
    [
      'finds something elsewhere',
      report(result([{ ...psr7, PkgIdentifier: at(9) }])),
      undefined,
      'scanner-answer',
      /not asked about/,
    ],
    [
      'finds something without id',
      report(result([{ PkgIdentifier: at(0) }])),
      undefined,
      'scanner-answer',
      /no text/,
    ],
  ])('could not scan where it %s', async (_, answer, versions, code, message) => {
    const { source } = run(answer, versions);
    await expect(source([qs])).rejects.toMatchObject(failure(code, message));
  });
});
