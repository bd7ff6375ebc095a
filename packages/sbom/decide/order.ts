import type { Finding } from '../types.ts';
import { compareText } from './group.ts';
import { SEVERITIES } from './severity.ts';
import type { Cause } from './types.ts';

/** A finding, and why it counts. */
export interface Judged {
  readonly finding: Finding;
  readonly causes: readonly Cause[];
  /** It would count, had it a fix. */
  readonly waits: boolean;
}

const STATUSES: readonly Finding['status'][] = ['open', 'allowed', 'not-affected'];

/** Worst first: what counts, then what is exploited, then by severity, score and probability. No two findings are equal in all. */
export function compareJudged({ finding: a }: Judged, { finding: b }: Judged): number {
  return (
    Number(b.blocking) - Number(a.blocking) ||
    STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
    Number(b.exploited ?? false) - Number(a.exploited ?? false) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (b.score ?? -1) - (a.score ?? -1) ||
    (b.epss ?? -1) - (a.epss ?? -1) ||
    compareText(a.package.name, b.package.name) ||
    compareText(a.version, b.version) ||
    compareText(a.id, b.id) ||
    compareText(a.package.ecosystem, b.package.ecosystem)
  );
}
