import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExecResult } from '@sluice/core/exec';
import { archive } from '@sluice/testbed/osv/archive';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Package } from '../types.ts';
import { osvScannerSource } from './osv-scanner.ts';
import { type Call, failure, found, jwt, openssl, packageOf, qs, stage, temporary } from './test-scanners.ts';

let folder: string;
beforeEach(() => {
  folder = temporary();
});

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

  /** A record of these, as a database has it. */
  const about = (...ecosystems: string[]) =>
    JSON.stringify({
      ...{ id: 'X-1', modified: '2026-01-01T00:00:00Z' },
      affected: ecosystems.map((ecosystem) => ({ package: { ecosystem, name: 'x' }, versions: ['1'] })),
    });

  /** With databases of these ecosystems. */
  function scanner(
    answer: (call: Call) => Partial<ExecResult>,
    databases: Readonly<Record<string, string>> = {},
  ) {
    const good = { Go: about('Go'), npm: about('npm') };
    for (const [ecosystem, content] of Object.entries({ ...good, ...databases })) {
      const file = join(folder, 'osv-scalibr', ecosystem, 'all.zip');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content === '' ? archive([]) : archive([{ name: 'GO-1.json', content }]));
    }
    const env = { OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: folder, INPUT_TOKEN: 'canary', PATH: '/bin' };
    return stage(osvScannerSource, answer, { env, tempDir: folder });
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
    expect(scan.source).toContain(` of ${scan.day} `);
    expect(calls[0]?.args).toContain('--offline');
    expect(calls[0]?.sbom?.components.map(({ purl }) => purl)).toEqual([jwt.purl, qs.purl]);
  });

  test('is asked for packages of distributions by their source, as OSV has them', async () => {
    const { source, calls } = scanner(() => ({ stdout: report(listed(openssl)), stderr: loaded('Debian') }), {
      Debian: about('Debian:12'),
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
    const odd = packageOf('pkg:golang/a@master', 'Go', 'a', 'master');
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

  test('a database without a record of the release, or with one that is of several ecosystems, is none', async () => {
    const alone = scanner(() => ({}), { Debian: about('Debian:11') });
    await expect(alone.source([openssl])).rejects.toMatchObject(
      failure('scanner-database', /for Debian: it has no record of Debian:12\.$/),
    );
    const mixed = scanner(() => ({}), { npm: about('npm', 'Go') });
    await expect(mixed.source([jwt, qs])).rejects.toMatchObject(
      failure('scanner-database', /for npm: it has no record of npm\.$/),
    );
    expect([...alone.calls, ...mixed.calls]).toEqual([]);
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
