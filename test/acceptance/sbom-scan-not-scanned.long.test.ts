import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startOsv } from '@sluice/testbed/osv/start';
import { beforeEach, describe, expect, it } from 'vitest';
import { json, recordOf, sbomOf, scanOfEach, verdictOf } from './sbom-scan-setup.ts';

const { path, program, put, read, scan } = scanOfEach();

const couldNot = { exitCode: 1, verdict: 'could-not-scan', ok: 'unknown' };
const vulnerable = { exitCode: 1, verdict: 'vulnerable', ok: 'false' };

beforeEach(() => {
  put('sbom.cdx.json', sbomOf('qs@6.7.0', 'ws@8.0.0'));
  put('osv/qs.json', recordOf('GHSA-1', 'qs', '6.7.3'));
});

describe('a scan that did not happen is never a clean one', () => {
  it.each<[string, Readonly<Record<string, string>>, string, RegExp]>([
    ['no input', { sbom: '' }, 'invalid-input', /sbom: is required/],
    ['no such file', { sbom: 'nothing.json' }, 'sbom-not-found', /nothing\.json/],
    ['a pattern that meets nothing', { sbom: 'dist/**/*.cdx.json' }, 'sbom-not-found', /dist\/\*\*/],
    ['a path that leads out', { sbom: '../sbom.json' }, 'invalid-input', /without `\.\.`/],
    ['an absolute path', { sbom: '/etc/passwd' }, 'invalid-input', /relative to the repository/],
    ['no database', { database: 'nothing' }, 'database-not-found', /^The database nothing cannot/],
    ['an empty folder as database', { database: 'empty' }, 'database-broken', /^The database empty has no/],
    ['a database that is none', { database: 'sbom.cdx.json' }, 'database-broken', /sbom\.cdx\.json/],
    ['a base that is missing', { 'base-sbom': 'base.json' }, 'sbom-not-found', /base\.json/],
    ['a catalog that is missing', { kev: 'kev.json' }, 'kev-broken', /kev\.json/],
    ['a table that is none', { epss: 'sbom.cdx.json' }, 'epss-broken', /sbom\.cdx\.json/],
    [
      'a threshold that there is not',
      { 'severity-threshold': 'moderate' },
      'invalid-input',
      /any, low, medium/,
    ],
    ['a probability of 5', { 'fail-on-epss': '5', epss: 'e.csv' }, 'invalid-input', /from 0 to 1/],
    [
      'fail-on-kev without the catalog',
      { 'fail-on-kev': 'true' },
      'invalid-input',
      /`fail-on-kev` needs `kev`/,
    ],
    [
      'fail-on-epss without the table',
      { 'fail-on-epss': '0.1' },
      'invalid-input',
      /`fail-on-epss` needs `epss`/,
    ],
    ['a database that nothing reads', { source: 'osv', database: 'osv' }, 'invalid-input', /`source` is not/],
    ['source: database without one', { source: 'database' }, 'invalid-input', /needs `database`/],
    [
      'an osv-url that nothing asks',
      { 'osv-url': 'https://osv.example' },
      'invalid-input',
      /nothing would ask/,
    ],
    ['a base that is the SBOM', { 'base-sbom': '*.cdx.json' }, 'invalid-input', /must be different files/],
    ['a SARIF file over the SBOM', { sarif: 'sbom.cdx.json' }, 'invalid-input', /written over/],
  ])('%s', async (_, inputs, reason, said) => {
    mkdirSync(path('empty'));
    const result = await scan({
      ...('sarif' in inputs ? {} : { sarif: 'x.sarif' }),
      ...inputs,
      ...(inputs.database === undefined && inputs.source === undefined
        ? { source: 'database', database: 'osv' }
        : { source: inputs.source ?? 'database' }),
    });
    expect(verdictOf(result)).toEqual({ ...couldNot, reason });
    expect(result.outputs.summary).toMatch(said);
    expect(result.summary).toContain('The verdict is could-not-scan: this is not clean.');
    expect(result.outputs).toMatchObject({ findings: '', unmatched: '', sarif: '' });
    expect(result.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(existsSync(path('x.sarif'))).toBe(false);
  });

  it.each<[string, string | object, string]>([
    ['no JSON', '<bom/>', 'sbom-broken'],
    ['half a file', '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a"', 'sbom-broken'],
    ['some other JSON', { hello: 'world' }, 'sbom-broken'],
    [
      'components that are no list',
      { bomFormat: 'CycloneDX', specVersion: '1.6', components: 7 },
      'sbom-broken',
    ],
    ['no components', JSON.parse(sbomOf()), 'nothing-to-scan'],
    ['components without a purl', JSON.parse(sbomOf({ name: 'a', version: '1' })), 'nothing-to-scan'],
  ])('an SBOM with %s', async (_, content, reason) => {
    put('sbom.cdx.json', content);
    expect(verdictOf(await scan())).toEqual({ ...couldNot, reason });
  });

  it('more components than max-unmatched that cannot be looked up; one less is clean, and says how many', async () => {
    put('sbom.cdx.json', sbomOf('ws@8.0.0', { name: 'a', version: '1' }, { name: 'b', purl: 'pkg:npm/b' }));
    expect(verdictOf(await scan({ 'max-unmatched': '1' }))).toEqual({
      ...couldNot,
      reason: 'too-many-unmatched',
    });
    const result = await scan({ 'max-unmatched': '2' });
    expect(result.outputs).toMatchObject({ verdict: 'clean', unmatched: '2' });
    expect(result.outputs.summary).toContain('2 components could not be looked up');
    expect(result.summary).toContain('1 component with no version: `pkg:npm/b`');
  });

  it('an SBOM beside another that has packages', async () => {
    put('out/empty.cdx.json', sbomOf());
    const result = await scan({ sbom: '{sbom,out/empty}.cdx.json', 'severity-threshold': 'none' });
    expect(verdictOf(result)).toEqual({ ...couldNot, reason: 'nothing-to-scan' });
  });

  it('a file that leads out of the repository by a link', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'sbom.json'), sbomOf('qs@6.7.3'));
    symlinkSync(join(outside, 'sbom.json'), path('link.json'));
    const result = await scan({ sbom: 'link.json' });
    rmSync(outside, { recursive: true });
    expect(verdictOf(result)).toEqual({ ...couldNot, reason: 'invalid-input' });
  });

  it('a SARIF file that cannot be written: the upload would take an older one', async () => {
    mkdirSync(path('x.sarif'));
    const result = await scan({ sarif: 'x.sarif' });
    expect(verdictOf(result)).toEqual({ ...couldNot, reason: 'sarif-not-written' });
    expect(result.outputs.sarif).toBe('');
  });
});

