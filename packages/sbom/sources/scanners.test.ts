import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Exec, ExecOptions, ExecResult } from '@sluice/core/exec';
import { systemExec } from '@sluice/core/exec';
import { silentLog } from '@sluice/core/log';
import { archive } from '@sluice/testbed/osv/archive';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Package, Source } from '../types.ts';
import { grypeSource } from './grype.ts';
import { osvScannerSource } from './osv-scanner.ts';
import type { ScannerPorts } from './scanner.ts';
import { trivySource } from './trivy.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-scanners-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const of = (purl: string, ecosystem: string, name: string, version: string): Package => ({
  ...{ purl, ecosystem, name, version, paths: [], files: ['a.cdx.json'] },
});
const jwt = of(
  'pkg:golang/github.com/dgrijalva/jwt-go@v3.2.0',
  'Go',
  'github.com/dgrijalva/jwt-go',
  'v3.2.0',
);
const qs = of('pkg:npm/qs@6.5.0', 'npm', 'qs', '6.5.0');
const openssl = of(
  'pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl',
  'Debian:12',
  'openssl',
  '3.0.11-1',
);

interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: ExecOptions;
  /** The bill that it was given. */
  readonly sbom?: { readonly components: readonly Record<string, unknown>[] };
}

/** A program that answers what it is told, and keeps how it was called. */
function stage(make: (ports: ScannerPorts) => Source, answer: (call: Call) => Partial<ExecResult>, env = {}) {
  const calls: Call[] = [];
  const exec: Exec = async (command, args, options = {}) => {
    const file = join(options.cwd ?? '', 'sbom.cdx.json');
    const sbom = readdirSync(options.cwd ?? '').includes('sbom.cdx.json')
      ? JSON.parse(readFileSync(file, 'utf8'))
      : undefined;
    const call = { command, args, options, sbom };
    calls.push(call);
    return { code: 0, stdout: '', stderr: '', bytes: Buffer.alloc(0), ...answer(call) };
  };
  const source = make({ exec, env, log: silentLog, tempDir: folder });
  return { source, calls };
}

const failure = (code: string, message: RegExp) => ({
  kind: 'platform',
  ...{ code, message: expect.stringMatching(message) },
});
const found = ({ matches }: Awaited<ReturnType<Source>>) =>
  matches.map(({ package: { name, version }, advisory, fixed }) => [name, version, advisory.id, ...fixed]);

