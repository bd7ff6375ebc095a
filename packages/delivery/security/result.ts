import type { ScanVerdict } from '@sluice/sbom/decide/types';
import { boundedFindings, boundedList, cut } from '@sluice/sbom/page/result-limits';
import type { Finding } from '@sluice/sbom/types';
import { shownUrl } from './address.ts';
import type { Advisory } from './advisories.ts';
import type { KeptIssues } from './keep-issues.ts';
import type { Scanned } from './scan-targets.ts';
import { isTold, obstacle, placesOf, type Said, saidOf, untoldFirst } from './told.ts';
import type { UnmatchedIn } from './unmatched.ts';

export const securitySchema = 'sluice.security-scan.v1';

/** Why a verdict is what it is. */
export type SecurityReason = Said['reason'];

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
  /** Why it could not be scanned, or not all of it; empty where it was. */
  readonly sentence: string;
  /** Its SBOM, the address without what may be a signature; absent where it names none. */
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
export interface IssuesResult extends Omit<KeptIssues, 'numbers' | 'failed'> {
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
  /** What could not be looked up, each component once; of many the first. */
  readonly unmatched: readonly UnmatchedIn[];
  readonly issues: IssuesResult;
  /** Why not all that is active is known. */
  readonly troubles: readonly string[];
  /** Entries of the allow-list that have expired. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Of the 400,000 characters of a result. */
const FINDINGS_LIMIT = 250_000;
const MOST_TARGETS = 150;
const MOST_PLACES = 20;

/** The Deployments that an output holds, and how many it does not. */
export const targetsIn = (
  scanned: readonly Scanned[],
  maxUnmatched: number | undefined,
): Pick<SecurityDetails, 'deployments' | 'omittedDeployments'> => ({
  deployments: scanned
    .toSorted(untoldFirst)
    .slice(0, MOST_TARGETS)
    .map((one) => targetResult(one, maxUnmatched)),
  omittedDeployments: Math.max(0, scanned.length - MOST_TARGETS),
});

/** The findings that an output holds, with where they are. */
export function findingsOf(
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

/** What could not be looked up, as far as an output holds it. */
export const unmatchedIn = (unmatched: readonly UnmatchedIn[]): readonly UnmatchedIn[] =>
  boundedList(unmatched, ({ component, why, where }) => ({
    ...{ component: cut(component, 200), why },
    where: where.slice(0, MOST_PLACES).map((name) => cut(name, 200)),
  }));

function targetResult(one: Scanned, maxUnmatched: number | undefined): TargetResult {
  const { id = 0, repository, project, environment, tenant, sbom } = one.target;
  const isSeen = one.type === 'seen';
  return {
    ...{ id, repository, project, environment, tenant },
    ...saidOf(one),
    sentence: sentenceOf(one, maxUnmatched),
    ...(sbom === undefined || 'unreadable' in sbom ? {} : { sbom: { ...sbom, url: shownUrl(sbom.url) } }),
    findings: isSeen ? one.decision.counts.findings : 0,
    unmatched: isSeen ? one.decision.counts.unmatched : 0,
  };
}

function sentenceOf(one: Scanned, maxUnmatched: number | undefined): string {
  if (one.type === 'unseen') return one.why;
  return isTold(one) ? '' : obstacle(one, maxUnmatched);
}

export const issuesResult = (issues: KeptIssues | undefined): IssuesResult => ({
  opened: issues?.opened ?? [],
  updated: issues?.updated ?? [],
  reopened: issues?.reopened ?? [],
  closed: issues?.closed ?? [],
  kept: issues?.kept ?? [],
  left: issues?.left ?? 0,
  failed: issues?.failed?.message ?? '',
});
