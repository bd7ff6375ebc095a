import { githubFailure } from '@sluice/core/github';
import { at, list } from '@sluice/core/json';
import type { Home } from './home.ts';

/**
 * The runs that hold a concurrency group of this name, or wait for it. 404: nobody is in it, or this GitHub does not have the API
 * (https://docs.github.com/rest/actions/concurrency-groups).
 */
export async function readGroup({ github, owner, repo }: Home, name: string): Promise<ReadonlySet<number>> {
  const route = 'GET /repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}';
  try {
    const { data } = await github.request(route, { owner, repo, concurrency_group_name: name });
    const ids = list(at(data, 'group_members')).map((one) => at(one, 'run_id'));
    return new Set(ids.filter((id) => typeof id === 'number'));
  } catch (error) {
    if (githubFailure(error)?.status === 404) return new Set();
    throw error;
  }
}
