import { SluiceError } from '@sluice/core/errors';
import { reportDeployment } from '../deployment.ts';
import type { Ended } from './fate.ts';
import type { Home } from './home.ts';
import type { Cancelling } from './plan.ts';
import type { TracedDeployment } from './plan-deployments.ts';
import { standingOf, supersededText } from './standing.ts';

export interface Claimed {
  /** Of which nothing can begin any more: they may be cancelled. */
  readonly won: readonly Cancelling[];
  readonly lost: readonly Ended[];
}

/**
 * Says on the Deployments of runs that they are superseded, before any of them is cancelled, and looks who was first: a run that deploys
 * says `in_progress` and then reads whether it was superseded before. So whoever wrote first has won, and nothing that has begun is cancelled.
 */
export async function claim(
  home: Home,
  items: readonly Cancelling[],
  by: number,
  readAgain: () => Promise<readonly TracedDeployment[]>,
): Promise<Claimed> {
  const told: Cancelling[] = [];
  const lost: Ended[] = [];
  for (const item of items) {
    const why = await tell(home, item, by);
    if (why === undefined) told.push(item);
    else lost.push({ item, fate: { type: 'not-recorded', why } });
  }
  if (!told.some(({ deployments }) => deployments.length > 0)) return { won: told, lost };
  const now = new Map((await readAgain()).map((one) => [one.id, one]));
  const won = told.filter((item) => item.deployments.every(({ id }) => isStill(item, now.get(id))));
  const began = told.filter((item) => !won.includes(item));
  return { won, lost: [...lost, ...began.map((item): Ended => ({ item, fate: { type: 'began-first' } }))] };
}

/** Whether nothing has begun. What waits for a merge began long ago, and must wait for it still. */
function isStill({ why }: Cancelling, now: TracedDeployment | undefined): boolean {
  const standing = now && standingOf(now.statuses);
  return standing === 'superseded' || (standing === 'merge' && why === 'awaited-merge');
}

/** Undefined when all of them were told, else why not. */
async function tell(home: Home, { run, deployments }: Cancelling, by: number): Promise<string | undefined> {
  const { world } = home;
  const text = supersededText(by, 'a newer deployment of the same project, environment and tenant.');
  try {
    for (const { id, statuses } of deployments) {
      if (standingOf(statuses) === 'superseded') continue;
      await reportDeployment({ ...home, logUrl: home.urlOf(by) }, id, 'inactive', text);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof SluiceError) || world.signal.aborted) throw error;
    world.log.warning(
      `Run ${run.id} was not cancelled, for its Deployment could not be told: ${error.message}`,
    );
    return error.message;
  }
}
