import { readFileSync } from 'node:fs';
import { visible } from '@sluice/core/visible';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { finding } from '../test-findings.ts';
import type { Finding } from '../types.ts';
import { MOST_RESULTS, sarifOf } from './sarif.ts';

/** The schema of OASIS, as `@microsoft/sarif-multitool` 5.7.0 has it. */
const schema = JSON.parse(
  readFileSync(new URL('../../../test/contract/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
const validate = ajv.compile(schema);

const scanned = ['sbom.cdx.json'];
const write = (findings: readonly Finding[], files: readonly string[] = scanned) => {
  const log = sarifOf({ findings, filesOf: () => files, scanned, named: scanned });
  expect(validate(log) ? [] : validate.errors).toEqual([]);
  return log.runs[0];
};

/** What people find in names. */
const hostile = '[click](https://evil.example) <img src=x> \u202e\u0000\r\n::error::x `@all` | \\ \ud800';

describe('the SARIF file', () => {
  it('is as the schema says, with nothing found as well: so old alerts close', () => {
    const run = write([]);
    expect(run.results).toEqual([]);
    expect(run.tool.driver.rules).toEqual([]);
    expect(run.invocations).toEqual([{ executionSuccessful: true }]);
  });

  it('has a rule for each advisory, and a result for each package that it affects', () => {
    const run = write([finding(), finding({ name: 'qs-fork' }), finding({ id: 'GHSA-2' })]);
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(['GHSA-hrpp-h998-j3pp', 'GHSA-2']);
    expect(run.results.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 0, 1]);
    expect(run.results[0]?.message.text).toBe(
      'qs 6.7.0 has GHSA-hrpp-h998-j3pp (CVE-2022-24999): qs vulnerable to prototype pollution. Fixed in 6.7.3. It comes in by shop › express@4.17.1 › qs@6.7.0.',
    );
  });

  it.each([
    ['open', 1],
    ['allowed', 0],
    ['not-affected', 0],
  ] as const)('holds what is %s: %i', (status, results) => {
    expect(write([finding({ status })]).results).toHaveLength(results);
  });

  it('holds what does not count against the verdict as well: its alert would close', () => {
    expect(write([finding({ blocking: false, isNew: false, severity: 'low' })]).results).toHaveLength(1);
  });

  it.each([
    ['a score', { score: 9.8, severity: 'critical' }, '9.8', 'error'],
    [
      'a word alone, by the middle of what it means to GitHub',
      { score: undefined, severity: 'medium' },
      '5.5',
      'warning',
    ],
    ['nothing', { score: undefined, severity: 'unknown' }, undefined, 'warning'],
    ['a score of zero, which GitHub does not take', { score: 0, severity: 'none' }, undefined, 'note'],
    ['a score out of its scale', { score: 11, severity: 'high' }, '8.0', 'error'],
  ] as const)('tells the severity by %s', (_, { score, severity }, wanted, level) => {
    const { score: __, ...plain } = finding({ severity });
    const run = write([score === undefined ? plain : { ...plain, score }]);
    expect(run.tool.driver.rules[0]?.properties['security-severity']).toBe(wanted);
    expect(run.results[0]?.level).toBe(level);
  });

  it('gives a rule the worst severity of its findings', () => {
    const run = write([finding({ score: 5 }), finding({ name: 'other', score: 9.1, severity: 'critical' })]);
    expect(run.tool.driver.rules[0]?.properties['security-severity']).toBe('9.1');
    expect(run.tool.driver.rules[0]?.defaultConfiguration.level).toBe('error');
  });

  it('names the file by an address below the repository, encoded', () => {
    const uris = write([finding()], ['a b/ü#?:.json']).results[0]?.locations.map(
      ({ physicalLocation }) => physicalLocation.artifactLocation,
    );
    expect(uris).toEqual([{ uri: 'a%20b/%C3%BC%23%3F%3A.json', uriBaseId: '%SRCROOT%' }]);
  });

  it('has a fingerprint of its own for each package and version, the same in each run', () => {
    const prints = (findings: readonly Finding[]) =>
      write(findings).results.map((one) => one.partialFingerprints.primaryLocationLineHash);
    const other = finding({ version: '6.8.0' });
    const [first, second] = prints([finding(), other]);
    expect(first).toMatch(/^[0-9a-f]{32}:1$/);
    expect(first).not.toBe(second);
    expect(prints([other, finding({ summary: 'another text', fixed: [] })])).toEqual([second, first]);
  });

  it.each([
    [['sbom.cdx.json'], 'sluice-sbom-scan/sbom.cdx.json/'],
    [['a/*.json', 'b.json'], /^sluice-sbom-scan\/a\/_.json\+b.json-[0-9a-f]{12}\/$/],
    [['x'.repeat(500)], /^sluice-sbom-scan\/x{80}-[0-9a-f]{12}\/$/],
  ])('is of a category of its own for each input: %j', (given, wanted) => {
    const { id } = sarifOf({ findings: [], filesOf: () => [], scanned: ['shop-1.4.2.json'], named: given })
      .runs[0].automationDetails;
    expect(id).toEqual(typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
  });

  it('has no link, no markup and no hidden character of others', () => {
    const run = write([
      finding({
        name: hostile,
        id: `GHSA ${hostile}`,
        version: hostile,
        summary: hostile,
        aliases: [hostile],
        fixed: [hostile],
        paths: [[hostile]],
        url: 'javascript:alert(1)',
      }),
    ]);
    const text = JSON.stringify(run);
    expect(text).not.toMatch(/\]\(https:\/\/evil/);
    expect(visible(text)).toBe(text);
    expect(text).not.toMatch(/\\ud800|\\[nr]::/);
    const [rule] = run.tool.driver.rules;
    expect(rule).not.toHaveProperty('helpUri');
    expect(rule?.help.markdown).not.toMatch(/<img|(?<!\\)\[click|@all/);
    expect(rule?.id).not.toMatch(/\s/);
  });

  it('tells which vulnerabilities an advisory puts together', () => {
    const run = write([finding({ id: 'RLSA-1', aliases: [], upstream: ['CVE-1', 'CVE-2'] })]);
    expect(run.results[0]?.message.text).toContain('has RLSA-1 (CVE-1, CVE-2): ');
    expect(run.tool.driver.rules[0]?.help.markdown).toMatch(/Also known as .*CVE.*1, .*CVE.*2\./);
  });

  it('leads to the advisory only by https, and in a form that ends no link', () => {
    const help = (url: string) => write([finding({ url })]).tool.driver.rules[0]?.help.markdown;
    expect(help('https://osv.dev/GHSA-1)](x')).toContain('(https://osv.dev/GHSA-1%29%5D%28x)');
    expect(help('http://osv.dev/1')).not.toContain('[The advisory]');
    expect(help('https://user:secret@osv.dev/1')).not.toContain('[The advisory]');
  });

  it('keeps texts short, and tags below 10', () => {
    const long = 'x'.repeat(5_000_000);
    const ecosystems = Array.from({ length: 40 }, (_, at) => `E${at}`);
    const run = write([
      ...ecosystems.map((ecosystem) =>
        finding({ package: { name: 'a', ecosystem, purl: `pkg:a/${ecosystem}` } }),
      ),
      finding({
        name: long,
        version: long,
        summary: long,
        aliases: Array(1000).fill(long),
        paths: [Array(1000).fill(long)],
      }),
    ]);
    expect(JSON.stringify(run).length).toBeLessThan(60_000);
    expect(run.tool.driver.rules[0]?.properties.tags).toHaveLength(10);
  });

  it('has at most as many results as GitHub takes, the worst of them', () => {
    const many = Array.from({ length: 110 }, (_, at) => finding({ id: `GHSA-${at}` }));
    const [run] = sarifOf({ findings: many, filesOf: () => scanned, scanned, named: scanned }, 100).runs;
    expect(run.results).toHaveLength(100);
    expect(run.tool.driver.rules).toHaveLength(100);
    expect(run.results[0]?.ruleId).toBe('GHSA-0');
    expect(MOST_RESULTS).toBe(25_000);
  });
});
