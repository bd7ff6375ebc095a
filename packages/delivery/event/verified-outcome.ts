import type { ApplicationResult } from '@sluice/argocd/page/outcome';
import { escapeMarkdown, table } from '@sluice/core/summary';
import { bumpDetails } from '@sluice/gitops/bump/bump-result';
import type { DeployVerdict } from '../inputs.ts';
import { type DeployOutcome, deploySchema, emptyDeployOutputs } from '../outcome.ts';
import type { EvidenceKind, Verified } from './finding.ts';

/** What `result` tells of each Deployment that was looked at. */
export interface EventResult {
  readonly deployments: readonly {
    readonly id: number;
    /** `owner/name`. */
    readonly repository: string;
    readonly project: string;
    readonly environment: string;
    /** Empty where the project has none. */
    readonly tenant: string;
    readonly verdict: DeployVerdict;
    /** Why it has this verdict. */
    readonly reason: string;
    readonly sentence: string;
    /** `observed`: Argo CD and Git showed it to this run; `reported`: a notification says so. */
    readonly evidence: EvidenceKind;
    /** What the Deployment was set to; empty where it was left `in_progress`. */
    readonly state: string;
  }[];
}

/** From the worst to the best: of several Deployments the worst speaks. */
const worstFirst: readonly DeployVerdict[] = [
  ...(['failed', 'drifted', 'not-effective', 'refused', 'unknown', 'timed-out', 'pending'] as const),
  ...(['superseded', 'rolling-out', 'live'] as const),
];

const rank = ({ finding }: Verified): number => worstFirst.indexOf(finding.verdict);

/** Where Deployments were looked for. */
export interface LookedIn {
  /** `owner/name`. */
  readonly repositories: readonly string[];
  /** Whether nobody said where, and none is there: they may be in other repositories. */
  readonly isElsewhere: boolean;
}

/** What is said of all Deployments that were looked at. Nothing to look at is no success, and nothing wrong either. */
export function verifiedOutcome(verified: readonly Verified[], where: LookedIn): DeployOutcome {
  const [worst] = verified.toSorted((a, b) => rank(a) - rank(b));
  if (worst === undefined) return nothingOpen(where);
  const { verdict, ok, reason, summary: sentence, hint } = worst.finding;
  const same = verified.filter(({ finding }) => finding.verdict === verdict).length;
  const summary =
    verified.length === 1
      ? `${nameOf(worst)}: ${sentence}`
      : `${same} of ${verified.length} Deployments ${verdict}: ${nameOf(worst)}: ${sentence}`;
  const applications: readonly ApplicationResult[] = verified.flatMap(
    ({ finding }) => finding.waited?.result.applications ?? [],
  );
  return {
    ...{ verdict, ok, reason, summary, ...(hint !== undefined && { hint }) },
    result: { schema: deploySchema, ...bumpDetails([]), applications, ...eventResult(verified) },
    outputs: {
      ...emptyDeployOutputs,
      revision: verified
        .map(({ finding }) => finding.waited?.outputs.revision ?? '')
        .join('\n')
        .trim(),
      'deployment-id': verified.length === 1 ? String(worst.deployment.id) : '',
    },
    page: pageOf(summary, hint, verified),
  };
}

function nothingOpen({ repositories, isElsewhere }: LookedIn): DeployOutcome {
  const summary = `No Deployment is in progress in ${repositories.join(', ')} that this run is about: nothing was looked at.`;
  const hint = 'Where the Deployments are in other repositories, name those in `deployment-repositories`.';
  return {
    ...{ verdict: 'pending', ok: 'unknown', reason: 'nothing-open', summary, ...(isElsewhere && { hint }) },
    result: { schema: deploySchema, ...bumpDetails([]), ...eventResult([]) },
    outputs: emptyDeployOutputs,
    page: `**${escapeMarkdown(summary)}**\n${isElsewhere ? `\n${hint}\n` : ''}`,
  };
}

const eventResult = (verified: readonly Verified[]): EventResult => ({
  deployments: verified.map(({ deployment, finding, state = '' }) => ({
    id: deployment.id,
    repository: `${deployment.home.owner}/${deployment.home.repo}`,
    project: deployment.key.project,
    environment: deployment.key.environment,
    tenant: deployment.key.tenant ?? '',
    ...{ verdict: finding.verdict, reason: finding.reason, sentence: finding.summary },
    ...{ evidence: finding.evidence, state },
  })),
});

function nameOf({ deployment: { key } }: Verified): string {
  return `${key.project} in ${key.environment}${key.tenant === undefined ? '' : ` for ${key.tenant}`}`;
}

function pageOf(summary: string, hint: string | undefined, verified: readonly Verified[]): string {
  const rows = verified.map((one) => [
    `${nameOf(one)} (${one.deployment.home.owner}/${one.deployment.home.repo}, ${one.deployment.id})`,
    one.finding.verdict,
    one.state ?? 'left in_progress',
    one.finding.evidence,
    one.finding.summary,
  ]);
  return [
    `**${escapeMarkdown(summary)}**`,
    table([
      ['Deployment', 'verdict', 'set to', 'evidence', 'why'],
      ...rows.map((row) => row.map(escapeMarkdown)),
    ]),
    ...verified.flatMap(({ finding }) => finding.waited?.page.trimEnd() ?? []),
    ...verified.flatMap(({ note }) => (note === undefined ? [] : [escapeMarkdown(note)])),
    ...(hint === undefined ? [] : [escapeMarkdown(hint)]),
  ]
    .join('\n\n')
    .concat('\n');
}
