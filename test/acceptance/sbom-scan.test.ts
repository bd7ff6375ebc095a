import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { json, low, recordOf, sbomOf, scanOfEach, verdictOf } from './sbom-scan-setup.ts';

const { put, read, path, scan } = scanOfEach();

const clean = { exitCode: 0, verdict: 'clean', ok: 'true' };
const vulnerable = { exitCode: 1, verdict: 'vulnerable', ok: 'false' };
const couldNot = { exitCode: 1, verdict: 'could-not-scan', ok: 'unknown' };

beforeEach(() => {
  put('sbom.cdx.json', sbomOf('qs@6.7.0', 'ws@8.0.0'));
  put('osv/qs.json', recordOf('GHSA-hrpp-h998-j3pp', 'qs', '6.7.3', { aliases: ['CVE-2022-24999'] }));
});

describe('sbom-scan', () => {
  it('is vulnerable where a package is, with its fix, its way and what to do; once that is updated, clean', async () => {
    const found = await scan({ sarif: 'out/x.sarif' });
    expect(verdictOf(found)).toEqual({ ...vulnerable, reason: 'at-threshold' });
    expect(found.outputs).toMatchObject({
      findings: '1',
      unmatched: '0',
      sarif: 'out/x.sarif',
      summary:
        'shop 1.4.2 has 1 vulnerability at or above high: GHSA-hrpp-h998-j3pp in qs 6.7.0 (fixed in 6.7.3).',
    });
    expect(json(found).findings).toEqual([
      {
        id: 'GHSA-hrpp-h998-j3pp',
        aliases: ['CVE-2022-24999'],
        package: { name: 'qs', ecosystem: 'npm', purl: 'pkg:npm/qs@6.7.0' },
        version: '6.7.0',
        severity: 'critical',
        score: 9.8,
        fixed: ['6.7.3'],
        paths: [['shop@1.4.2', 'qs@6.7.0']],
        status: 'open',
        summary: 'qs does harm',
        url: expect.stringMatching(/^https:/),
        blocking: true,
      },
    ]);
    expect(found.summary.split('\n')[0]).toMatch(
      /^\*\*shop 1\.4\.2 has 1 vulnerability at or above high\*\* · 2 packages · OSV database of \d{4}-\d\d-\d\d, 1 record$/,
    );
    expect(found.annotations.map(({ level }) => level)).toEqual(['error', 'error']);
    expect(JSON.parse(read('out/x.sarif')).runs[0].results).toHaveLength(1);

    put('sbom.cdx.json', sbomOf('qs@6.7.3', 'ws@8.0.0'));
    const mended = await scan({ sarif: 'out/x.sarif' });
    expect(verdictOf(mended)).toEqual({ ...clean, reason: 'nothing-found' });
    expect(mended.outputs).toMatchObject({ findings: '0', unmatched: '0', sarif: 'out/x.sarif' });
    expect(mended.annotations).toEqual([]);
    expect(JSON.parse(read('out/x.sarif')).runs[0].results).toEqual([]);
  });

  it.each([
    ['what is below the threshold', { 'severity-threshold': 'critical' }, { severity: low }],
    ['a severity, with none', { 'severity-threshold': 'none' }, {}],
    [
      'what has no fix, with only-fixed',
      { 'only-fixed': 'true' },
      {
        affected: [
          {
            package: { ecosystem: 'npm', name: 'qs' },
            ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
          },
        ],
      },
    ],
  ])('is clean where nothing counts: not %s', async (_, inputs, record) => {
    put('osv/qs.json', recordOf('GHSA-1', 'qs', '6.7.3', record));
    const result = await scan(inputs);
    expect(verdictOf(result)).toEqual({ ...clean, reason: 'none-counts' });
    expect(result.outputs.findings).toBe('1');
    expect(result.outputs.summary).toContain('no vulnerability');
  });

  it('fails for what is exploited, and for what is likely to be, whatever its severity', async () => {
    put('osv/qs.json', recordOf('CVE-2022-24999', 'qs', '6.7.3', { severity: low }));
    put('kev.json', {
      title: 'CISA Catalog of Known Exploited Vulnerabilities',
      catalogVersion: '2026.11.20',
      dateReleased: '2026-11-20T00:00:00Z',
      count: 1,
      vulnerabilities: [{ cveID: 'CVE-2022-24999' }],
    });
    put(
      'epss.csv',
      '#model_version:v2026.01.01,score_date:2026-11-20T00:00:00+0000\ncve,epss,percentile\nCVE-2022-24999,0.91,0.99\n',
    );
    expect(verdictOf(await scan({ kev: 'kev.json', epss: 'epss.csv' }))).toMatchObject(clean);
    const exploited = await scan({ kev: 'kev.json', 'fail-on-kev': 'true' });
    expect(verdictOf(exploited)).toEqual({ ...vulnerable, reason: 'exploited' });
    expect(exploited.outputs.summary).toContain('known to be exploited');
    const likely = await scan({ epss: 'epss.csv', 'fail-on-epss': '0.9' });
    expect(verdictOf(likely)).toEqual({ ...vulnerable, reason: 'exploited' });
    expect(likely.summary).toContain('EPSS 91.0 %');
    expect(verdictOf(await scan({ epss: 'epss.csv', 'fail-on-epss': '0.95' }))).toMatchObject(clean);
  });

  it('counts only what the base has not, with base-sbom', async () => {
    put('osv/ws.json', recordOf('GHSA-2', 'ws', '8.17.1'));
    put('base/sbom.cdx.json', sbomOf('qs@6.7.0'));
    const result = await scan({ 'base-sbom': 'base/*.json' });
    expect(result.outputs.summary).toMatch(
      /^shop 1\.4\.2 has 1 new vulnerability at or above high: GHSA-2 in ws 8\.0\.0/,
    );
    expect(json(result).findings).toMatchObject([
      { id: 'GHSA-2', isNew: true },
      { isNew: false, blocking: false },
    ]);
    put('base/sbom.cdx.json', sbomOf('qs@6.7.0', 'ws@8.0.0'));
    expect(verdictOf(await scan({ 'base-sbom': 'base/*.json' }))).toEqual({
      ...clean,
      reason: 'none-counts',
    });
  });

  it('scans several SBOMs together, and names the files of each finding in the SARIF file', async () => {
    put('out/a.cdx.json', sbomOf('qs@6.7.0'));
    put('out/b.cdx.json', sbomOf('qs@6.7.0', 'left-pad@1.0.0'));
    const result = await scan({ sbom: 'out/*.cdx.json', sarif: 'x.sarif' });
    expect(result.outputs).toMatchObject({
      findings: '1',
      summary: expect.stringMatching(/^2 SBOMs have 1 vulnerability at or above high/),
    });
    const [run] = JSON.parse(read('x.sarif')).runs;
    expect(JSON.stringify(run.results[0].locations)).toMatch(/out\/a\.cdx\.json.*out\/b\.cdx\.json/);
  });

  it('writes no SARIF file with dry-run, and says the same', async () => {
    const result = await scan({ sarif: 'x.sarif', 'dry-run': 'true' });
    expect(result.outputs).toMatchObject({ verdict: 'vulnerable', sarif: '' });
    expect(existsSync(path('x.sarif'))).toBe(false);
  });
});

