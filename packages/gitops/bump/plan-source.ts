import type { Log } from '@sluice/core/log';
import { headOf } from '../commit/commit.ts';
import { TRUSTED_MS } from '../commit/commit-race.ts';
import type { MissingPlace } from '../find/edit-plan.ts';
import { workspaceSnapshot } from '../git/workspace.ts';
import type { BumpInputs } from '../inputs.ts';
import { type Plan, planOn } from './bump-plan.ts';
import type { Source } from './bump-source.ts';
import { describeEdits, realEdits } from './subject.ts';

/** Reads the repository, finds the places and decides; writes nothing. */
export async function planBump(inputs: BumpInputs, source: Source, log: Log): Promise<Plan> {
  const plan =
    source.type === 'workspace'
      ? await source.guard(
          await planOn(inputs, source.target, await workspaceSnapshot(source.root, source.git)),
        )
      : await planAt(inputs, source, await headOf(source.repository, source.target, TRUSTED_MS));
  for (const line of describeEdits(realEdits(plan.change.files))) log.info(line);
  for (const sentence of plan.warnings) log.warning(sentence);
  for (const { application, index, places } of plan.sources) {
    if (places === 0)
      log.info(`Application ${application}, source ${index}: no place in what it is made from.`);
  }
  return plan;
}

/** Warns of what is passed over in plans that are carried out: an image or a line that has no place in any of them, a file in one. */
export function warnOfLeftOut(plans: readonly Plan[], log: Log): void {
  for (const image of nowhere(plans)) log.warning(`No place names ${image}: it was left out.`);
  for (const { message } of missingEverywhere(plans)) log.warning(`Left out: ${message}.`);
  for (const { path, reason, message } of plans.flatMap(({ skipped }) => skipped)) {
    // Templates of a chart are no surprise.
    if (reason !== 'template') log.warning(`${path}: ${message}.`);
  }
}

/** The images that none of the plans has a place for. */
export function nowhere(plans: readonly Plan[]): readonly string[] {
  const [first, ...others] = plans;
  if (first === undefined) return [];
  return first.images.flatMap(({ image, status }, index) =>
    [status, ...others.map((plan) => plan.images[index]?.status)].every((one) => one === 'not-found')
      ? [image]
      : [],
  );
}

/** What is missing in every plan: a line of `set` may be of one repository of several. */
export function missingEverywhere(plans: readonly Plan[]): readonly MissingPlace[] {
  const [first, ...others] = plans;
  return (first?.missing ?? []).filter(({ text }) =>
    others.every(({ missing }) => missing.some((one) => one.text === text)),
  );
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
  return source.guard(await planOn(inputs, source.target, await source.repository.snapshot(commit)));
}
