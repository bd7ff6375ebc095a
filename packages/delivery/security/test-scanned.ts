import type { Expired, ScanDecision } from '@sluice/sbom/decide/types';
import type { Finding } from '@sluice/sbom/types';
import type { Scanned, Target } from './scan-targets.ts';

export const target = (project: string, more: Partial<Target> = {}): Target => ({
  name: `${project} in production`,
  key: `${more.repository ?? 'acme/app'} ${project} in production`,
  id: 1,
  repository: 'acme/app',
  project,
  environment: 'production',
  tenant: '',
  sbom: { url: 'https://a.example/sbom.json', digest: `sha256:${'a'.repeat(64)}` },
  ...more,
});

export const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  aliases: [],
  package: { name: 'qs', ecosystem: 'npm', purl: 'pkg:npm/qs@6.7.0' },
  version: '6.7.0',
  severity: 'high',
  score: 7.5,
  fixed: ['6.7.3'],
  paths: [['shop', 'qs@6.7.0']],
  status: 'open',
  summary: 'qs does harm',
  blocking: true,
  ...more,
});

const severities = { critical: 0, high: 0, unknown: 0, medium: 0, low: 0, none: 0 } as const;
const causes = { exploited: 0, epss: 0, severity: 0, 'unknown-severity': 0 } as const;

export const decisionOf = (
  findings: readonly Finding[],
  more: Partial<Omit<ScanDecision, 'counts'>> & { readonly unmatched?: ScanDecision['unmatched'] } = {},
): ScanDecision => {
  const blocking = findings.filter((one) => one.blocking).length;
  const { unmatched = [] } = more;
  return {
    verdict: blocking > 0 ? 'vulnerable' : 'clean',
    reason: blocking > 0 ? 'at-threshold' : 'nothing-found',
    isWhole: true,
    findings,
    causes: findings.map((one) => (one.blocking ? (['severity'] as const) : [])),
    counts: {
      ...{ packages: 1, findings: findings.length, blocking, causes, severities, allowed: 0 },
      ...{ notAffected: 0, known: 0, withoutFix: 0, unmatched: unmatched.length, setAside: 0 },
    },
    problems: [],
    warnings: [],
    ...more,
    unmatched,
  };
};

export const seen = (
  project: string,
  findings: readonly Finding[],
  more: Parameters<typeof decisionOf>[1] = {},
  answered?: ReadonlySet<string>,
): Scanned => ({
  type: 'seen',
  target: target(project),
  decision: decisionOf(findings, more),
  source: 'OSV',
  ...(answered !== undefined && { answered: (name: string) => answered.has(name) }),
});

/** An entry of the allow-list that has expired, and what of it was found. */
export const expired = (id: string, hides: readonly Finding[] = [], line = 3): Expired => ({
  ...{ file: 'allow.yml', line, message: `${id} was allowed to 2026-01-01: "no harm"` },
  hides: hides.map((one) => ({ id: one.id, name: one.package.name })),
});

export const unseen = (project: string, reason: 'no-sbom' | 'not-scanned' = 'not-scanned'): Scanned => ({
  type: 'unseen',
  target: target(project),
  reason,
  why: 'It could not be fetched.',
});