describe('the allow-list', () => {
  const entry = (expires: string, id = 'CVE-2022-24999') =>
    `- id: ${id}\n  package: qs\n  reason: parse is never called with input\n  expires: ${expires}\n`;

  it('takes a finding out until it expires, and shows its reason', async () => {
    put('.github/sluice-allow.yml', entry('2999-12-31'));
    const result = await scan({ sarif: 'x.sarif' });
    expect(verdictOf(result)).toEqual({ ...clean, reason: 'none-counts' });
    expect(json(result).findings).toMatchObject([
      { status: 'allowed', because: 'parse is never called with input' },
    ]);
    expect(result.summary).toContain('allowed: parse is never called with input');
    expect(JSON.parse(read('x.sarif')).runs[0].results).toEqual([]);
  });

  it('fails for an entry that has expired, at its line', async () => {
    put('.github/sluice-allow.yml', `# reviewed\n${entry('2026-01-01')}`);
    const result = await scan();
    expect(verdictOf(result)).toMatchObject(vulnerable);
    expect(result.stdout).toMatch(
      /^::error file=\.github\/sluice-allow\.yml,line=2::CVE-2022-24999 in qs was allowed to 2026-01-01/m,
    );
    put('osv/qs.json', recordOf('GHSA-1', 'other', '1.0.0'));
    const unneeded = await scan({ sarif: 'x.sarif' });
    expect(verdictOf(unneeded)).toEqual({ ...couldNot, reason: 'expired-allowance' });
    expect(unneeded.outputs.summary).toMatch(
      /^shop 1\.4\.2 has no known vulnerability, and 1 allowance has expired: /,
    );
    expect(unneeded.stdout).toContain('Nothing needs line 2 of .github/sluice-allow.yml: remove the entry.');
    expect(unneeded.outputs.sarif).toBe('x.sarif');
    expect(JSON.parse(read('x.sarif')).runs[0].results).toEqual([]);
  });

  it('warns of an entry that nothing needs, at its line', async () => {
    put('.github/sluice-allow.yml', `${entry('2999-12-31')}${entry('2999-12-31', 'CVE-2020-1')}`);
    const result = await scan();
    expect(verdictOf(result)).toMatchObject(clean);
    expect(result.stdout).toMatch(
      /^::warning file=\.github\/sluice-allow\.yml,line=5::CVE-2020-1 in qs is allowed, and was not found/m,
    );
  });

  it.each([
    ['no YAML', '- {', /sluice-allow\.yml/],
    [
      'an entry without a reason',
      '- id: CVE-1-1\n  expires: 2999-01-01\n',
      /sluice-allow\.yml:1: an entry needs `reason`/,
    ],
  ])('is an error where it is wrong: %s', async (_, content, said) => {
    put('.github/sluice-allow.yml', content);
    const result = await scan();
    expect(verdictOf(result)).toEqual({ ...couldNot, reason: 'allow-list-broken' });
    expect(result.outputs.summary).toMatch(said);
  });

  it('may be missing where nobody named it, and not elsewhere', async () => {
    expect(verdictOf(await scan())).toMatchObject(vulnerable);
    expect(verdictOf(await scan({ 'allow-list': 'other.yml' }))).toEqual({
      ...couldNot,
      reason: 'allow-list-broken',
    });
  });
});

describe('VEX', () => {
  it('takes out what a statement says is not affected, and shows why', async () => {
    put('vex/shop.json', {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'https://acme.example/vex/1',
      author: 'acme',
      timestamp: '2026-11-01T00:00:00Z',
      version: 1,
      statements: [
        {
          vulnerability: { name: 'CVE-2022-24999' },
          products: [{ '@id': 'pkg:npm/qs@6.7.0' }],
          status: 'not_affected',
          justification: 'vulnerable_code_not_in_execute_path',
        },
      ],
    });
    const result = await scan({ vex: 'vex/*.json' });
    expect(verdictOf(result)).toEqual({ ...clean, reason: 'none-counts' });
    expect(json(result).findings[0].status).toBe('not-affected');
    expect(result.summary).toContain('- 1 not affected, by VEX');
    put('vex/shop.json', { hello: 'world' });
    expect(verdictOf(await scan({ vex: 'vex/*.json' }))).toEqual({ ...couldNot, reason: 'vex-broken' });
  });
});
