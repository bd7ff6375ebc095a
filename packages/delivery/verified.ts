import { partlyRead, waitOutcome } from '@sluice/argocd/outcome';
import { patient } from '@sluice/argocd/patient';
import type { ArgoCD } from '@sluice/argocd/port';
import { shortage, watchOptions } from '@sluice/argocd/run';
import { type Selection, selectApplications } from '@sluice/argocd/select';
import { lookBefore, waitForChange } from '@sluice/argocd/wait';
import type { World } from '@sluice/core/run';
import type { Applied } from '@sluice/gitops/bump';
import { appliedChange, bumpOutcome } from '@sluice/gitops/bump-outcome';
import type { Plan } from '@sluice/gitops/bump-plan';
import type { Source } from '@sluice/gitops/bump-source';
import type { DeployInputs } from './inputs.ts';
import { bumpedOutcome, type DeployOutcome, deploySchema, joined } from './outcome.ts';
import type { DeploymentRecord } from './record.ts';

/** A plan that is about to be carried out. */
export interface Applying {
  readonly inputs: DeployInputs;
  readonly world: World;
  readonly source: Extract<Source, { type: 'remote' }>;
  readonly plan: Plan;
  readonly apply: () => Promise<Applied>;
}

/** Finds the applications, applies the plan, waits until it is live; a pull request that is not merged has nothing to wait for. */
export async function applyVerified(
  applying: Applying,
  argocd: ArgoCD,
  record: Pick<DeploymentRecord, 'begin'>,
): Promise<DeployOutcome> {
  const { inputs, world, source, plan } = applying;
  const { target, repository } = source;
  const startedAt = world.clock.now();
  const patiently = patient(argocd, { ...world, timeoutMs: inputs.timeout });
  const selection = await select(applying, patiently, plan);
  const short =
    shortage(selection, inputs.expect, deploySchema) ?? partlyRead(selection.unread, deploySchema);
  if (short !== undefined) return joined(inputs, { type: 'settled', plan }, target, short);
  // Where nothing is left to commit there is no "before", and nothing excuses what is broken now.
  const before = plan.decision.type === 'write' ? await lookBefore(patiently, selection.selected) : new Map();
  const applied = landed(inputs, await applying.apply());
  if (!isOnBranch(applied)) return bumpedOutcome(inputs, applied, target);
  world.log.info(bumpOutcome(inputs, applied, target).summary);
  if (applied.type === 'settled') await record.begin();
  // On a branch that moved, the plan may have come to files that other applications read.
  const isSame = applied.plan.digest === plan.digest;
  const watched = isSame
    ? selection
    : await select(applying, patient(argocd, { ...world, timeoutMs: inputs.timeout }), applied.plan);
  const lost = shortage(watched, inputs.expect, deploySchema);
  if (lost !== undefined) return joined(inputs, applied, target, lost);
  const { selected, unread } = watched;
  const change = appliedChange(applied);
  const applications = await waitForChange({
    ...{ argocd, repository, selected, before, expected: { change }, clock: world.clock, log: world.log },
    ...watchOptions(inputs, world),
    mode: inputs.mode,
  });
  const took = world.clock.now() - startedAt;
  const report = { server: argocd.server, expected: { change }, applications, unread, took };
  return joined(inputs, applied, target, waitOutcome(report, deploySchema));
}

function select({ inputs, source }: Applying, argocd: ArgoCD, plan: Plan): Promise<Selection> {
  const { repository } = source;
  const { change } = plan;
  return selectApplications({
    argocd,
    names: inputs.applications,
    change,
    repository,
    commit: change.base,
  });
}

/**
 * What somebody overwrote at once was committed all the same: who did, and whether that was a newer run of the same deployment,
 * is for the wait to tell.
 */
function landed(inputs: DeployInputs, applied: Applied): Applied {
  if (inputs.commit !== 'direct' || applied.type !== 'refused' || applied.commit === undefined)
    return applied;
  return { type: 'committed', plan: applied.plan, commit: applied.commit };
}

const isOnBranch = (applied: Applied): boolean =>
  applied.type === 'committed' || (applied.type === 'settled' && applied.plan.decision.type === 'nothing');
