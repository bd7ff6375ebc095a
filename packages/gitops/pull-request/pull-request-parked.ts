import { SluiceError } from '@sluice/core/errors';
import { namesOf, type SeenPull } from './pull-request-api.ts';
import type { Addition } from './pull-request-step.ts';

/**
 * Workflow runs of a commit that wait until somebody approves them, as all do that a pull request of github-actions[bot]
 * starts. Looked for once: GitHub may make them a moment later. Needs `actions: read`; without it nothing is said.
 */
export async function parkedRuns(
  {
    ports,
    repository,
    pull,
  }: {
    readonly ports: Pick<Addition['ports'], 'github' | 'log' | 'signal'>;
    readonly repository: string;
    readonly pull: Pick<SeenPull, 'author'>;
  },
  head: string,
): Promise<readonly string[]> {
  if (pull.author !== 'github-actions[bot]') return [];
  try {
    const { data } = await ports.github.request('GET /repos/{owner}/{repo}/actions/runs', {
      ...namesOf(repository),
      ...{ head_sha: head, per_page: 100 },
    });
    const names = data.workflow_runs
      .filter(({ status, conclusion }) => [status, conclusion].includes('action_required'))
      .map(({ name, path }) => name ?? path);
    if (names.length === 0) return [];
    const runs = names.length === 1 ? '1 workflow run' : `${names.length} workflow runs`;
    const wait = names.length === 1 ? 'waits' : 'wait';
    return [
      `${runs} of the pull request ${wait} for approval: ${[...new Set(names)].join(', ')}. Approve on its page; or log in with \`app-id\` and \`app-private-key\`: the pull requests of an App start their checks.`,
    ];
  } catch (error) {
    ports.signal?.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    ports.log.debug(`Runs that wait for approval were not looked for: ${error.message}`);
    return [];
  }
}
