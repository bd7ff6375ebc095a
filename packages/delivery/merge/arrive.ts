import type { World } from '@sluice/core/run';
import type { Bumped, Part } from '@sluice/gitops/bump/bump-parts';
import type { DeployInputs } from '../inputs.ts';
import { bumpedOutcome, type DeployOutcome } from '../outcome.ts';
import type { DeploymentRecord } from '../record.ts';
import { mergeOutcome } from './merge-outcome.ts';
import type { MergeWait, Merging } from './wait-for-merges.ts';

/** What was applied, once its pull requests were waited for. */
export type Arrived =
  /** Every part is on its branch, at the commit that it names. */
  | { readonly type: 'landed'; readonly bumped: readonly Bumped[] }
  | { readonly type: 'ended'; readonly outcome: DeployOutcome };

/** Waits for the pull requests of what was applied, as far as the inputs ask for it. */
export async function arrive(
  inputs: DeployInputs,
  world: World,
  parts: readonly Part[],
  bumped: readonly Bumped[],
  record: Pick<DeploymentRecord, 'wait' | 'resume'>,
  beforeLook?: MergeWait['beforeLook'],
): Promise<Arrived> {
  if (bumped.every(isOnBranch)) return { type: 'landed', bumped };
  const patience = patienceOf(inputs);
  const waitable = bumped.every((one) => isOnBranch(one) || one.applied.type === 'proposed');
  if (patience === undefined || !waitable) return { type: 'ended', outcome: bumpedOutcome(inputs, bumped) };
  // Late: most runs commit to the branch itself.
  const { waitForMerges } = await import('./wait-for-merges.ts');
  const waiting = { world, waiting: record.wait, ...patience, ...(beforeLook && { beforeLook }) };
  const merging = await waitForMerges(parts, bumped, waiting);
  const ended = mergeOutcome(inputs, merging);
  if (ended !== undefined) return { type: 'ended', outcome: ended };
  await record.resume('The pull requests are merged: waiting until it is live');
  return { type: 'landed', bumped: merging.map(landed) };
}

/** How pull requests are waited for; undefined where they are not. */
export function patienceOf(
  inputs: Pick<DeployInputs, 'verify' | 'mode' | 'merge-timeout' | 'timeout' | 'auto-merge'>,
): Pick<MergeWait, 'timeoutMs' | 'onlyArmed'> | undefined {
  const { verify, mode, timeout, 'merge-timeout': given, 'auto-merge': way } = inputs;
  if (verify === 'committed' || mode === 'event') return undefined;
  if (mode === 'once') return { timeoutMs: 0, onlyArmed: false };
  if (given !== undefined) return { timeoutMs: given, onlyArmed: false };
  if (verify === 'merged') return { timeoutMs: timeout, onlyArmed: false };
  return way === 'false' ? undefined : { timeoutMs: timeout, onlyArmed: true };
}

/** A pull request that is merged is a commit on the branch like any other. */
function landed({ bumped: { target, applied }, end }: Merging): Bumped {
  if (applied.type !== 'proposed' || end?.type !== 'landed') return { target, applied };
  const { plan, pullRequest, notes = [] } = applied;
  const { commit, merged } = end;
  return { target, applied: { type: 'committed', plan, commit, ...(merged && { pullRequest }), notes } };
}

export const isOnBranch = ({ applied }: Bumped): boolean =>
  applied.type === 'committed' || (applied.type === 'settled' && applied.plan.decision.type === 'nothing');
