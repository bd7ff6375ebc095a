import { connectLister } from '@sluice/argocd/api/application-list';
import { idleSyncInputs } from '@sluice/argocd/inputs';
import { connectServers } from '@sluice/argocd/login/login';
import type { World } from '@sluice/core/run';
import {
  allReady,
  applyParts,
  areApproved,
  notBegun,
  type Part,
  planParts,
} from '@sluice/gitops/bump/bump-parts';
import { openSources } from '@sluice/gitops/bump/sources';
import { resolveImages } from '@sluice/gitops/images/resolve-images';
import { withComment, withRendered } from '@sluice/gitops/preview/preview';
import { isPlanOnly, isWatched, looksOnly } from './check-inputs.ts';
import { closeDeployment } from './close.ts';
import { gaveWayOutcome } from './gave-way.ts';
import type { DeployInputs } from './inputs.ts';
import { arrive } from './merge/arrive.ts';
import {
  awaitingOutcome,
  bumpedOutcome,
  type DeployOutcome,
  mergedOutcome,
  plannedOutcome,
  staleOutcome,
} from './outcome.ts';
import { type DeploymentRecord, openRecord } from './record.ts';
import type { Applying } from './verified.ts';

/**
 * One step: plan, commit, wait until it is verified. What would make the wait impossible is found before anything is written.
 * The Deployment of the run follows it to the end, also to an error.
 */
export async function deploy(inputs: DeployInputs, world: World): Promise<DeployOutcome> {
  if (inputs.deployment === 'close') return closeDeployment(inputs, world);
  if (looksOnly(inputs)) {
    const { verifyDeployments } = await import('./event/verify-deployments.ts');
    return verifyDeployments(inputs, world);
  }
  const record = await openRecord(inputs, world);
  let outcome: DeployOutcome;
  try {
    outcome = await planAndApply(await resolveImages(inputs, world), world, record);
  } catch (error) {
    const newer = record.supersededBy();
    if (newer === undefined) throw await record.fail(error);
    outcome = gaveWayOutcome(inputs, newer, world.context);
  }
  return withComment(inputs, await record.end(outcome), world);
}

async function planAndApply(
  inputs: DeployInputs,
  world: World,
  record: DeploymentRecord,
): Promise<DeployOutcome> {
  // Asks nothing yet; but a certificate that is none must be found before anything else is asked.
  const servers = isWatched(inputs) ? await connectServers(inputs, world) : undefined;
  if (servers !== undefined) for (const warning of idleSyncInputs(inputs)) world.log.warning(warning);
  const applications = () => connectLister(inputs, world);
  await using opened = await openSources(inputs, world, { applications });
  if (opened.type === 'none') return bumpedOutcome(inputs, notBegun([opened.planned]));
  const plannedParts = await planParts(inputs, opened.sources, world.log);
  if (!allReady(plannedParts)) return bumpedOutcome(inputs, notBegun(plannedParts));
  const parts = await withRendered(inputs, plannedParts, world, isPlanOnly(inputs));
  const expected = inputs['expect-plan'];
  if (expected !== '' && !areApproved(parts, expected)) return staleOutcome(inputs, parts, expected);
  if (isPlanOnly(inputs)) return queued(inputs, record, parts, plannedOutcome(inputs, parts));
  const options = {
    expectPlan: expected === '' ? undefined : expected,
    beforeWrite: () => record.begin(),
  };
  const applying: Applying = {
    ...{ inputs, world, parts },
    apply: () => applyParts(parts, world, options),
  };
  if (servers === undefined) return await unverified(applying, record);
  // Late: a plan does without.
  const { applyVerified } = await import('./verified.ts');
  return await applyVerified(applying, servers, record);
}

/** Where Argo CD is not looked at: the commit is enough, or that the pull requests are merged; or another run looks. */
async function unverified(
  { inputs, world, parts, apply }: Applying,
  record: DeploymentRecord,
): Promise<DeployOutcome> {
  const bumped = await apply();
  if (inputs.mode === 'event') return awaitingOutcome(inputs, bumped);
  if (inputs.verify !== 'merged') return bumpedOutcome(inputs, bumped);
  const arrived = await arrive(inputs, world, parts, bumped, record);
  return arrived.type === 'ended' ? arrived.outcome : mergedOutcome(inputs, arrived.bumped);
}

/** With `deployment: queue` the plan is put on record; a dry run writes nothing anywhere. */
async function queued(
  inputs: DeployInputs,
  record: DeploymentRecord,
  parts: readonly Part[],
  outcome: DeployOutcome,
): Promise<DeployOutcome> {
  if (inputs['dry-run'] || inputs.deployment === 'none') return outcome;
  const id = await record.queue(parts, outcome.summary.replace(/^Dry run: /, 'Planned: '));
  return { ...outcome, outputs: { ...outcome.outputs, 'deployment-id': String(id) } };
}
