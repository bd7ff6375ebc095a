import type { Ok, Outcome } from '@sluice/core/verdict';
import type { ScanVerdict } from '@sluice/sbom/decide/types';
import { boundedTexts } from '@sluice/sbom/page/result-limits';
import { count, vulnerabilities } from '@sluice/sbom/page/words';
import type { Advisory } from './advisories.ts';
import type { SecurityInputs } from './inputs.ts';
import type { KeptIssues } from './keep-issues.ts';
import { notesOf } from './notes.ts';
import { securityPage } from './page.ts';
import {
  findingsOf,
  issuesResult,
  type SecurityDetails,
  type SecurityReason,
  securitySchema,
  targetsIn,
} from './result.ts';
import type { Scanned } from './scan-targets.ts';
import { isTold, obstacle, placesOf } from './told.ts';

/** Where nothing was scanned there is no number: 0 would be one. */
export const emptySecurityOutputs = { findings: '', unmatched: '', issues: '' } as const;

export type SecurityOutcome = Outcome<ScanVerdict, SecurityReason>;

export interface SecurityReport {
  readonly inputs: SecurityInputs;
  readonly scanned: readonly Scanned[];
  /** Worst first. */
  readonly advisories: readonly Advisory[];
  /** Why not all that is active is known. */
  readonly troubles: readonly string[];
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
  const { scanned, advisories, issues, inputs } = report;
  const { verdict, reason } = verdictOf(report);
  const summary = sentenceOf(report, verdict);
  const hint = hintOf(report, verdict, reason);
  const notes = notesOf(scanned);
  const number = (advisory: Advisory): number => issues?.numbers.get(advisory) ?? 0;
  const seen = scanned.some(({ type }) => type === 'seen');
  return {
    ...{ verdict, ok: okOf[verdict], reason, summary },
    ...(hint === undefined ? {} : { hint }),
    result: {
      schema: securitySchema,
      ...targetsIn(scanned),
      ...findingsOf(advisories, number),
      issues: issuesResult(issues),
      troubles: boundedTexts(report.troubles),
      warnings: boundedTexts(notes.warnings),
    } satisfies SecurityDetails & { schema: string },
    outputs: {
      findings: seen ? String(advisories.length) : '',
      unmatched: seen ? String(sum(scanned, ({ unmatched }) => unmatched)) : '',
      issues: [...new Set(advisories.map(number))].filter((one) => one > 0).join('\n'),
    },
    page: securityPage({ ...report, summary, hint, notes, allowList: inputs['allow-list'] ?? '' }),
  };
}

interface Said {
  readonly verdict: ScanVerdict;
  readonly reason: SecurityReason;
}

function verdictOf({ scanned, troubles }: SecurityReport): Said {
  const decisions = scanned.flatMap((one) => (one.type === 'seen' ? [one.decision] : []));
  const worst = (['exploited', 'at-threshold', 'unknown-severity', 'expired-allowance'] as const).find(
    (one) => decisions.some(({ verdict, reason }) => verdict === 'vulnerable' && reason === one),
  );
  if (worst !== undefined) return { verdict: 'vulnerable', reason: worst };
  const unseen = scanned.flatMap((one) => (one.type === 'unseen' ? [one.reason] : []));
  const untold = decisions.find(({ verdict }) => verdict === 'could-not-scan')?.reason;
  const verdict = 'could-not-scan';
  if (troubles.length > 0 || unseen.includes('not-scanned')) return { verdict, reason: 'not-scanned' };
  if (unseen.length > 0) return { verdict, reason: 'no-sbom' };
  if (untold !== undefined) return { verdict, reason: untold };
  if (scanned.length === 0) return { verdict, reason: 'no-deployment' };
  const isEmpty = decisions.every(({ reason }) => reason === 'nothing-found');
  return { verdict: 'clean', reason: isEmpty ? 'nothing-found' : 'none-counts' };
}

function sentenceOf(report: SecurityReport, verdict: ScanVerdict): string {
  const { scanned, advisories, troubles, inputs } = report;
  const isOne = inputs.sbom !== undefined;
  const what = isOne ? 'The SBOM' : `${count(scanned.length, 'active Deployment')} in ${inputs.environment}`;
  const has = scanned.length === 1 || isOne ? 'has' : 'have';
  const untold = scanned.filter((one) => !isTold(one));
  const first = troubles[0] ?? (untold[0] === undefined ? undefined : obstacle(untold[0]));
  const blocking = advisories.filter(({ places }) => places[0]?.finding.blocking === true);
  const but = first === undefined ? '' : ` ${untoldSentence(untold.length, isOne)} ${first}`;
  if (verdict === 'vulnerable') {
    const [worst] = blocking;
    const example = worst === undefined ? '' : `, first ${worst.id} in ${placesOf(worst)[0] ?? ''}`;
    const counting =
      blocking.length === 0
        ? 'allowances that have expired'
        : `${vulnerabilities(blocking.length)} that ${blocking.length === 1 ? 'counts' : 'count'}`;
    return `${what} ${has} ${counting}${example}.${but}`;
  }
  if (verdict === 'clean') {
    const rest =
      advisories.length === 0
        ? 'no known vulnerability'
        : `no vulnerability that counts: ${advisories.length} that do not`;
    return `${what} ${has} ${rest}.`;
  }
  if (scanned.length === 0 && first === undefined)
    return `No Deployment of ours is active in ${inputs.environment}: nothing was scanned.`;
  return `Whether ${what} ${has} vulnerabilities could not be told.${but}`;
}

const untoldSentence = (number: number, isOne: boolean): string =>
  isOne || number === 0 ? '' : `${number.toLocaleString('en-US')} could not be scanned:`;

function hintOf(
  { scanned, issues, inputs }: SecurityReport,
  verdict: ScanVerdict,
  reason: SecurityReason,
): string | undefined {
  if (verdict === 'clean') return issues?.failed?.hint;
  if (reason === 'no-deployment')
    return 'Check `environment` and `deployment-repositories`: Deployments are those that deploy.yml keeps.';
  if (verdict === 'vulnerable')
    return `Update the packages to a fixed version, and deploy. What has to stay can be allowed in ${inputs['allow-list'] ?? 'an allow-list'}, with a reason and a date.`;
  return scanned.flatMap((one) =>
    one.type === 'unseen' && one.reason === reason ? (one.hint ?? []) : [],
  )[0];
}

const sum = (scanned: readonly Scanned[], of: (counts: { unmatched: number }) => number): number =>
  scanned.reduce((all, one) => all + (one.type === 'seen' ? of(one.decision.counts) : 0), 0);
