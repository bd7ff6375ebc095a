import { partlyRead, waitOutcome } from '@sluice/argocd/outcome';
import { patient } from '@sluice/argocd/patient';
import type { ArgoCD } from '@sluice/argocd/port';
import { shortage, watchOptions } from '@sluice/argocd/run';
import { type Selection, selectApplications, together } from '@sluice/argocd/select';
import { lookBefore, waitForChange } from '@sluice/argocd/wait';
import type { World } from '@sluice/core/run';
import { appliedChange, bumpOutcome } from '@sluice/gitops/bump-outcome';
import type { Plan } from '@sluice/gitops/bump-plan';
import type { Source } from '@sluice/gitops/bump-source';
import type { Applied } from '@sluice/gitops/carry-out';
import type { Change } from '@sluice/gitops/change';
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
  const selection = await select(applying, patiently, plan.change, plan.change.base);
  const telling = {
    schema: deploySchema,
    not: plan.decision.type === 'write' ? 'deployed' : 'verified',
  } as const;
  const short = shortage(selection, inputs.expect, telling) ?? partlyRead(selection.unread, telling);
  if (short !== undefined) return joined(inputs, { type: 'settled', plan }, target, short);
  // Where nothing is left to commit there is no "before", and nothing excuses what is broken now.
  const before = plan.decision.type === 'write' ? await lookBefore(patiently, selection.selected) : new Map();
  const applied = landed(inputs, await applying.apply());
  if (!isOnBranch(applied)) return bumpedOutcome(inputs, applied, target);
  world.log.info(bumpOutcome(inputs, applied, target).summary);
  if (applied.type === 'settled') await record.begin();
  const landedAt = world.clock.now();
  const change = appliedChange(applied);
  const watched = await selectAgain(applying, argocd, selection, applied);
  const lost = shortage(watched, inputs.expect, { ...telling, not: 'verified' });
  if (lost !== undefined) return joined(inputs, applied, target, lost);
  const { selected, unread } = watched;
  const applications = await waitForChange({
    ...{ argocd, repository, selected, before, expected: { change }, clock: world.clock, log: world.log },
    ...watchOptions(inputs, world),
    timeoutMs: Math.max(landedAt + inputs.timeout - world.clock.now(), 0),
    mode: inputs.mode,
  });
  const took = world.clock.now() - startedAt;
  const report = { server: argocd.server, expected: { change }, applications, unread, took };
  return joined(inputs, applied, target, waitOutcome(report, deploySchema));
}

/**
 * What the change touches now that it is committed: an application may have appeared since the first look, and on a branch that
 * moved the plan may have come to files that others read.
 */
async function selectAgain(
  applying: Applying,
  argocd: ArgoCD,
  first: Selection,
  applied: Applied,
): Promise<Selection> {
  const isSame = applied.plan.digest === applying.plan.digest;
  // Nothing lies between this look and the first where nothing was committed.
  if (isSame && applied.type === 'settled') return first;
  const { inputs, world } = applying;
  const patiently = patient(argocd, { ...world, timeoutMs: inputs.timeout });
  const change = appliedChange(applied);
  const now = await select(applying, patiently, change, change.commit);
  return isSame ? together(first, now) : now;
}

function select(
  { inputs, source: { repository } }: Applying,
  argocd: ArgoCD,
  change: Change,
  commit: string,
): Promise<Selection> {
  return selectApplications({ argocd, names: inputs.applications, change, repository, commit });
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
