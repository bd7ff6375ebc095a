import type { Fact } from '@sluice/core/run';
import type { Ok, Outcome } from '@sluice/core/verdict';
import { bumpPage } from './bump-page.ts';
import { isReady, type Target } from './bump-plan.ts';
import { type BumpResult, bumpDetails, bumpSchema } from './bump-result.ts';
import { bumpStatement } from './bump-statement.ts';
import type { Applied } from './carry-out.ts';
import type { Change } from './change.ts';
import { changeOutput } from './change-output.ts';
import type { BumpInputs } from './inputs.ts';
import type { BumpReason } from './reasons.ts';

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

/** Outputs, result and summary of a bump. */
export function bumpOutcome(
  inputs: BumpInputs,
  applied: Applied,
  target: Target,
): Outcome<BumpVerdict, BumpReason> {
  const statement = bumpStatement(inputs, applied, target);
  const result: BumpResult = { schema: bumpSchema, ...bumpDetails(applied.plan) };
  return {
    verdict: statement.verdict,
    ok: okOf(applied, statement.verdict),
    reason: statement.reason,
    summary: statement.summary,
    ...(statement.hint === undefined ? {} : { hint: statement.hint }),
    result: { ...result },
    outputs: outputsOf(applied, target),
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
): Readonly<Record<keyof typeof emptyBumpOutputs, string>> {
  const { plan } = applied;
  const outputs = {
    ...emptyBumpOutputs,
    branch: target.branch,
    'plan-digest': isReady(plan) ? plan.digest : '',
    change: isMade(applied) ? changeOutput(appliedChange(applied)) : '',
  };
  switch (applied.type) {
    case 'planned':
      return outputs;
    case 'settled':
      return {
        ...outputs,
        changed: String(applied.wrote === true),
        'commit-sha': plan.decision.type === 'nothing' ? plan.change.commit : '',
      };
    case 'written':
      return { ...outputs, changed: 'true' };
    case 'committed':
      return { ...outputs, changed: 'true', 'commit-sha': applied.commit };
    case 'proposed':
      return {
        ...outputs,
        changed: String(applied.did !== 'nothing'),
        'commit-sha': applied.commit,
        branch: applied.branch,
        'pull-request-number': String(applied.pullRequest.number),
        'pull-request-url': applied.pullRequest.url,
      };
    case 'refused':
      return {
        ...outputs,
        changed: String(applied.commit !== undefined),
        'commit-sha': applied.commit ?? '',
      };
  }
}

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
