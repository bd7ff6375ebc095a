import { describe, expect, it } from 'vitest';
import type { ScanInput } from '../decide/types.ts';
import { decided, match, report } from '../test-decision.ts';
import type { Match } from '../types.ts';
import { headline, subjectOf } from './headline.ts';
import { type ScanReport, scanOutcome } from './outcome.ts';

const high = match('GHSA-1', 'qs', 7.5);
const low = match('GHSA-2', 'ws', 3.1);
const unknown: Match = {
  ...match('GHSA-3', 'ms', 0),
  advisory: { ...high.advisory, id: 'GHSA-3', ratings: [] },
};
const sbomIn = (file: string) => ({
  ...{ file, format: 'CycloneDX 1.6', components: [], dependsOn: new Map(), roots: [] },
});
const allowance = { id: 'GHSA-1', reason: 'never called', expires: '2026-12-31', file: 'a.yml', line: 3 };
const settings = { threshold: 'high', onlyFixed: false } as const;

describe('the first line is the verdict in words', () => {
  const rows: [string, readonly Match[], Partial<ScanInput>, Partial<ScanReport>][] = [
    ['shop 1.4.2 has no known vulnerability', [], {}, {}],
    ['shop 1.4.2 has 1 vulnerability at or above high', [high, low], {}, {}],
    [
      'shop 1.4.2 has 2 vulnerabilities',
      [high, low],
      { settings: { ...settings, threshold: 'any' } },
      { threshold: 'any' },
    ],
    ['shop 1.4.2 has 1 vulnerability of unknown severity', [unknown], {}, {}],
    [
      'shop 1.4.2 has 2 vulnerabilities that count: 1 at or above high, 1 of unknown severity',
      [high, unknown],
      {},
      {},
    ],
    [
      'shop 1.4.2 has 1 vulnerability known to be exploited',
      [low],
      { kev: { ids: new Set(['GHSA-2']), fails: true } },
      {},
    ],
    [
      'shop 1.4.2 has 1 vulnerability likely to be exploited',
      [low],
      { epss: { scores: new Map([['GHSA-2', 0.9]]), failsFrom: 0.5 } },
      {},
    ],
    ['shop 1.4.2 has no vulnerability at or above high: 1 below it', [low], {}, {}],
    [
      'shop 1.4.2 has no vulnerability at or above high: 1 below it, 1 allowed',
      [high, low],
      { allow: [allowance] },
      {},
    ],
    [
      'shop 1.4.2 has no vulnerability that counts: 1 open',
      [high],
      { settings: { ...settings, threshold: 'none' } },
      { threshold: 'none' },
    ],
    [
      'shop 1.4.2 has no new vulnerability at or above high: 1 in the base too',
      [high],
      { base: [high.package] },
      { isCompared: true },
    ],
    ['shop 1.4.2 has 1 new vulnerability at or above high', [high], { base: [] }, { isCompared: true }],
    [
      'shop 1.4.2 has no vulnerability at or above high: 1 without a fix',
      [{ ...high, fixed: [] }],
      { settings: { ...settings, onlyFixed: true } },
      {},
    ],
    [
      'Whether shop 1.4.2 has vulnerabilities could not be told: nothing in it could be looked up',
      [],
      { packages: [] },
      {},
    ],
    [
      'Whether shop 1.4.2 has vulnerabilities could not be told: 2 components could not be looked up, and `max-unmatched` is 1',
      [],
      {
        unmatched: ['a', 'b'].map(
          (component) => ({ component, why: 'no-purl', file: 'sbom.cdx.json' }) as const,
        ),
        settings: { ...settings, maxUnmatched: 1 },
      },
      { maxUnmatched: 1 },
    ],
    [
      'shop 1.4.2 has no known vulnerability, and 1 allowance has expired',
      [],
      { allow: [{ ...allowance, expires: '2026-01-01' }] },
      {},
    ],
    [
      'shop 1.4.2 has no vulnerability at or above high: 1 below it; and 2 allowances have expired',
      [low],
      { allow: [1, 2].map((line) => ({ ...allowance, line, expires: '2026-01-01' })) },
      {},
    ],
    [
      'shop 1.4.2 has 1 vulnerability that counts: 1 known to be exploited, 1 at or above high',
      [high],
      { kev: { ids: new Set(['GHSA-1']), fails: true } },
      {},
    ],
    [
      'Whether 2 SBOMs have vulnerabilities could not be told: an SBOM lists nothing that could be looked up',
      [],
      { sboms: [sbomIn('sbom.cdx.json'), sbomIn('b.json')] },
      { sboms: [sbomIn('sbom.cdx.json'), sbomIn('b.json')] },
    ],
  ];

  it.each(rows)('%s', (wanted, matches, input, given) => {
    const said = report(decided(matches, input), given);
    expect(headline(said)).toBe(wanted);
    const outcome = scanOutcome(said, '');
    expect(outcome.page.split('\n')[0]).toContain(' · OSV database of 2026-08-21, 2 records');
    expect(outcome.summary).toContain(wanted);
  });

  it.each<[string, readonly Match[]]>([
    ['where it could not be told', []],
    ['where one of the others is vulnerable', [high]],
  ])('the SBOM that lists nothing is named by the sentence and the page, %s', (_, matches) => {
    const sboms = [sbomIn('sbom.cdx.json'), sbomIn('b.json')];
    const { summary, page } = scanOutcome(report(decided(matches, { sboms }), { sboms }), '');
    expect(summary).toMatch(/\. Nothing in b\.json could be looked up\.$/);
    expect(page).toContain('- nothing in b.json could be looked up');
  });

  it.each([
    [[{ file: 'out/sbom.json' }], 'sbom.json'],
    [[{ file: 'out/sbom.json', subject: ' \n' }], 'sbom.json'],
    [[{ file: 'a', subject: 'shop\n# evil' }], 'shop # evil'],
    [[{ file: 'a' }, { file: 'b', subject: 'b' }], '2 SBOMs'],
  ])('%j is called %s', (sboms, wanted) => {
    expect(subjectOf(sboms)).toBe(wanted);
  });
});
