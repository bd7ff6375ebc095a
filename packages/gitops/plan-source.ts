import type { Log } from '@sluice/core/log';
import { type Decision, isReady, type Plan, planOn } from './bump-plan.ts';
import type { Source } from './bump-source.ts';
import { headOf } from './commit.ts';
import { describeEdits, realEdits } from './subject.ts';
import type { BumpInputs } from './inputs.ts';
import { workspaceSnapshot } from './workspace.ts';

/** Reads the repository, finds the places and decides; writes nothing. Warns of what `on-no-match: warn` passes over. */
export async function planBump(inputs: BumpInputs, source: Source, log: Log): Promise<Plan> {
  const plan =
    source.type === 'workspace'
      ? await planOn(inputs, source.target, await workspaceSnapshot(source.root, source.git))
      : await planAt(inputs, source, await headOf(source.repository, source.target));
  const edits = realEdits(plan.change.files);
  for (const line of describeEdits(edits)) log.info(line);
  if (isReady(plan)) {
    for (const { image, status } of plan.images) {
      if (status === 'not-found') log.warning(`No place names ${image}: it was left out.`);
    }
    for (const { message } of plan.missing) log.warning(`Left out: ${message}.`);
    // Templates of a chart are no surprise.
    for (const { path, reason, message } of plan.skipped) {
      if (reason !== 'template') log.warning(`${path} was left out: ${message}.`);
    }
  }
  return plan;
}

/**
 * Whether a plan is the approved one. Its digest tells; but where every place holds its value already, as in a second run
 * of the same job, nothing is left that anyone would have to approve.
 */
export function isApproved(plan: Plan, expected: string): boolean {
  return plan.digest === expected || plan.decision.type === 'nothing';
}

/** The plan on one commit of the repository. */
export async function planAt(
  inputs: BumpInputs,
  source: Extract<Source, { type: 'remote' }>,
  commit: string,
): Promise<Plan> {
  const plan = await planOn(inputs, source.target, await source.repository.snapshot(commit));
  const executable = plan.files.find((file) => plan.executable.has(file.path) && file.before !== file.after);
  if (plan.decision.type !== 'write' || executable === undefined) return plan;
  const decision: Decision = {
    type: 'refused',
    reason: 'file-mode',
    why: `${executable.path} is executable (mode 100755), and GitHub's API would take that away`,
    hint: 'Make it a plain file (git update-index --chmod=-x), or edit the workspace with `commit: none` and push.',
  };
  return { ...plan, decision };
}
