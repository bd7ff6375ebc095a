import type { DeploymentHome } from '../deployment.ts';
import { type StatusSeen, supersededBy, supersedingRun } from './standing.ts';

/** All that was said of a Deployment, oldest first: the order of their ids, not of their times, which have no more than seconds. */
export async function readStatuses(home: DeploymentHome, id: number): Promise<readonly StatusSeen[]> {
  const { github, owner, repo } = home;
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  const { data } = await github.request(route, { owner, repo, deployment_id: id, per_page: 100 });
  return data
    .toSorted((a, b) => Number(a.id) - Number(b.id))
    .map(({ state, description }) => ({ state, description: description ?? '' }));
}

/**
 * The newer run that has taken the place of a Deployment before it changed anything; undefined where none has. Asked after `in_progress` was
 * written: whoever cancels writes its word first and then looks for `in_progress`, so that of the two exactly one goes on.
 */
export async function readSuperseder(home: DeploymentHome, id: number): Promise<number | undefined> {
  return supersededBy(await readStatuses(home, id));
}

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
