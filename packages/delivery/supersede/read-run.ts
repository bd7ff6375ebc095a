import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import type { Repository } from './list-runs.ts';
import { parseRun, type SeenRun } from './runs.ts';

/** A run by its id, where no list holds it: those of a repository with very many runs are of what is not completed. Undefined: it was deleted. */
export async function readRun({ github, owner, repo }: Repository, id: number): Promise<SeenRun | undefined> {
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
  try {
    const { data } = await github.request(route, { owner, repo, run_id: id });
    const run = parseRun(data);
    if (run !== undefined) return run;
  } catch (error) {
    if (githubFailure(error)?.status === 404) return undefined;
    throw error;
  }
  const message = `GitHub answered with something that is no run ${id}.`;
  throw new SluiceError('platform', 'unexpected-answer', message);
}
