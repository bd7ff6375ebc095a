import type { Fact } from '@sluice/core/run';
import type { Ok, Outcome } from '@sluice/core/verdict';
import type { Change } from '../change.ts';
import type { BumpInputs } from '../inputs.ts';
import { bumpPage } from '../page/bump-page.ts';
import type { PullRequest } from '../pull-request/pull-request-api.ts';
import type { BumpReason } from '../reasons.ts';
import type { Bumped } from './bump-parts.ts';
import { isReady, type Target } from './bump-plan.ts';
import { type BumpResult, bumpDetails, bumpSchema } from './bump-result.ts';
import { bumpStatement } from './bump-statement.ts';
import type { Applied } from './carry-out.ts';
import { changeOutput } from './change-output.ts';
import { outputsOfSeveral } from './outcome-of-several.ts';

export const bumpVerdicts = ['updated', 'unchanged', 'pending', 'not-found', 'refused', 'unknown'] as const;
export type BumpVerdict = (typeof bumpVerdicts)[number];

/** The action's own outputs where there is nothing to say. */
export const emptyBumpOutputs = {
  changed: 'false',
  'commit-sha': '',
  branch: '',
  'pull-request-number': '',
  'pull-request-url': '',
  change: '',
  'plan-digest': '',
} as const;

/** The change as it was made: with our commit, or with the head that holds it already. */
export function appliedChange(applied: Applied): Change {
  const commit = 'commit' in applied ? applied.commit : undefined;
  return commit === undefined ? applied.plan.change : { ...applied.plan.change, commit };
}

export type BumpOutcome = Outcome<BumpVerdict, BumpReason>;

/** From the worst to the best: of several repositories the worst speaks for all. */
const worstFirst = ['refused', 'not-found', 'unknown', 'pending', 'updated', 'unchanged'] as const;

/** Outputs, result and summary of a bump, in one repository or in several. */
export function bumpOutcome(inputs: BumpInputs, bumped: readonly Bumped[]): BumpOutcome {
  const outcomes = bumped.map((one) => outcomeOf(inputs, one, bumped.length));
  const ranked = outcomes.toSorted((a, b) => rank(a) - rank(b));
  const [worst, ...others] = ranked;
  if (worst === undefined) throw new Error('a bump without a repository');
  const result: BumpResult = { schema: bumpSchema, ...bumpDetails(bumped) };
  if (others.length === 0) return { ...worst, result: { ...result } };
  return {
    ...worst,
    summary: ranked.map(({ summary }) => summary).join(' '),
    result: { ...result },
    outputs: outputsOfSeveral(outcomes.map(({ outputs }) => outputs)),
    page: ranked
      .map(({ page }) => page.trimEnd())
      .join('\n\n')
      .concat('\n'),
  };
}

/** What was refused speaks before what was left alone because of it. */
const rank = ({ verdict, reason }: BumpOutcome): number =>
  worstFirst.indexOf(verdict) + (reason === 'another-repository' ? 0.5 : 0);

function outcomeOf(inputs: BumpInputs, { applied, target }: Bumped, count: number): BumpOutcome {
  const statement = bumpStatement(inputs, applied, target);
  return {
    verdict: statement.verdict,
    ok: okOf(applied, statement.verdict),
    reason: statement.reason,
    summary: statement.summary,
    ...(statement.hint === undefined ? {} : { hint: statement.hint }),
    result: { schema: bumpSchema },
    outputs: outputsOf(applied, target, count),
    page: bumpPage(statement, applied, target),
  };
}

/** What is true from now on, should an error end the run before its outcome. */
export function bumpFact(applied: Applied, target: Target): Fact {
  const outputs = outputsOf(applied, target);
  if (applied.type !== 'committed' && applied.type !== 'proposed') return { outputs };
  const seen = applied.type === 'proposed' ? `, in the pull request ${applied.pullRequest.url}` : '';
  return { outputs, sentence: `The commit ${applied.commit} is on the branch ${outputs.branch}${seen}.` };
}

function outputsOf(
  applied: Applied,
  target: Target,
  count = 1,
): Readonly<Record<keyof typeof emptyBumpOutputs, string>> {
  const { plan } = applied;
  const outputs = {
    ...emptyBumpOutputs,
    branch: target.branch,
    'plan-digest': isReady(plan) ? plan.digest : '',
    change: isMade(applied) ? changeOutput(appliedChange(applied), count) : '',
  };
  switch (applied.type) {
    case 'planned':
    case 'left':
      return outputs;
    case 'settled':
      return {
        ...outputs,
        changed: String(applied.wrote === true),
        'commit-sha': plan.decision.type === 'nothing' && !target.isWorkspace ? plan.change.commit : '',
      };
    case 'written':
      return { ...outputs, changed: 'true' };
    case 'committed':
      return {
        ...{ ...outputs, changed: 'true', 'commit-sha': applied.commit },
        ...(applied.pullRequest !== undefined && pullRequestOutputs(applied.pullRequest)),
      };
    case 'proposed':
      return {
        ...outputs,
        changed: String(applied.did !== 'nothing'),
        'commit-sha': applied.commit,
        branch: applied.branch,
        ...pullRequestOutputs(applied.pullRequest),
      };
    case 'refused':
      return {
        ...outputs,
        changed: String(applied.commit !== undefined),
        'commit-sha': applied.commit ?? '',
      };
  }
}

const pullRequestOutputs = ({ number, url }: PullRequest) => ({
  'pull-request-number': String(number),
  'pull-request-url': url,
});

/** Whether there is a change to wait for. After a refusal nothing of it stands on the branch, even where our commit was made. */
function isMade({ type, plan }: Applied): boolean {
  if (type === 'settled') return plan.decision.type === 'nothing';
  return type === 'written' || type === 'committed' || type === 'proposed';
}

function okOf(applied: Applied, verdict: BumpVerdict): Ok {
  if (applied.type === 'planned') return 'unknown';
  const oks = {
    updated: 'true',
    unchanged: 'true',
    pending: 'unknown',
    'not-found': 'false',
    refused: 'false',
    unknown: 'unknown',
  } as const;
  return oks[verdict];
}
