import { visible } from '@sluice/core/visible';
import { describe, expect, it } from 'vitest';
import { decided, match, report, withFindings } from '../test-decision.ts';
import { finding } from '../test-findings.ts';
import { type ScanReport, scanOutcome } from './outcome.ts';

const high = match('GHSA-1', 'qs', 7.5);
const low = match('GHSA-2', 'ws', 3.1);
const allowance = { id: 'GHSA-1', reason: 'never called', expires: '2026-12-31', file: 'a.yml', line: 3 };
const settings = { threshold: 'high', onlyFixed: false } as const;

describe('the page', () => {
  it('has the worst first, its fix and the way by which it came in; then what to do', () => {
    const { page, hint } = scanOutcome(report(decided([low, high])), '');
    expect(page).toBe(
      [
        '**shop 1.4.2 has 1 vulnerability at or above high** · 3 packages · OSV database of 2026-08-21, 2 records',
        '',
        '| vulnerability | severity | package | fixed in | comes in by | status |',
        '| --- | --- | --- | --- | --- | --- |',
        '| [GHSA-1](https://osv.dev/vulnerability/GHSA-1)<br>qs does harm | high 7.5 | `qs 1.0.0` | 1.0.1 | `shop › qs@1.0.0` | counts: at or above high |',
        '| [GHSA-2](https://osv.dev/vulnerability/GHSA-2)<br>ws does harm | low 3.1 | `ws 1.0.0` | 1.0.1 | `shop › ws@1.0.0` | does not count: below high |',
        '',
        'Update the packages to a fixed version. What has to stay can be allowed in `.github/sluice-allow.yml`, with a reason and a date:',
        '',
        '```yaml',
        '- id: GHSA-1',
        '  package: qs',
        '  reason: why it does no harm here',
        '  expires: YYYY-MM-DD',
        '```',
        '',
      ].join('\n'),
    );
    expect(hint).toBe(
      'Update the packages to a fixed version. What has to stay can be allowed in .github/sluice-allow.yml, with a reason and a date.',
    );
  });

  it('says of what does not count why: allowed with its reason, not affected, in the base too, not to be looked up', () => {
    const unmatched = [
      { component: 'mystery 1', why: 'no-purl', file: 'sbom.cdx.json' },
      { component: 'pkg:swid/x', why: 'unknown-ecosystem', file: 'sbom.cdx.json' },
    ] as const;
    const setAside = ['subject', 'file', 'file', 'distribution'] as const;
    const said = report(decided([high], { allow: [allowance], unmatched }), { setAside });
    const { page, result } = scanOutcome(said, '');
    expect(page).toContain(
      '- 1 allowed by the allow-list\n- 2 components could not be looked up\n- 3 components are no package: 2 files, 1 distribution',
    );
    expect(result.setAside).toBe(4);
    expect(page).toContain('<details><summary>Allowed: 1</summary>');
    expect(page).toContain('allowed: never called |');
    expect(page).toContain('- 1 component with no purl: `mystery 1`');
    expect(page).toContain('- 1 component with an ecosystem that is not known here: `pkg:swid/x`');
  });

  it('names what cannot be looked up in the sentence of a clean scan as well', () => {
    const unmatched = [{ component: 'x', why: 'no-version', file: 'a' }] as const;
    expect(scanOutcome(report(decided([], { unmatched })), '').summary).toBe(
      'shop 1.4.2 has no known vulnerability; 1 component could not be looked up.',
    );
  });

  it('says what is wrong where it could not be told, and that this is not clean', () => {
    const { page } = scanOutcome(report(decided([], { packages: [] })), '');
    expect(page.split('\n')[2]).toBe('The verdict is `could-not-scan`: this is not `clean`.');
    expect(scanOutcome(report(decided([])), '').page).not.toContain('not `clean`');
  });

  it('says of a vulnerable one too that more than max-unmatched could not be looked up', () => {
    const unmatched = ['a', 'b'].map((component) => ({ component, why: 'no-purl', file: 'a' }) as const);
    const decision = decided([high], { unmatched, settings: { ...settings, maxUnmatched: 1 } });
    const { verdict, summary, page, result } = scanOutcome(report(decision, { maxUnmatched: 1 }), '');
    expect(verdict).toBe('vulnerable');
    const said = '2 components could not be looked up, and `max-unmatched` is 1';
    expect(summary).toBe(
      `shop 1.4.2 has 1 vulnerability at or above high: GHSA-1 in qs 1.0.0 (fixed in 1.0.1). ${said}.`,
    );
    expect(page.match(/^- 2 components could not/gm)).toHaveLength(1);
    expect(page).toContain(`- ${said.replaceAll('`', '\\`')}`);
    expect(result.problems).toEqual([said]);
  });

  it('has at most 50 rows, and counts the others', () => {
    const many = Array.from({ length: 60 }, (_, at) => match(`GHSA-${at}`, `p${at}`, at < 5 ? 3 : 9.8));
    const { page } = scanOutcome(report(decided(many)), '');
    expect(page.match(/^\| \[GHSA/gm)).toHaveLength(50);
    expect(page).toContain('… and 10 more: 5 critical, 5 low.');
  });

  it('fits into a summary whatever is in it, with what to do', () => {
    const long = '\u202e'.repeat(3_000_000);
    const hostile = finding({
      name: long,
      version: long,
      id: long,
      summary: long,
      aliases: [`CVE-${long}`],
      fixed: Array(500).fill(long),
      paths: [Array(5000).fill(long)],
      because: long,
    });
    const all = Array.from({ length: 300 }, (_, at) => ({
      ...hostile,
      status: (['open', 'allowed', 'not-affected'] as const)[at % 3] ?? 'open',
    }));
    const { page, result } = scanOutcome(report(withFindings(all)), '');
    expect(Buffer.byteLength(page)).toBeLessThan(1024 * 1024);
    expect(page).toContain('Update the packages');
    expect(JSON.stringify(result).length).toBeLessThan(400_000);
    expect(result.omitted).toBeGreaterThan(0);
  });
});

describe('what an output holds has its worst findings, whatever is beside them', () => {
  const long = '\u0001'.repeat(2_000_000);
  const worst = finding({ id: 'GHSA-1' });
  const sbom = { file: 'sbom.cdx.json', format: 'CycloneDX 1.6', subject: 'shop' };
  const unmatched = { component: long, why: 'no-purl', file: long } as const;
  const warning = { file: long, line: 1, message: long, hides: [] };
  const many = <T>(one: T): readonly T[] => Array(500).fill(one);
  const rows: readonly (readonly [string, Partial<ScanReport>, Partial<ScanReport['decision']>])[] = [
    ['the name of what an SBOM is about', { sboms: [{ ...sbom, subject: long }] }, {}],
    ['the name of a file', { sboms: [{ ...sbom, file: long }] }, {}],
    ['a format', { sboms: [{ ...sbom, format: long }] }, {}],
    ['many SBOMs', { sboms: many({ ...sbom, subject: long }) }, {}],
    ['a source', { source: long }, {}],
    ['what could not be looked up', {}, { unmatched: many(unmatched) }],
    ['warnings and problems', {}, { warnings: many(warning), problems: many(warning) }],
  ];
  it.each(rows)('%s', (_, given, decision) => {
    const { result, summary } = scanOutcome(report(withFindings([worst], decision), given), '');
    expect(result).toMatchObject({ findings: [{ id: 'GHSA-1' }], omitted: 0 });
    expect(JSON.stringify(result).length).toBeLessThan(100_000);
    expect(summary.length).toBeLessThan(5000);
  });

  it('a finding that is long in all its parts', () => {
    const names = many(long);
    const hostile = finding({
      ...{ id: long, name: long, version: long, summary: long, because: long, url: long },
      ...{ aliases: names, upstream: names, fixed: names, paths: many(names.slice(0, 20)) },
    });
    const { result } = scanOutcome(report(withFindings([hostile, hostile])), '');
    expect(result.findings).toHaveLength(1);
    expect(result.omitted).toBe(1);
    expect(JSON.stringify(result).length).toBeLessThan(400_000);
  });

  it('all of the SBOMs, and where they are cut', () => {
    const sboms = [sbom, { ...sbom, file: 'a'.repeat(300), subject: 'b'.repeat(300) }];
    const { result } = scanOutcome(report(decided([]), { sboms }), '');
    expect(result.sboms).toEqual([
      sbom,
      { ...sbom, file: `${'a'.repeat(200)}…`, subject: `${'b'.repeat(200)}…` },
    ]);
  });
});

describe('text of others', () => {
  const evil =
    '</details><script>x</script> [a](https://evil.example) `|` **b** @all \u202e\u0007\n# head\n::error::x';
  const { page, summary } = scanOutcome(
    report(
      withFindings(
        [
          finding({
            id: evil,
            name: evil,
            version: evil,
            fixed: [evil],
            summary: evil,
            paths: [[evil]],
            aliases: [`CVE-${evil}`],
            url: `javascript:${evil}`,
          }),
          finding({ status: 'allowed', blocking: false, because: evil, url: 'https://evil.example/)|`<b>' }),
        ],
        {
          unmatched: [{ component: evil, why: 'bad-purl', file: evil }],
          warnings: [evil, { file: evil, line: 1, message: evil }],
        },
      ),
      { sboms: [{ file: evil, format: 'x', subject: evil }], source: evil },
    ),
    '',
  );

  it('is no markup, no link, no mention, no new line and no hidden character of the page', () => {
    const outside = page.replace(/```yaml.*?```/s, '').replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/<script|<b>|(?<!\\)\]\(https:\/\/evil\.example\)|@all|^# head|^::error/m);
    expect(outside.match(/<\/details>/g)?.length).toBe(outside.match(/<details>/g)?.length);
    expect(visible(page)).toBe(page);
    for (const line of page.split('\n').filter((one) => one.startsWith('| ')))
      expect(line.replaceAll('\\|', '').match(/\|/g)).toHaveLength(7);
  });

  it('is one line of the sentence', () => {
    expect(visible(summary)).toBe(summary);
    expect(summary).not.toContain('\n');
  });

  it('is one value of the entry that the page proposes', () => {
    expect(page).toMatch(/^- id: "<\/details>.*"$/m);
  });
});
