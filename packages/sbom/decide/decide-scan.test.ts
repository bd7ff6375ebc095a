import { describe, expect, test } from 'vitest';
import type { Package, Scan, Severity } from '../types.ts';
import { decideScan } from './decide-scan.ts';
import {
  advisory,
  allowance,
  aPackage,
  LODASH,
  match,
  QS,
  sbomOf,
  scanInput,
  statement,
  TODAY,
} from './testing.ts';
import type { ScanInput, Threshold } from './types.ts';

const rated = (value: string, id = 'CVE-2026-0001') =>
  match(LODASH, advisory(id, { ratings: [{ type: 'word', value }] }));
const verdict = (input: ScanInput): string => {
  const decision = decideScan(input);
  return `${decision.verdict} (${decision.reason})`;
};

describe('a threshold', () => {
  const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'none', 'unknown'];
  const counting: readonly [Threshold, readonly Severity[]][] = [
    ['any', severities],
    ['low', ['critical', 'high', 'medium', 'low', 'unknown']],
    ['medium', ['critical', 'high', 'medium', 'unknown']],
    ['high', ['critical', 'high', 'unknown']],
    ['critical', ['critical', 'unknown']],
    ['none', []],
  ];
  test.each(
    counting,
  )('%s counts %j: what nobody has rated counts at each but none', (threshold, blocking) => {
    const found = severities.filter(
      (severity) =>
        decideScan(scanInput([rated(severity)], { settings: { threshold } })).counts.blocking === 1,
    );
    expect(found).toEqual(blocking);
  });

  test.each([
    ['critical', 'vulnerable (at-threshold)'],
    ['', 'vulnerable (unknown-severity)'],
    ['medium', 'clean (none-counts)'],
  ])('%j at `high` is %s', (word, expected) => expect(verdict(scanInput([rated(word)]))).toBe(expected));

  test('what is unknown is said only where nothing known counts', () => {
    const both = [rated('', 'CVE-2026-0001'), rated('high', 'CVE-2026-0002')];
    expect(verdict(scanInput(both))).toBe('vulnerable (at-threshold)');
  });
});

test('one vulnerability counts by the advisory that rates it worst', () => {
  const low = match(
    LODASH,
    advisory('GHSA-1', { aliases: ['CVE-1'], ratings: [{ type: 'CVSS_V4', value: '1' }] }),
  );
  const worst = match(
    LODASH,
    advisory('PYSEC-1', { aliases: ['CVE-1'], ratings: [{ type: 'CVSS_V3', value: '9.8' }] }),
  );
  const { verdict: found, findings } = decideScan(scanInput([low, worst]));
  expect([found, findings]).toMatchObject(['vulnerable', [{ severity: 'critical', score: 9.8 }]]);
});

/** A component of a distribution that names packages and their sources. */
const BOTH = ['libcrypto3', 'openssl'].map((name) =>
  aPackage(name, '3.3.0-r0', { ecosystem: 'Chainguard', purl: 'pkg:apk/chainguard/libcrypto3@3.3.0-r0' }),
);
const OTHER = aPackage('other', '1.0.0', { files: ['other.json'] });
const without = (unanswered: readonly Package[]): Scan => ({
  ...{ matches: [], unanswered, source: '', warnings: [] },
  unmatched: unanswered.map(({ purl }) => ({ component: purl, why: 'unknown-ecosystem', file: 'sbom.json' })),
});