describe('osv-scanner', () => {
  const record = (id: string) => ({
    id,
    modified: '2026-01-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'Go', name: jwt.name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '3.2.1' }] }],
      },
    ],
  });
  const listed = ({ ecosystem, name, version }: Package, ...vulnerabilities: unknown[]) => ({
    package: { ecosystem, name, version },
    ...(vulnerabilities.length > 0 && { vulnerabilities }),
  });
  const report = (...packages: unknown[]) => JSON.stringify({ results: [{ packages }] });
  const loaded = (...names: string[]) =>
    names.map((name) => `Loaded ${name} local db from /x/${name}/all.zip\n`).join('');

  /** With databases of these ecosystems. */
  function scanner(
    answer: (call: Call) => Partial<ExecResult>,
    databases: Readonly<Record<string, string>> = {},
  ) {
    const good = JSON.stringify({ id: 'GO-1', modified: '2026-01-01T00:00:00Z' });
    for (const [ecosystem, content] of Object.entries({ Go: good, npm: good, ...databases })) {
      const file = join(folder, 'osv-scalibr', ecosystem, 'all.zip');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content === '' ? archive([]) : archive([{ name: 'GO-1.json', content }]));
    }
    const env = { OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: folder, INPUT_TOKEN: 'canary', PATH: '/bin' };
    return stage(osvScannerSource, answer, env);
  }

  test('its findings are matches, of the packages that it lists', async () => {
    const { source, calls } = scanner(() => ({
      ...{ code: 1, stderr: loaded('Go', 'npm') },
      stdout: report(listed(jwt, record('GO-2020-0017')), listed(qs)),
    }));
    const scan = await source([jwt, qs]);
    expect(found(scan)).toEqual([[jwt.name, 'v3.2.0', 'GO-2020-0017', '3.2.1']]);
    expect([scan.unmatched, scan.source]).toEqual([
      [],
      expect.stringMatching(/^osv-scanner, databases of 20/),
    ]);
    expect(calls[0]?.args).toContain('--offline');
    expect(calls[0]?.sbom?.components.map(({ purl }) => purl)).toEqual([jwt.purl, qs.purl]);
  });

  test('is asked for packages of distributions by their source, as OSV has them', async () => {
    const { source, calls } = scanner(() => ({ stdout: report(listed(openssl)), stderr: loaded('Debian') }), {
      Debian: '{"id":"DSA-1"}',
    });
    expect((await source([openssl])).unmatched).toEqual([]);
    expect(calls[0]?.sbom?.components[0]?.purl).toBe('pkg:deb/debian/openssl@3.0.11-1?distro=debian-12');
  });

  test('is given no token of the job, no settings, and leaves nothing', async () => {
    const { source, calls } = scanner(() => ({ stdout: report(listed(jwt)), stderr: loaded('Go') }));
    await source([jwt]);
    expect(calls[0]?.options.env).toEqual({ PATH: '/bin' });
    expect(calls[0]?.args).toContainEqual(expect.stringMatching(/^--config=.*osv-scanner\.toml$/));
    expect(readdirSync(folder)).toEqual(['osv-scalibr']);
  });

  test('what it does not list, or cannot put in order, is unmatched', async () => {
    const odd = of('pkg:golang/a@master', 'Go', 'a', 'master');
    const { source } = scanner(() => ({
      stdout: report(listed(jwt), listed(odd)),
      stderr: loaded('Go', 'npm'),
    }));
    expect((await source([jwt, odd, qs])).unmatched.map(({ component, why }) => [component, why])).toEqual([
      [odd.purl, 'no-order'],
      [qs.purl, 'unknown-ecosystem'],
    ]);
  });

  test.each<[string, string, RegExp]>([
    ['that is not there', 'missing', /for npm: all\.zip is not there \(ENOENT\)/],
    ['without a record', '', /for npm: .* has no OSV record/],
    ['with a broken record', '{"id":', /for npm: .* is broken/],
  ])('a database %s is none, before it runs', async (_, content, message) => {
    const { source, calls } = scanner(() => ({}), content === 'missing' ? {} : { npm: content });
    if (content === 'missing') rmSync(join(folder, 'osv-scalibr', 'npm'), { recursive: true });
    await expect(source([jwt, qs])).rejects.toMatchObject(failure('scanner-database', message));
    expect(calls).toEqual([]);
  });

  test.each<[string, Partial<ExecResult>, string, RegExp]>([
    ['says nothing of a database', { stdout: report(listed(jwt)) }, 'scanner-database', /does not say that/],
    [
      'finds something, and has not loaded another database',
      {
        ...{ code: 1, stdout: report(listed(jwt, record('GO-1')), listed(qs)) },
        stderr: `${loaded('Go')}could not load db for npm ecosystem: unable to fetch OSV database: none\n`,
      },
      'scanner-database',
      /for npm: unable to fetch/,
    ],
    [
      'ends with 127',
      { code: 127, stderr: '\u001b[31mfailed to resolve path\u001b[0m\n\n' },
      'scanner-failed',
      /exit code 127: failed to resolve path\.$/,
    ],
    ['ends with 128', { code: 128, stderr: 'No package sources found' }, 'scanner-failed', /exit code 128/],
    ['is killed', { code: 143 }, 'scanner-failed', /exit code 143: it says nothing/],
    [
      'writes no JSON',
      { stdout: 'No issues found', stderr: loaded('Go', 'npm') },
      'scanner-answer',
      /no JSON/,
    ],
    [
      'writes other JSON',
      { stdout: '{}', stderr: loaded('Go', 'npm') },
      'scanner-answer',
      /`results` is missing/,
    ],
    [
      'writes a broken record',
      { stdout: report(listed(jwt, { id: 5 })), stderr: loaded('Go', 'npm') },
      'scanner-answer',
      /id is a number/,
    ],
    [
      'finds something elsewhere',
      { stdout: report(listed({ ...jwt, name: 'x' }, record('GO-1'))), stderr: loaded('Go', 'npm') },
      'scanner-answer',
      /not asked about/,
    ],
  ])('could not scan where it %s', async (_, answer, code, message) => {
    const { source } = scanner(() => answer);
    await expect(source([jwt, qs])).rejects.toMatchObject(failure(code, message));
  });
});

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
    expect([scan.source, scan.unmatched]).toEqual(['grype 0.110.0, database of 2026-11-20', []]);
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
      of('pkg:npm/%40scope/part@1.0.0', 'npm', '@scope/part', '1.0.0'),
      of(
        'pkg:golang/github.com/dgrijalva/jwt-go@v3.2.0%2Bincompatible',
        'Go',
        jwt.name,
        'v3.2.0+incompatible',
      ),
      of('pkg:golang/github.com/BurntSushi/toml@v0.3.1', 'Go', 'github.com/BurntSushi/toml', 'v0.3.1'),
      of('pkg:maven/org.example/part@1.0', 'Maven', 'org.example:part', '1.0'),
      of('pkg:pypi/jinja2@2.10', 'PyPI', 'jinja2', '2.10'),
      of(
        'pkg:deb/debian/libssl3@3.0.11-1~deb12u1?distro=debian-12',
        'Debian:12',
        'openssl',
        '3.0.11-1~deb12u1',
      ),
      of('pkg:apk/alpine/busybox@1.36.1-r2?distro=alpine-3.18.4', 'Alpine:v3.18', 'busybox', '1.36.1-r2'),
      of('pkg:npm/clean@1.0.0', 'npm', 'clean', '1.0.0'),
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
    expect((await source([qs])).matches[0]?.advisory.aliases).toEqual([]);
  });

  test('what it left out is told of, and that it does not say what it knows', async () => {
    const { source } = stage(grypeSource, () => ({ stdout: document([], { ignoredMatches: [{}, {}] }) }));
    expect((await source([qs])).warnings).toEqual([
      expect.stringContaining('does not say which packages'),
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
    const { source, calls } = stage(grypeSource, () => ({ stdout: document([]) }), env);
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

describe('trivy', () => {
  const version = JSON.stringify({
    Version: '0.60.0',
    VulnerabilityDB: { UpdatedAt: '2026-11-20T06:19:36.1Z' },
  });
  const run = (report: Partial<ExecResult>, versions: Partial<ExecResult> = { stdout: version }) =>
    stage(trivySource, ({ args }) => (args[0] === 'version' ? versions : report));
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
      ...{ source: 'trivy, database of 2026-11-20', warnings: [] },
    });
  });

  test('is told of the distribution, and of packages by their source, as its database has them', async () => {
    const { source, calls } = run(report(result([], 0, 1)));
    expect((await source([openssl, qs])).unmatched).toEqual([]);
    expect(calls[0]?.sbom?.components).toEqual([
      { type: 'operating-system', 'bom-ref': 'system', name: 'debian', version: '12' },
      expect.objectContaining({ purl: 'pkg:deb/debian/openssl@3.0.11-1?distro=debian-12' }),
      expect.objectContaining({ purl: qs.purl }),
    ]);
  });

  test('is told of no distribution where there are two: it would take the first for both', async () => {
    const other = { ...openssl, ecosystem: 'Debian:11' };
    const { source, calls } = run(report());
    expect((await source([openssl, other])).unmatched).toHaveLength(2);
    expect(calls[0]?.sbom?.components).toHaveLength(2);
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
      /failed to download/,
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

test.each([
  ['grype', grypeSource],
  ['trivy', trivySource],
  ['osv-scanner', osvScannerSource],
] as const)('%s is not run for no package, and where it is missing that is said', async (name, make) => {
  const env = { PATH: folder, OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: folder };
  const source = make({ exec: systemExec, env, log: silentLog, tempDir: folder });
  expect((await source([])).matches).toEqual([]);
  const file = join(folder, 'osv-scalibr', 'npm', 'all.zip');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, archive([{ name: 'a.json', content: '{"id":"A-1"}' }]));
  await expect(source([qs])).rejects.toMatchObject({
    code: 'program-missing',
    message: expect.stringContaining(name),
  });
});
