import { SluiceError } from '@sluice/core/errors';
import type { DeploymentHome } from '../deployment.ts';
import { type StatusSeen, supersededBy, supersedingRun } from './standing.ts';

/** All that was said of a Deployment, oldest first: the order of their ids, not of their times, which have no more than seconds. */
export async function readStatuses(home: DeploymentHome, id: number): Promise<readonly ListedStatus[]> {
  const { github, owner, repo } = home;
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  const { data } = await github.request(route, { owner, repo, deployment_id: id, per_page: 100 });
  return data
    .toSorted((a, b) => Number(a.id) - Number(b.id))
    .map((one) => ({ id: Number(one.id), state: one.state, description: one.description ?? '' }));
}

interface ListedStatus extends StatusSeen {
  readonly id: number;
}

/** How often a list is asked for that does not hold yet what was written before, a second between two. */
const MOST_LOOKS = 4;
const PAUSE_MS = 1000;

/**
 * The older run's side of the race for who is first; the newer one's is `claim.ts`, and how the statuses are read `standing.ts`.
 *
 * The newer run that has taken the place of a Deployment before it changed anything; undefined where none has. Asked after `in_progress` was
 * written, as the status `begun`: whoever cancels writes its word first and then looks for `in_progress`, so that of the two exactly one goes
 * on. A list without `begun` is an old one, and may lack that word as well: it is asked for again, and in the end it throws.
 */
export async function readSuperseder(
  home: DeploymentHome,
  id: number,
  begun: number,
  pause: (ms: number) => Promise<void>,
): Promise<number | undefined> {
  for (let look = 1; ; look++) {
    const statuses = await readStatuses(home, id);
    const newer = supersededBy(statuses);
    if (newer !== undefined || statuses.some((status) => status.id === begun)) return newer;
    if (look === MOST_LOOKS) throw oldList(id);
    await pause(PAUSE_MS);
  }
}

const oldList = (id: number): SluiceError =>
  new SluiceError(
    'platform',
    'unexpected-answer',
    `GitHub does not list what was just written on Deployment ${id}: nobody knows whether a newer run has taken its place.`,
    { hint: 'Run the job again.' },
  );

/**
 * Whether a run is cancelled because it gives way: before it has begun, or while it waits for a merge, and with that word as the last of
 * its Deployment. Of one that has begun, and was told too late, that word says nothing.
 */
export async function gaveWayTo(
  home: DeploymentHome,
  id: number,
  begun: boolean,
  waits: boolean,
): Promise<boolean> {
  if (begun && !waits) return false;
  const statuses = await readStatuses(home, id);
  const last = statuses.at(-1);
  return (
    supersededBy(statuses) !== undefined ||
    (waits && last !== undefined && supersedingRun(last) !== undefined)
  );
}