describe('clean is only what was looked up', () => {
  test.each<[string, Partial<ScanInput>, string]>([
    ['every package was looked up', {}, 'clean (nothing-found)'],
    ['there is no package', { packages: [], sboms: [sbomOf([])] }, 'could-not-scan (nothing-to-scan)'],
    ['there is no SBOM', { packages: [], sboms: [] }, 'could-not-scan (nothing-to-scan)'],
    [
      'one of two SBOMs has no package',
      { sboms: [sbomOf([LODASH]), sbomOf([], { file: 'other.json' })] },
      'could-not-scan (nothing-to-scan)',
    ],
    [
      'the source could look up none',
      {
        scan: {
          matches: [],
          unmatched: [LODASH, QS].map(({ purl }) => ({
            component: purl,
            why: 'no-order',
            file: 'sbom.json',
          })),
          unanswered: [LODASH, QS],
          source: '',
          warnings: [],
        },
      },
      'could-not-scan (nothing-to-scan)',
    ],
    [
      'the source could not tell of either name of the only component',
      { packages: BOTH, sboms: [sbomOf(BOTH)], scan: without(BOTH) },
      'could-not-scan (nothing-to-scan)',
    ],
    [
      'the source could tell of one of its two names',
      { packages: BOTH, sboms: [sbomOf(BOTH)], scan: without(BOTH.slice(1)) },
      'clean (nothing-found)',
    ],
    [
      'the source could tell of no package of one of two SBOMs',
      {
        packages: [LODASH, OTHER],
        sboms: [sbomOf([LODASH]), sbomOf([OTHER], { file: 'other.json' })],
        scan: without([OTHER]),
      },
      'could-not-scan (nothing-to-scan)',
    ],
  ])('%s', (_, rest, expected) => expect(verdict(scanInput([], rest))).toBe(expected));

  test.each<[string, Partial<ScanInput>, boolean]>([
    ['where all was looked up', {}, true],
    ['not where an SBOM was not', { sboms: [sbomOf([LODASH]), sbomOf([], { file: 'other.json' })] }, false],
    [
      'not where the source has not told of it',
      { scan: { ...without([LODASH, QS]), matches: [rated('high')] } },
      false,
    ],
  ])('what is vulnerable is whole %s', (_, rest, isWhole) =>
    expect(decideScan(scanInput([rated('high')], rest))).toMatchObject({ verdict: 'vulnerable', isWhole }));

  test('what is vulnerable is not whole where too many could not be looked up', () => {
    const settings = { maxUnmatched: 0 };
    const input = scanInput([rated('high')], { unmatched: without([QS]).unmatched, settings });
    expect(decideScan(input)).toMatchObject({ verdict: 'vulnerable', isWhole: false });
  });

  const unmatched = [1, 2].map((number) => ({
    component: `x ${number}`,
    why: 'no-purl' as const,
    file: 'sbom.json',
  }));
  test.each([
    [undefined, 'clean (nothing-found)'],
    [2, 'clean (nothing-found)'],
    [1, 'could-not-scan (too-many-unmatched)'],
    [0, 'could-not-scan (too-many-unmatched)'],
  ])('of two that cannot be matched, with at most %s: %s', (maxUnmatched, expected) => {
    const settings = maxUnmatched === undefined ? {} : { maxUnmatched };
    expect(verdict(scanInput([], { unmatched, settings }))).toBe(expected);
  });

  test("the source's own unmatched count as the SBOM's do, in a base too", () => {
    const [first, second] = unmatched;
    if (first === undefined || second === undefined) throw new Error('two');
    const scan = { matches: [], unmatched: [second], unanswered: [], source: '', warnings: [] };
    const decision = decideScan(
      scanInput([], { unmatched: [first], scan, base: [LODASH, QS], settings: { maxUnmatched: 1 } }),
    );
    expect(decision).toMatchObject({
      verdict: 'could-not-scan',
      unmatched,
      counts: { unmatched: 2, packages: 2 },
    });
  });

  test('what was found is vulnerable, whatever could not be matched', () =>
    expect(verdict(scanInput([rated('high')], { unmatched, settings: { maxUnmatched: 0 } }))).toBe(
      'vulnerable (at-threshold)',
    ));
});

