import { SluiceError } from '@sluice/core/errors';
import { reportDeployment } from '../deployment.ts';
import type { Ended, Fate } from './fate.ts';
import type { Home } from './home.ts';
import type { Cancelling } from './plan.ts';
import { type Standing, standingOf, supersededText } from './standing.ts';
import type { TracedDeployment } from './traced-deployments.ts';

export interface Claimed {
  /** Of which nothing can begin any more: they may be cancelled. */
  readonly won: readonly Cancelling[];
  readonly lost: readonly Ended[];
}

/**
 * The newer run's side of the race for who is first; the older one's is `handshake.ts`, and how the statuses are read `standing.ts`.
 *
 * Says on the Deployments of runs that they are superseded, before any of them is cancelled, and looks who was first: a run that deploys
 * says `in_progress` and then reads whether it was superseded before. So whoever wrote first has won, and nothing that has begun is cancelled.
 */
export async function claim(
  home: Home,
  items: readonly Cancelling[],
  cause: string,
  readAgain: () => Promise<readonly TracedDeployment[]>,
): Promise<Claimed> {
  const told: Cancelling[] = [];
  const lost: Ended[] = [];
  for (const item of items) {
    const error = await tell(home, item, cause);
    if (error === undefined) told.push(item);
    else lost.push({ item, fate: { type: 'not-recorded', why: error.message, code: error.code } });
  }
  const won: Cancelling[] = [];
  let now: readonly TracedDeployment[];
  try {
    now = await readAgain();
  } catch (error) {
    if (!(error instanceof SluiceError) || home.world.signal.aborted) throw error;
    const { code } = error;
    const why = `Whether it had begun could not be read: ${error.message}`;
    return {
      won,
      lost: [...lost, ...told.map((item) => ({ item, fate: { type: 'not-recorded', why, code } as const }))],
    };
  }
  for (const item of told) {
    const fate = lostBy(item, now);
    if (fate === undefined) won.push(item);
    else lost.push({ item, fate });
  }
  return { won, lost };
}

const UNSEEN =
  'Its Deployment does not say yet that it is superseded, and nobody knows which of the two was first.';

/**
 * Why a run is not to be cancelled; undefined where nothing of it has begun. What waits for a merge began long ago, and must wait for it
 * still. A run may have made another Deployment meanwhile, which nobody has told.
 */
function lostBy({ run, why, deployments }: Cancelling, now: readonly TracedDeployment[]): Fate | undefined {
  const ids = new Set(deployments.map(({ id }) => id));
  const standings = now.filter(({ id }) => ids.has(id)).map(({ statuses }) => standingOf(statuses));
  if (standings.length < ids.size || standings.includes('queued'))
    return { type: 'not-recorded', why: UNSEEN };
  const isStill = (one: Standing) => one === 'superseded' || (one === 'merge' && why === 'awaited-merge');
  const others = now.filter((one) => one.run === run.id && !ids.has(one.id));
  const areOver = others.every(({ statuses }) => OVER.includes(standingOf(statuses)));
  return standings.every(isStill) && areOver ? undefined : { type: 'began-first' };
}
const OVER: readonly Standing[] = ['succeeded', 'ended'];

/** Undefined when all of them say so, else why not. */
async function tell(
  home: Home,
  { run, by, deployments }: Cancelling,
  cause: string,
): Promise<SluiceError | undefined> {
  if (by === undefined) return undefined;
  const { world } = home;
  const text = supersededText(by, cause);
  try {
    for (const { id, statuses } of deployments) {
      if (standingOf(statuses) === 'superseded') continue;
      await reportDeployment({ ...home, logUrl: home.urlOf(by) }, id, 'inactive', text);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof SluiceError) || world.signal.aborted) throw error;
    world.log.debug(`The Deployment of run ${run.id} could not be marked as superseded: ${error.message}`);
    return error;
  }
}
