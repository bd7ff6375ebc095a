import type { DeploymentHome } from '../deployment.ts';
import { type StatusSeen, supersededBy } from './standing.ts';

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
