import type { WaitOutcome, WaitReason } from '@sluice/argocd/page/outcome';
import { escapeMarkdown } from '@sluice/core/summary';
import type { Outcome } from '@sluice/core/verdict';
import { bumpOutcome, emptyBumpOutputs } from '@sluice/gitops/bump/bump-outcome';
import { type Bumped, digestOf, type Planned, planned } from '@sluice/gitops/bump/bump-parts';
import { planPage } from '@sluice/gitops/page/bump-page';
import type { BumpReason } from '@sluice/gitops/reasons';
import type { DeployInputs, DeployVerdict } from './inputs.ts';
import type { DeliveryReasons } from './reasons.ts';

export const deploySchema = 'sluice.root.v1';

/** What the one-step deployment found. */
export type DeployOutcome = Outcome<DeployVerdict, BumpReason | WaitReason | keyof DeliveryReasons>;

/** The action's own outputs where there is nothing to say. */
export const emptyDeployOutputs = { ...emptyBumpOutputs, revision: '', 'deployment-id': '' } as const;

function outputs(inputs: DeployInputs, outcome: Outcome): Readonly<{ [name: string]: string }> {
  const id = inputs['deployment-id'];
  return { ...emptyDeployOutputs, ...outcome.outputs, 'deployment-id': id === undefined ? '' : String(id) };
}

/** What the bump alone has found, in the words of the one-step action. */
export function bumpedOutcome(inputs: DeployInputs, bumped: readonly Bumped[]): DeployOutcome {
  const outcome = bumpOutcome(inputs, bumped);
  const isStale = outcome.reason === 'plan-stale';
  const isCommitted = outcome.verdict === 'updated' || outcome.verdict === 'unchanged';
  const verdict = isStale ? 'plan-stale' : isCommitted ? 'committed' : outcome.verdict;
  return {
    ...outcome,
    verdict,
    result: { ...outcome.result, schema: deploySchema },
    outputs: outputs(inputs, outcome),
  };
}

/** Everything is on its branch: `merged` where a pull request brought it there, else what a commit is. */
export function mergedOutcome(inputs: DeployInputs, bumped: readonly Bumped[]): DeployOutcome {
  const outcome = bumpedOutcome(inputs, bumped);
  const merged = bumped.some(({ applied }) => 'pullRequest' in applied && applied.pullRequest !== undefined);
  return merged ? { ...outcome, verdict: 'merged', reason: 'merged' } : outcome;
}

/** `mode: event`: what is committed or proposed is for another run to see live; nothing is claimed of it. */
export function awaitingOutcome(inputs: DeployInputs, bumped: readonly Bumped[]): DeployOutcome {
  const outcome = bumpedOutcome(inputs, bumped);
  if (outcome.verdict !== 'committed' && outcome.verdict !== 'pending') return outcome;
  const later = 'Whether it becomes live is for the run that a notification of Argo CD starts.';
  return {
    ...outcome,
    ...{ ok: 'unknown', reason: 'awaits-notification', summary: `${outcome.summary} ${later}` },
    page: `${outcome.page.trimEnd()}\n\n${later}\n`,
  };
}

/** A plan that nobody carried out claims nothing. */
export function plannedOutcome(inputs: DeployInputs, parts: readonly Planned[]): DeployOutcome {
  const outcome = bumpedOutcome(inputs, planned(parts));
  return { ...outcome, verdict: 'pending', ok: 'unknown', reason: 'dry-run' };
}

/** The branch has moved into another plan than the approved one: nothing is written. */
export function staleOutcome(
  inputs: DeployInputs,
  parts: readonly Planned[],
  expected: string,
): DeployOutcome {
  const summary = `The plan is stale: ${digestOf(parts)} is what would be changed now, and ${expected} was approved.`;
  const hint = 'Plan again, and have the new plan approved.';
  return {
    ...bumpedOutcome(inputs, planned(parts)),
    verdict: 'plan-stale',
    ok: 'false',
    reason: 'plan-stale',
    summary,
    hint,
    page: `**${summary}**\n\n${parts.map(({ plan }) => planPage(plan)).join('\n\n')}\n\n${hint}\n`,
  };
}

/** The verdict of the wait, with what was changed: one result, one page. */
export function joined(inputs: DeployInputs, bumped: readonly Bumped[], waited: WaitOutcome): DeployOutcome {
  const changed = bumpOutcome(inputs, bumped);
  return {
    ...waited,
    result: { ...changed.result, ...waited.result, schema: deploySchema },
    outputs: outputs(inputs, { ...waited, outputs: { ...changed.outputs, ...waited.outputs } }),
    page: pageOf(waited, changed.summary, bumped),
  };
}

/** The page of the wait with what was changed folded in, before the advice: what to do stays last. */
function pageOf(waited: Outcome, summary: string, bumped: readonly Bumped[]): string {
  const paragraphs = waited.page.trimEnd().split('\n\n');
  const advice = waited.hint === undefined ? [] : paragraphs.splice(-1);
  const changed = [
    `<details><summary>${titleOf(bumped)}</summary>`,
    ...(bumped.every(isDone) ? [escapeMarkdown(summary)] : []),
    ...bumped.map(({ applied }) => planPage(applied.plan)),
    '</details>',
  ];
  return `${[...paragraphs, ...changed, ...advice].join('\n\n')}\n`;
}

const isDone = ({ applied }: Bumped): boolean =>
  applied.type === 'committed' || applied.plan.decision.type === 'nothing';

function titleOf(bumped: readonly Bumped[]): string {
  if (bumped.some(({ applied }) => applied.type === 'committed')) return 'What was changed';
  return bumped.every(isDone) ? 'Nothing was changed' : 'What would be changed: nothing was written';
}
