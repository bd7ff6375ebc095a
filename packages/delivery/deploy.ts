import { connectArgoCD } from '@sluice/argocd/login';
import { waitOutcome } from '@sluice/argocd/outcome';
import { shortage, watchOptions } from '@sluice/argocd/run';
import { type Selection, selectApplications } from '@sluice/argocd/select';
import { lookBefore, waitForChange } from '@sluice/argocd/wait';
import type { World } from '@sluice/core/run';
import { type Applied, applyBump, isApproved, planBump } from '@sluice/gitops/bump';
import { appliedChange, bumpOutcome } from '@sluice/gitops/bump-outcome';
import type { Plan } from '@sluice/gitops/bump-plan';
import { openSource, type Source } from '@sluice/gitops/bump-source';
import { isPlanOnly } from './check-inputs.ts';
import type { DeployInputs } from './inputs.ts';
import {
  bumpedOutcome,
  type DeployOutcome,
  deploySchema,
  joined,
  plannedOutcome,
  staleOutcome,
} from './outcome.ts';
import { openRecord, type Record } from './record.ts';

type Remote = Extract<Source, { type: 'remote' }>;

/** One step: plan, commit, wait until it is verified. What would make the wait impossible is found before anything is written. */
export async function deploy(inputs: DeployInputs, world: World): Promise<DeployOutcome> {
  const record = openRecord(inputs, world);
  await using source = await openSource(inputs, world);
  if (source.type !== 'remote') throw new Error('commit: none was refused before');
  const plan = await planBump(inputs, source, world.log);
  if (!['write', 'nothing'].includes(plan.decision.type)) {
    return await ended(record, bumpedOutcome(inputs, { type: 'settled', plan }, source.target));
  }
  if (isPlanOnly(inputs)) {
    const outcome = plannedOutcome(inputs, plan, source.target);
    if (inputs['dry-run'] || inputs.deployment === 'none') return outcome;
    const id = await record.queue(plan, outcome.summary);
    return { ...outcome, outputs: { ...outcome.outputs, 'deployment-id': String(id) } };
  }
  const expected = inputs['expect-plan'];
  if (expected !== '' && !isApproved(plan, expected)) {
    return await ended(record, staleOutcome(inputs, plan, source.target, expected));
  }
  const watched = inputs.verify === 'healthy' && inputs.commit === 'direct';
  return await ended(record, await (watched ? verified : unverified)(inputs, plan, source, world, record));
}

async function ended(record: Record, outcome: DeployOutcome): Promise<DeployOutcome> {
  await record.end(outcome);
  return outcome;
}

function apply(
  inputs: DeployInputs,
  plan: Plan,
  source: Remote,
  world: World,
  record: Record,
): Promise<Applied> {
  const expectPlan = inputs['expect-plan'] === '' ? undefined : inputs['expect-plan'];
  return applyBump(inputs, plan, source, world, { expectPlan, beforeWrite: () => record.begin() });
}

async function unverified(
  inputs: DeployInputs,
  plan: Plan,
  source: Remote,
  world: World,
  record: Record,
): Promise<DeployOutcome> {
  return bumpedOutcome(inputs, await apply(inputs, plan, source, world, record), source.target);
}

async function verified(
  inputs: DeployInputs,
  plan: Plan,
  source: Remote,
  world: World,
  record: Record,
): Promise<DeployOutcome> {
  const startedAt = world.clock.now();
  const argocd = await connectArgoCD(inputs, world);
  const { repository } = source;
  const { base } = plan.change;
  const selection: Selection = await selectApplications({
    argocd,
    names: inputs.applications,
    change: plan.change,
    repository,
    commit: base,
  });
  const short = shortage(selection, inputs.expect, deploySchema);
  if (short !== undefined) return joined(inputs, { type: 'settled', plan }, source.target, short);
  const { selected } = selection;
  // Where nothing is left to commit there is no "before", and nothing excuses what is broken now.
  const before = plan.decision.type === 'write' ? await lookBefore(argocd, selected) : new Map();
  const applied = landed(await apply(inputs, plan, source, world, record));
  const isThere =
    applied.type === 'committed' || (applied.type === 'settled' && applied.plan.decision.type === 'nothing');
  if (!isThere) return bumpedOutcome(inputs, applied, source.target);
  world.log.info(bumpOutcome(inputs, applied, source.target).summary);
  if (applied.type === 'settled') await record.begin();
  const change = appliedChange(applied);
  const applications = await waitForChange({
    ...{ argocd, repository, selected, before, expected: { change }, clock: world.clock, log: world.log },
    ...watchOptions(inputs, world),
    mode: inputs.mode,
  });
  const took = world.clock.now() - startedAt;
  const waited = waitOutcome(
    { server: argocd.server, expected: { change }, applications, took },
    deploySchema,
  );
  return joined(inputs, applied, source.target, waited);
}

/**
 * What somebody overwrote at once was committed all the same: who did, and whether that was a newer run of the same deployment,
 * is for the wait to tell.
 */
function landed(applied: Applied): Applied {
  if (applied.type !== 'refused' || applied.commit === undefined) return applied;
  return { type: 'committed', plan: applied.plan, commit: applied.commit };
}