describe('exploited', () => {
  const kev = (fails: boolean, ...ids: string[]) => ({ kev: { ids: new Set(ids), fails } });
  const epss = (score: number, failsFrom?: number) => ({
    epss: { scores: new Map([['CVE-2026-0001', score]]), ...(failsFrom !== undefined && { failsFrom }) },
  });
  const low = [rated('low')];

  test.each<[string, Partial<ScanInput>, string]>([
    ['in the catalog, which fails', kev(true, 'CVE-2026-0001'), 'vulnerable (exploited)'],
    ['in the catalog, which only informs', kev(false, 'CVE-2026-0001'), 'clean (none-counts)'],
    ['not in the catalog', kev(true, 'CVE-2026-9999'), 'clean (none-counts)'],
    ['as probable as asked', epss(0.5, 0.5), 'vulnerable (exploited)'],
    ['less probable', epss(0.49, 0.5), 'clean (none-counts)'],
    ['probability that only informs', epss(1), 'clean (none-counts)'],
    ['at 0 every one with a probability', epss(0, 0), 'vulnerable (exploited)'],
  ])('below the threshold: %s', (_, rest, expected) => expect(verdict(scanInput(low, rest))).toBe(expected));

  test('counts where the threshold is `none`', () => {
    const input = scanInput(low, { ...kev(true, 'CVE-2026-0001'), settings: { threshold: 'none' } });
    expect(verdict(input)).toBe('vulnerable (exploited)');
  });

  test('is what its advisory puts together, where any of it is; no entry or statement about one allows it', () => {
    const several = advisory('RLSA-1', {
      upstream: ['CVE-2026-0001', 'CVE-2026-0002'],
      ratings: [{ type: 'word', value: 'low' }],
    });
    const scores = new Map([
      ['CVE-2026-0001', 0.1],
      ['CVE-2026-0002', 0.7],
    ]);
    const input = scanInput([match(LODASH, several)], {
      ...kev(true, 'CVE-2026-0001'),
      epss: { scores },
      allow: [allowance('CVE-2026-0001'), allowance('CVE-2026-0002')],
      vex: [statement('CVE-2026-0001', LODASH.purl), statement('CVE-2026-0002', LODASH.purl)],
    });
    expect(decideScan(input)).toMatchObject({
      verdict: 'vulnerable',
      reason: 'exploited',
      findings: [
        {
          ...{ aliases: [], upstream: ['CVE-2026-0001', 'CVE-2026-0002'], status: 'open' },
          ...{ exploited: true, epss: 0.7 },
        },
      ],
    });
    expect(decideScan(input).warnings.filter((one) => typeof one === 'string')).toEqual([]);
  });

  test('is known by an alias, and the probability is the highest of all names', () => {
    const found = [
      match(LODASH, advisory('GHSA-aaaa-bbbb-cccc', { aliases: ['cve-2026-0001', 'CVE-2026-0002'] })),
    ];
    const scores = new Map([
      ['CVE-2026-0001', 0.1],
      ['CVE-2026-0002', 0.7],
    ]);
    const { findings } = decideScan(scanInput(found, { ...kev(true, 'CVE-2026-0001'), epss: { scores } }));
    expect(findings).toMatchObject([{ exploited: true, epss: 0.7 }]);
  });

  test('says of what nothing tells', () => {
    const found = [rated('low', 'GO-2026-0001'), rated('low', 'CVE-2026-0002')];
    const { warnings } = decideScan(scanInput(found, { ...kev(true), ...epss(0.1, 0.5) }));
    expect(warnings).toEqual([
      'Nothing tells whether GO-2026-0001 is exploited: the catalog of exploited vulnerabilities goes by CVE, and there is none.',
      'EPSS has no probability that CVE-2026-0002, GO-2026-0001 are exploited.',
    ]);
  });
});

describe('only-fixed', () => {
  const settings = { onlyFixed: true };
  test('leaves out what has no fix, and counts it', () => {
    const decision = decideScan(scanInput([match(LODASH, advisory('CVE-2026-0001'), [])], { settings }));
    expect(decision).toMatchObject({
      verdict: 'clean',
      reason: 'none-counts',
      findings: [{ status: 'open', blocking: false }],
      causes: [[]],
      counts: { withoutFix: 1, blocking: 0 },
    });
  });
  test('keeps what has one under any of its names', () => {
    const one = advisory('CVE-2026-0001', { aliases: ['GHSA-aaaa-bbbb-cccc'] });
    const other = advisory('GHSA-aaaa-bbbb-cccc');
    expect(verdict(scanInput([match(LODASH, one, []), match(LODASH, other, ['5.0.0'])], { settings }))).toBe(
      'vulnerable (at-threshold)',
    );
  });
  test('leaves out what is exploited too, and warns of it', () => {
    const decision = decideScan(
      scanInput([match(LODASH, advisory('CVE-2026-0001'), [])], {
        settings,
        kev: { ids: new Set(['CVE-2026-0001']), fails: true },
      }),
    );
    expect(decision).toMatchObject({
      verdict: 'clean',
      warnings: ['CVE-2026-0001 is exploited, and `only-fixed` leaves it out: there is no fix.'],
    });
  });
});

describe('with a base', () => {
  test.each([
    ['the same version is known', [LODASH], 'clean (none-counts)', false],
    ['another version is not', [aPackage('lodash', '4.16.0')], 'vulnerable (at-threshold)', true],
    ['another package is not', [QS], 'vulnerable (at-threshold)', true],
    ['an empty base has nothing', [], 'vulnerable (at-threshold)', true],
    [
      'the same name in another ecosystem is not',
      [aPackage('lodash', '4.17.0', { ecosystem: 'PyPI' })],
      'vulnerable (at-threshold)',
      true,
    ],
    [
      'other qualifiers are the same version',
      [aPackage('lodash', '4.17.0', { purl: 'pkg:npm/lodash@4.17.0?arch=arm64' })],
      'clean (none-counts)',
      false,
    ],
  ])('%s', (_, base, expected, isNew) => {
    const decision = decideScan(scanInput([rated('high')], { base }));
    expect(`${decision.verdict} (${decision.reason})`).toBe(expected);
    expect(decision.findings).toMatchObject([{ isNew, status: 'open' }]);
    expect(decision.counts.known).toBe(isNew ? 0 : 1);
  });
  test('what is exploited and known does not count either', () => {
    const kev = { ids: new Set(['CVE-2026-0001']), fails: true };
    expect(verdict(scanInput([rated('high')], { base: [LODASH], kev }))).toBe('clean (none-counts)');
  });
  test('without one nothing is said to be new', () => {
    const [finding] = decideScan(scanInput([rated('high')])).findings;
    expect(finding).not.toHaveProperty('isNew');
  });
});

