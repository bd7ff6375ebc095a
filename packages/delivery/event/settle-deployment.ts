import type { Clock } from '@sluice/core/clock';
import type { Log } from '@sluice/core/log';
import { reportDeployment } from '../deployment.ts';
import { type DeploymentState, deploymentState } from '../deployment-state.ts';
import { lastState, retirePredecessors } from '../predecessors.ts';
import type { Finding, Verified } from './finding.ts';
import { startNext } from './next-step.ts';
import type { OpenDeployment } from './open-deployments.ts';

/** What a look may end, and when. */
export interface Settling {
  readonly clock: Clock;
  /** Undefined where a later look decides; else the age, in milliseconds, at which what cannot be told becomes an error. */
  readonly giveUpAfter: number | undefined;
  /** The workflow that a success starts; empty: none. */
  readonly next: string;
  /** Nothing is written, and nothing is started. */
  readonly isDry: boolean;
  readonly log: Log;
}

/** Puts on a Deployment what was found of it. What cannot be told yet leaves it as it is, for the next notification or the sweep. */
export async function settleDeployment(
  deployment: OpenDeployment,
  found: Finding,
  settling: Settling,
): Promise<Verified> {
  const { home, id, key } = deployment;
  const finding = isTold(found) ? found : aged(deployment, found, settling);
  const state = stateOf(finding);
  if (state === undefined || settling.isDry) return { deployment, finding };
  // Another run may have been woken at the same time, or a person may have ended it.
  if ((await lastState(home, id)) !== 'in_progress') return { deployment, finding };
  await reportDeployment(home, id, state, finding.summary);
  if (state !== 'success') return { deployment, finding, state };
  await retirePredecessors(home, key, id);
  const note = settling.next && (await startNext(deployment, settling.next, settling.log));
  return { deployment, finding, state, ...(note && { note }) };
}

/** Somebody's word that counts for nothing ends nothing; `timed-out` tells of the time of this look alone, `rolling-out` of one that goes on, and `pending` of what others have to do. */
const isTold = ({ verdict }: Finding): boolean =>
  !['refused', 'timed-out', 'unknown', 'rolling-out', 'pending'].includes(verdict);

function aged({ since }: OpenDeployment, found: Finding, { clock, giveUpAfter }: Settling): Finding {
  const age = clock.now() - since;
  if (giveUpAfter === undefined || age < giveUpAfter) return found;
  const hours = Math.floor(age / 3_600_000);
  return {
    ...found,
    ...{ verdict: 'unknown', ok: 'unknown', reason: 'gave-up' },
    summary: `It could not be told for ${hours} hours. ${found.summary}`,
  };
}

function stateOf(finding: Finding): DeploymentState | undefined {
  if (finding.reason === 'gave-up') return 'error';
  return isTold(finding) ? deploymentState(finding.verdict) : undefined;
}