describe("OSV's API", () => {
  const records = [recordOf('GHSA-1', 'qs', '6.7.3', { aliases: ['CVE-2022-24999'] })];

  it('is asked for every package, and says what the database says', async () => {
    await using osv = await start(records);
    const result = await scan({ source: 'osv', 'osv-url': osv.url });
    expect(verdictOf(result)).toEqual({ ...vulnerable, reason: 'at-threshold' });
    expect(json(result).findings).toMatchObject([{ id: 'GHSA-1', fixed: ['6.7.3'] }]);
    expect(json(result).source).toMatch(/OSV API at 127\.0\.0\.1/);
    osv.expectNoViolations();
    const clean = await scan({
      sbom: 'sbom.cdx.json',
      source: 'osv',
      'osv-url': osv.url,
      'severity-threshold': 'none',
    });
    expect(clean.outputs.verdict).toBe('clean');
  });

  it.each<[string, (osv: Awaited<ReturnType<typeof start>>) => void, string]>([
    [
      'half an answer',
      (osv) => {
        osv.lies.batch = ({ results }) => ({ results: results.slice(1) });
      },
      'osv-answer',
    ],
    [
      'nothing',
      (osv) => {
        osv.lies.batch = () => ({});
      },
      'osv-answer',
    ],
    [
      'a web page',
      (osv) => {
        osv.faults.add('/v1/querybatch', { type: 'reply', status: 200, body: '<html>' });
      },
      'osv-answer',
    ],
    [
      'a record of something else',
      (osv) => {
        osv.lies.record = (record) => ({ ...record, id: 'GHSA-9' });
      },
      'osv-answer',
    ],
    [
      'a refusal',
      (osv) => {
        osv.faults.add('/v1/querybatch', { type: 'reply', status: 403, body: '' });
      },
      'osv-refused',
    ],
  ])('that answers %s has not answered', async (_, spoil, reason) => {
    await using osv = await start(records);
    spoil(osv);
    const result = await scan({ source: 'osv', 'osv-url': osv.url, sarif: 'x.sarif' });
    expect(verdictOf(result)).toEqual({ ...couldNot, reason });
    expect(existsSync(path('x.sarif'))).toBe(false);
  });
});

describe('a scanner', () => {
  it.each([
    'grype',
    'trivy',
    'osv-scanner',
  ])('%s that is not on the PATH has found nothing', async (source) => {
    const result = await scan({ source }, { env: { PATH: path('nowhere') } });
    expect(verdictOf(result)).toMatchObject(couldNot);
    // That of osv-scanner is looked for first: without it nothing is run.
    expect(result.outputs.reason).toBe(source === 'osv-scanner' ? 'scanner-database' : 'program-missing');
  });

  it.each([
    'grype',
    'trivy',
    'osv-scanner',
  ])('%s that says nothing and succeeds has found nothing', async (source) => {
    program(`bin/${source}`, '#!/bin/sh\nexit 0\n');
    const PATH = [path('bin'), process.env.PATH].join(delimiter);
    const result = await scan({ source, sarif: 'x.sarif' }, { env: { PATH } });
    expect(verdictOf(result)).toMatchObject(couldNot);
    expect(result.outputs.reason).toMatch(/^scanner-/);
  });
});

it('a run that is cancelled says so, and writes its outputs', async () => {
  const osv = await startOsv();
  osv.faults.add('/v1/querybatch', { type: 'hang' });
  const result = await scan(
    { source: 'osv', 'osv-url': osv.url, sarif: 'x.sarif' },
    { kill: { signal: 'SIGINT', after: 1500 } },
  );
  await osv.close();
  expect(verdictOf(result)).toEqual({ ...couldNot, reason: 'cancelled' });
  expect(existsSync(path('x.sarif'))).toBe(false);
  expect(read('sbom.cdx.json')).toContain('qs');
});

async function start(records: readonly ReturnType<typeof recordOf>[]) {
  const osv = await startOsv({ records });
  return Object.assign(osv, { [Symbol.asyncDispose]: () => osv.close() });
}
