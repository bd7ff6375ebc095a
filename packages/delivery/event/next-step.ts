import { SluiceError } from '@sluice/core/errors';
import type { Log } from '@sluice/core/log';
import type { OpenDeployment } from './open-deployments.ts';

/**
 * Starts the next step of a pipeline for a change that is live. By `workflow_dispatch`: of what a GITHUB_TOKEN does, a status of a
 * Deployment too, nothing else starts a run
 * (https://docs.github.com/actions/using-workflows/triggering-a-workflow#triggering-a-workflow-from-a-workflow).
 * The verdict stands whatever becomes of it: a failure is a warning, and the sentence is given back.
 */
export async function startNext(
  { home, id }: OpenDeployment,
  workflow: string,
  log: Log,
): Promise<string | undefined> {
  const { github, owner, repo } = home;
  try {
    const { data } = await github.request('GET /repos/{owner}/{repo}', { owner, repo });
    await github.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
      ...{ owner, repo, workflow_id: workflow, ref: data.default_branch },
      inputs: { 'deployment-id': String(id) },
    });
    log.info(`Started ${workflow} of ${owner}/${repo} for Deployment ${id}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'cancelled') throw error;
    const sentence = `${workflow} of ${owner}/${repo} was not started: ${error.message}`;
    log.warning(sentence);
    return sentence;
  }
}
