import { decideScan } from './decide/decide-scan.ts';
import type { ScanDecision, ScanInput } from './decide/types.ts';
import type { ScanReport } from './page/outcome.ts';
import type { Finding, Match, Package } from './types.ts';

const file = 'sbom.cdx.json';

/** A package that an SBOM lists, for tests. */
export function npmPackage(name: string, version = '1.0.0'): Package {
  const purl = `pkg:npm/${name}@${version}`;
  return { purl, ecosystem: 'npm', name, version, paths: [['shop', `${name}@${version}`]], files: [file] };
}

/** What the rule makes of these matches, for tests of what is said of it. */
export function decided(matches: readonly Match[], given: Partial<ScanInput> = {}): ScanDecision {
  const packages = [npmPackage('left-pad'), ...matches.map((match) => match.package)];
  return decideScan({
    sboms: [
      {
        file,
        format: 'CycloneDX 1.6',
        subject: 'shop 1.4.2',
        components: [],
        dependsOn: new Map(),
        roots: [],
      },
    ],
    packages,
    unmatched: [],
    scan: {
      matches,
      unmatched: [],
      unanswered: [],
      source: 'OSV database of 2026-08-21, 2 records',
      warnings: [],
    },
    allow: [],
    vex: [],
    settings: { threshold: 'high', onlyFixed: false },
    score: ({ value }) => Number(value),
    today: '2026-11-21',
    ...given,
  });
}

/** A vulnerability of a package with this score. */
export function match(id: string, name: string, score: number, fixed: readonly string[] = ['1.0.1']): Match {
  return {
    package: npmPackage(name),
    advisory: {
      id,
      aliases: [],
      summary: `${name} does harm`,
      ratings: [{ type: 'CVSS_V3', value: String(score) }],
      url: `https://osv.dev/vulnerability/${id}`,
    },
    fixed,
  };
}

/** What is said of a decision. */
export function report(decision: ScanDecision, given: Partial<ScanReport> = {}): ScanReport {
  return {
    decision,
    sboms: [{ file, format: 'CycloneDX 1.6', subject: 'shop 1.4.2' }],
    source: 'OSV database of 2026-08-21, 2 records',
    threshold: 'high',
    isCompared: false,
    allowList: '.github/sluice-allow.yml',
    setAside: ['subject'],
    ...given,
  };
}

/** A decision that has these findings, whatever the rule would say. */
export function withFindings(findings: readonly Finding[], more: Partial<ScanDecision> = {}): ScanDecision {
  const blocking = findings.filter((one) => one.blocking).length;
  const base = decided([]);
  return {
    ...base,
    ...(blocking > 0 ? ({ verdict: 'vulnerable', reason: 'at-threshold' } as const) : {}),
    findings,
    causes: findings.map((one) => (one.blocking ? ['severity'] : [])),
    counts: {
      ...base.counts,
      findings: findings.length,
      blocking,
      causes: { exploited: 0, epss: 0, severity: blocking, 'unknown-severity': 0 },
    },
    ...more,
  };
}
