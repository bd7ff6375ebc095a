import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Log } from '@sluice/core/log';
import { reportDeployment } from '../deployment.ts';
import { type DeploymentState, deploymentState } from '../deployment-state.ts';
import { isFirstSuccess, lastState, retirePredecessors } from '../predecessors.ts';
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
  const finding = asOfNow(deployment, found, settling);
  const state = stateOf(finding);
  if (state === undefined || settling.isDry) return { deployment, finding };
  // Another run may have been woken at the same time, or a person may have ended it.
  if ((await lastState(home, id)) !== 'in_progress') return { deployment, finding };
  const status = await reportDeployment(home, id, state, finding.summary);
  if (state !== 'success') return { deployment, finding, state };
  const notes = [
    await unlessRefused(`The Deployments before ${id} could not be set to inactive`, settling, () =>
      retirePredecessors(home, key, id),
    ),
    settling.next && (await startNextOnce(deployment, status, settling)),
  ].filter((note) => note);
  return { deployment, finding, state, ...(notes.length > 0 && { note: notes.join(' ') }) };
}

/** What stands on the Deployment stands whatever comes after it: a failure is a warning, and the sentence is given back. */
async function unlessRefused(what: string, { log }: Settling, act: () => Promise<unknown>) {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'cancelled') throw error;
    const sentence = `${what}: ${error.message}`;
    log.warning(sentence);
    return sentence;
  }
}

/** Two runs may have seen the same at the same time, and each have said so: the one whose word came first goes on. */
async function startNextOnce(deployment: OpenDeployment, status: number, settling: Settling) {
  const { home, id } = deployment;
  let first = true;
  const note = await unlessRefused(`${settling.next} was not started`, settling, async () => {
    first = await isFirstSuccess(home, id, status);
  });
  if (note !== undefined || !first) return note;
  return startNext(deployment, settling.next, settling.log);
}

/** Somebody's word that counts for nothing ends nothing; `timed-out` tells of the time of this look alone, `rolling-out` of one that goes on, and `pending` of what others have to do. */
const isTold = ({ verdict }: Finding): boolean =>
  !['refused', 'timed-out', 'unknown', 'rolling-out', 'pending'].includes(verdict);

/** A sync that a person has to ask for may come a minute after this look: it counts as not live yet, until nobody is waited for any more. */
function lacksSyncOnly({ reason, waited }: Finding): boolean {
  const ended = waited?.result.applications.filter(({ verdict }) => ENDED.has(verdict)) ?? [];
  return reason === 'needs-sync' && ended.every((one) => one.reason === 'needs-sync');
}

const ENDED: ReadonlySet<string> = new Set(['failed', 'drifted', 'not-effective']);

/** What was found, and how long that may stay so. */
function asOfNow({ since }: OpenDeployment, found: Finding, { clock, giveUpAfter }: Settling): Finding {
  const age = clock.now() - since;
  const isOld = giveUpAfter !== undefined && age >= giveUpAfter;
  if (lacksSyncOnly(found)) return isOld ? found : { ...found, verdict: 'timed-out' };
  // Nobody knows how long a review takes, and nothing is wrong meanwhile.
  if (isTold(found) || found.verdict === 'pending' || !isOld) return found;
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
