import type { Severity } from '../types.ts';
import type { Judged } from './order.ts';
import type { Cause, ScanCounts } from './types.ts';

/** The numbers that a page needs. */
export function countsOf(judged: readonly Judged[], packages: number, unmatched: number): ScanCounts {
  const severities: Record<Severity, number> = {
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
    none: 0,
    unknown: 0,
  };
  const causes: Record<Cause, number> = { exploited: 0, epss: 0, severity: 0, 'unknown-severity': 0 };
  let blocking = 0;
  let known = 0;
  let withoutFix = 0;
  const statuses = { open: 0, allowed: 0, 'not-affected': 0 };
  for (const { finding, causes: why, waits } of judged) {
    statuses[finding.status] += 1;
    blocking += Number(finding.blocking);
    withoutFix += Number(waits);
    for (const cause of why) causes[cause] += 1;
    if (finding.status !== 'open') continue;
    severities[finding.severity] += 1;
    known += Number(finding.isNew === false);
  }
  const { allowed, 'not-affected': notAffected } = statuses;
  return {
    packages,
    findings: judged.length,
    blocking,
    causes,
    severities,
    allowed,
    notAffected,
    known,
    withoutFix,
    unmatched,
  };
}
