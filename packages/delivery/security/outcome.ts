import type { Ok, Outcome } from '@sluice/core/verdict';
import type { ScanVerdict } from '@sluice/sbom/decide/types';
import { boundedFindings, boundedTexts } from '@sluice/sbom/page/result-limits';
import type { noteText } from '@sluice/sbom/page/scan-page';
import { count, vulnerabilities } from '@sluice/sbom/page/words';
import type { ScanReason } from '@sluice/sbom/reasons';
import type { Finding } from '@sluice/sbom/types';
import type { Advisory } from './advisories.ts';
import type { SecurityInputs } from './inputs.ts';
import type { KeptIssues } from './keep-issues.ts';
import { notesOf } from './notes.ts';
import { securityPage } from './page.ts';
import type { SecurityReasons } from './reasons.ts';
import type { Scanned } from './scan-targets.ts';

export const securitySchema = 'sluice.security-scan.v1';

/** Where nothing was scanned there is no number: 0 would be one. */
export const emptySecurityOutputs = { findings: '', unmatched: '', issues: '' } as const;

export type SecurityReason = ScanReason | keyof SecurityReasons;
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

/** What was found of one Deployment, or of the SBOM that an input names. */
export interface TargetResult {
  /** Of the Deployment; 0 where there is none. */
  readonly id: number;
  /** `owner/name`. */
  readonly repository: string;
  readonly project: string;
  readonly environment: string;
  /** Empty where the project has none. */
  readonly tenant: string;
  readonly verdict: ScanVerdict;
  readonly reason: SecurityReason;
  /** Why it could not be scanned; empty where it was. */
  readonly sentence: string;
  /** Its SBOM; absent where it names none. */
  readonly sbom?: { readonly url: string; readonly digest: string };
  /** How many vulnerabilities were found, those that do not count among them. */
  readonly findings: number;
  readonly unmatched: number;
}

/** One vulnerability, in all that has it. */
export interface AdvisoryResult extends Finding {
  /** Names of what has it; of many the first. */
  readonly where: readonly string[];
  /** The number of its issue; 0 where it has none. */
  readonly issue: number;
}

/** What became of the issues, by their numbers. */
export interface IssuesResult {
  readonly opened: readonly number[];
  readonly updated: readonly number[];
  readonly reopened: readonly number[];
  readonly closed: readonly number[];
  /** Left open: what they are about may be in what could not be scanned. */
  readonly kept: readonly number[];
  /** How many vulnerabilities that count have no issue yet, for `max-issues`. */
  readonly left: number;
  /** Why they could not be brought up to date; empty where they were. */
  readonly failed: string;
}

/** What a scan of Deployments adds to the JSON `result`. */
export interface SecurityDetails {
  /** What could not be scanned first. */
  readonly deployments: readonly TargetResult[];
  /** How many of the last Deployments are left out, because an output does not hold them. */
  readonly omittedDeployments: number;
  /** Each vulnerability as its worst place has it, worst first. */
  readonly findings: readonly AdvisoryResult[];
  /** How many of the last findings are left out, because an output does not hold them. */
  readonly omitted: number;
  readonly issues: IssuesResult;
  /** Why not all that is active is known. */
  readonly troubles: readonly string[];
  readonly warnings: readonly ReturnType<typeof noteText>[];
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
      deployments: scanned.toSorted(untoldFirst).slice(0, MOST_TARGETS).map(targetResult),
      omittedDeployments: Math.max(0, scanned.length - MOST_TARGETS),
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

/** Of the 400,000 characters of a result. */
const FINDINGS_LIMIT = 250_000;
const MOST_TARGETS = 150;
const MOST_PLACES = 20;

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

/** Whether it has a verdict of its own. */
export const isTold = (one: Scanned): boolean =>
  one.type === 'seen' && one.decision.verdict !== 'could-not-scan';

export const untoldFirst = (a: Scanned, b: Scanned): number => Number(isTold(a)) - Number(isTold(b));

/** What stands in the way of an answer. */
export function obstacle(one: Scanned): string {
  if (one.type === 'unseen') return `${one.target.name}: ${one.why}`;
  const { reason, counts, problems } = one.decision;
  switch (reason) {
    case 'too-many-unmatched':
      return `${one.target.name}: ${count(counts.unmatched, 'component')} could not be looked up.`;
    case 'expired-allowance':
      return `${one.target.name}: ${count(problems.length, 'entry', 'entries')} of the allow-list ${problems.length === 1 ? 'has' : 'have'} expired.`;
    default:
      return `${one.target.name}: its SBOM lists nothing that could be looked up.`;
  }
}

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

/** The findings that an output holds, with where they are. */
function findingsOf(
  advisories: readonly Advisory[],
  issueOf: (advisory: Advisory) => number,
): Pick<SecurityDetails, 'findings' | 'omitted'> {
  const bounded = boundedFindings(advisories.flatMap(({ places }) => places[0]?.finding ?? []));
  const entries = bounded.findings.flatMap((finding, at): readonly AdvisoryResult[] => {
    const advisory = advisories[at];
    if (advisory === undefined) return [];
    return [{ ...finding, where: placesOf(advisory).slice(0, MOST_PLACES), issue: issueOf(advisory) }];
  });
  let left = FINDINGS_LIMIT;
  const end = entries.findIndex((entry) => {
    left -= JSON.stringify(entry).length;
    return left < 0;
  });
  const findings = end < 0 ? entries : entries.slice(0, end);
  return { findings, omitted: advisories.length - findings.length };
}

export const placesOf = ({ places }: Advisory): readonly string[] => [
  ...new Set(places.map(({ target }) => target.name)),
];

const sum = (scanned: readonly Scanned[], of: (counts: { unmatched: number }) => number): number =>
  scanned.reduce((all, one) => all + (one.type === 'seen' ? of(one.decision.counts) : 0), 0);

function targetResult(one: Scanned): TargetResult {
  const { id = 0, repository, project, environment, tenant, sbom } = one.target;
  const isSeen = one.type === 'seen';
  return {
    ...{ id, repository, project, environment, tenant },
    verdict: isSeen ? one.decision.verdict : 'could-not-scan',
    reason: isSeen ? one.decision.reason : one.reason,
    sentence: isSeen ? '' : one.why,
    ...(sbom === undefined || 'unreadable' in sbom ? {} : { sbom }),
    findings: isSeen ? one.decision.counts.findings : 0,
    unmatched: isSeen ? one.decision.counts.unmatched : 0,
  };
}

const issuesResult = (issues: KeptIssues | undefined): IssuesResult => ({
  opened: issues?.opened ?? [],
  updated: issues?.updated ?? [],
  reopened: issues?.reopened ?? [],
  closed: issues?.closed ?? [],
  kept: issues?.kept ?? [],
  left: issues?.left ?? 0,
  failed: issues?.failed?.message ?? '',
});