describe('an allowance that has expired', () => {
  const old = allowance('CVE-2026-0001', { expires: '2026-11-20', line: 7 });
  const problem = {
    file: '.github/sluice-allow.yml',
    line: 7,
    message: 'CVE-2026-0001 was allowed to 2026-11-20: "is not called"',
  };
  const hidden = [{ id: 'CVE-2026-0001', name: 'lodash' }];
  test.each<[string, ScanInput, string, typeof hidden]>([
    ['allows nothing', scanInput([rated('high')], { allow: [old] }), 'vulnerable (at-threshold)', hidden],
    [
      'fails below the threshold',
      scanInput([rated('low')], { allow: [old] }),
      'vulnerable (expired-allowance)',
      hidden,
    ],
    ['fails without its finding', scanInput([], { allow: [old] }), 'could-not-scan (expired-allowance)', []],
    [
      'fails where another entry allows',
      scanInput([rated('high')], { allow: [old, allowance('CVE-2026-0001')] }),
      'could-not-scan (expired-allowance)',
      [],
    ],
    [
      'fails where VEX clears',
      scanInput([rated('high')], { allow: [old], vex: [statement('CVE-2026-0001', LODASH.purl)] }),
      'could-not-scan (expired-allowance)',
      [],
    ],
  ])('%s, with file and line, what it hides, and all looked up', (_, input, expected, hides) => {
    expect(verdict(input)).toBe(expected);
    expect(decideScan(input)).toMatchObject({ problems: [{ ...problem, hides }], isWhole: true });
  });
  test('holds to the end of its last day', () => {
    const allow = [allowance('CVE-2026-0001', { expires: TODAY })];
    expect(decideScan(scanInput([rated('high')], { allow }))).toMatchObject({
      verdict: 'clean',
      problems: [],
    });
  });
});

test('worst first: what counts, what is open, what is exploited, severity, score, probability', () => {
  const kev = { ids: new Set(['CVE-2026-0003']), fails: false };
  const found = [
    rated('low', 'CVE-2026-0001'),
    rated('critical', 'CVE-2026-0002'),
    rated('high', 'CVE-2026-0003'),
    rated('', 'CVE-2026-0004'),
    rated('high', 'CVE-2026-0005'),
    rated('critical', 'CVE-2026-0006'),
    match(QS, advisory('CVE-2026-0007', { ratings: [{ type: 'CVSS_V3', value: '9.1' }] })),
    match(QS, advisory('CVE-2026-0008', { ratings: [{ type: 'CVSS_V3', value: '9.9' }] })),
    rated('critical', 'CVE-2026-0009'),
  ];
  const allow = [allowance('CVE-2026-0006')];
  const vex = [statement('CVE-2026-0009', LODASH.purl)];
  const { findings } = decideScan(scanInput(found, { kev, allow, vex }));
  expect(findings.map(({ id }) => id.at(-1)).join('')).toBe('387254169');
});

test('the counts are of what is open, and why it counts', () => {
  const found = [rated('low', 'CVE-2026-0001'), rated('', 'CVE-2026-0002'), rated('high', 'CVE-2026-0003')];
  const kev = { ids: new Set(['CVE-2026-0003']), fails: true };
  const allow = [allowance('CVE-2026-0001')];
  expect(decideScan(scanInput(found, { kev, allow }))).toMatchObject({
    causes: [['exploited', 'severity'], ['unknown-severity'], []],
    counts: {
      packages: 2,
      findings: 3,
      blocking: 2,
      causes: { exploited: 1, epss: 0, severity: 1, 'unknown-severity': 1 },
      severities: { critical: 0, high: 1, medium: 0, low: 0, none: 0, unknown: 1 },
      allowed: 1,
      notAffected: 0,
    },
  });
});
