import { SluiceError } from '@sluice/core/errors';
import type { Repository } from './list-runs.ts';
import { parseRun, type SeenRun } from './runs.ts';

/** A run by its id, where no list holds it: those of a repository with very many runs are of what is not completed. */
export async function readRun({ github, owner, repo }: Repository, id: number): Promise<SeenRun> {
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
  const { data } = await github.request(route, { owner, repo, run_id: id });
  const run = parseRun(data);
  if (run !== undefined) return run;
  const message = `GitHub answered with something that is no run ${id}.`;
  throw new SluiceError('platform', 'unexpected-answer', message);
}
