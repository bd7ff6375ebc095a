import { type DeploymentHome, type DeploymentKey, isOfKey, reportDeployment, taskOf } from './deployment.ts';

/** How many of the key are looked at, one request each: a job's token has 1,000 requests an hour for the whole repository. */
const MOST_LOOKS = 20;
/** Of 100 Deployments: the tenants of a project share task and environment, so their keys lie between each other. */
const MOST_PAGES = 10;

/**
 * Sets our predecessors of the same key `inactive`: the Deployments before `id` whose last status is `success`. Gives back their ids.
 *
 * It does not stop at the first `inactive` one: a superseded deployment is inactive and has retired nobody, and an older run may
 * have ended after a newer one. What escapes the bounds would have had to be missed by twenty deployments before.
 * A Deployment after `id` is never touched: it is newer, however late this run ends.
 */
export async function retirePredecessors(
  home: DeploymentHome,
  key: DeploymentKey,
  id: number,
): Promise<readonly number[]> {
  const retired: number[] = [];
  for (const one of await predecessors(home, key, id)) {
    if ((await lastState(home, one)) !== 'success') continue;
    await reportDeployment(home, one, 'inactive', `Replaced by deployment ${id}`);
    retired.push(one);
  }
  return retired;
}

/** The newest Deployments of the key before `id`, newest first. */
async function predecessors(
  home: DeploymentHome,
  key: DeploymentKey,
  id: number,
): Promise<readonly number[]> {
  const { github, owner, repo } = home;
  const about = { owner, repo, task: taskOf(key), environment: key.environment, per_page: 100 };
  const found: number[] = [];
  for (let page = 1; page <= MOST_PAGES && found.length < MOST_LOOKS; page++) {
    const { data } = await github.request('GET /repos/{owner}/{repo}/deployments', { ...about, page });
    const ours = data.filter(({ payload }) => isOfKey(payload, key)).map((one) => Number(one.id));
    found.push(...ours.filter((one) => one < id));
    if (data.length < about.per_page) break;
  }
  return found.toSorted((a, b) => b - a).slice(0, MOST_LOOKS);
}

/** Whether this status is the first `success` since the Deployment last was `in_progress`. */
export async function isFirstSuccess(home: DeploymentHome, id: number, status: number): Promise<boolean> {
  const { github, owner, repo } = home;
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  const { data } = await github.request(route, { owner, repo, deployment_id: id, per_page: 100 });
  const before = data
    .filter((one) => Number(one.id) < status)
    .toSorted((a, b) => Number(b.id) - Number(a.id));
  const begun = before.findIndex(({ state }) => state === 'in_progress');
  return !before.slice(0, begun === -1 ? undefined : begun).some(({ state }) => state === 'success');
}

/** Its last state, undefined where it has none. GitHub lists the statuses of a Deployment newest first. */
export async function lastState(home: DeploymentHome, id: number): Promise<string | undefined> {
  const { github, owner, repo } = home;
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  const { data } = await github.request(route, { owner, repo, deployment_id: id, per_page: 1 });
  return data[0]?.state;
}
