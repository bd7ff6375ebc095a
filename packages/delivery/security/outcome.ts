import type { Ok, Outcome } from '@sluice/core/verdict';
import type { ScanVerdict } from '@sluice/sbom/decide/types';
import { boundedTexts } from '@sluice/sbom/page/result-limits';
import { noteText } from '@sluice/sbom/page/scan-page';
import type { Advisory } from './advisories.ts';
import { hintOf } from './hint.ts';
import type { SecurityInputs } from './inputs.ts';
import type { KeptIssues } from './keep-issues.ts';
import type { Notes } from './notes.ts';
import { securityPage } from './page.ts';
import {
  findingsOf,
  issuesResult,
  type SecurityDetails,
  type SecurityReason,
  securitySchema,
  targetsIn,
  unmatchedIn,
} from './result.ts';
import type { Scanned } from './scan-targets.ts';
import { sentenceOf } from './sentence.ts';
import { type Said, saidOf } from './told.ts';
import type { UnmatchedIn } from './unmatched.ts';

/** Where nothing was scanned there is no number: 0 would be one. */
export const emptySecurityOutputs = { findings: '', unmatched: '', issues: '' } as const;

export type SecurityOutcome = Outcome<ScanVerdict, SecurityReason>;

/** Why not all that is active is known. */
export interface Trouble {
  readonly sentence: string;
  /** `no-deployment`: a repository that was named has none that is active. */
  readonly reason: 'not-scanned' | 'no-deployment';
  readonly hint?: string | undefined;
}

export interface SecurityReport {
  readonly inputs: SecurityInputs;
  readonly scanned: readonly Scanned[];
  /** Worst first. */
  readonly advisories: readonly Advisory[];
  readonly unmatched: readonly UnmatchedIn[];
  readonly notes: Notes;
  readonly troubles: readonly Trouble[];
  /** Absent where none are kept. */
  readonly issues?: KeptIssues;
}

const okOf: Readonly<Record<ScanVerdict, Ok>> = {
  clean: 'true',
  vulnerable: 'false',
  'could-not-scan': 'unknown',
};

/** The outcome of all that was scanned: of several the worst speaks, and what could not be scanned is never clean. */
export function securityOutcome(report: SecurityReport): SecurityOutcome {
  const { scanned, advisories, issues, inputs, notes, unmatched } = report;
  const said = verdictOf(report);
  const summary = sentenceOf(report, said);
  const hint = hintOf(report, said);
  const number = (advisory: Advisory): number => issues?.numbers.get(advisory) ?? 0;
  const seen = scanned.some(({ type }) => type === 'seen');
  return {
    ...{ ...said, ok: okOf[said.verdict], summary },
    ...(hint === undefined ? {} : { hint }),
    result: {
      schema: securitySchema,
      ...targetsIn(scanned, inputs['max-unmatched']),
      ...findingsOf(advisories, number),
      unmatched: unmatchedIn(unmatched),
      issues: issuesResult(issues),
      troubles: boundedTexts(report.troubles.map(({ sentence }) => sentence)),
      problems: boundedTexts(notes.expired.map(noteText)),
      warnings: boundedTexts(notes.warnings.map(noteText)),
    } satisfies SecurityDetails & { schema: string },
    outputs: {
      findings: seen ? String(advisories.length) : '',
      unmatched: seen ? String(unmatched.length) : '',
      issues: [...new Set(advisories.map(number))].filter((one) => one > 0).join('\n'),
    },
    page: securityPage({ ...report, verdict: said.verdict, summary, hint }),
  };
}

const vulnerable = ['exploited', 'at-threshold', 'unknown-severity', 'expired-allowance'] as const;
/** The heaviest first. */
const untold = ['not-scanned', 'no-sbom', 'nothing-to-scan', 'too-many-unmatched', 'no-deployment'] as const;

function verdictOf({ scanned, troubles, notes }: SecurityReport): Said {
  const all = scanned.map(saidOf);
  const has = (verdict: ScanVerdict, reason: SecurityReason): boolean =>
    all.some((one) => one.verdict === verdict && one.reason === reason);
  const worst = vulnerable.find((reason) => has('vulnerable', reason));
  if (worst !== undefined) return { verdict: 'vulnerable', reason: worst };
  const verdict = 'could-not-scan';
  const obstacle = untold.find(
    (reason) => has(verdict, reason) || troubles.some((one) => one.reason === reason),
  );
  if (obstacle !== undefined) return { verdict, reason: obstacle };
  if (scanned.length === 0) return { verdict, reason: 'no-deployment' };
  if (!all.every((one) => one.verdict === 'clean')) return { verdict, reason: 'not-scanned' };
  if (notes.expired.length > 0) return { verdict, reason: 'expired-allowance' };
  return {
    verdict: 'clean',
    reason: all.every(({ reason }) => reason === 'nothing-found') ? 'nothing-found' : 'none-counts',
  };
}
