import type { RunnerContext } from '@sluice/core/context';
import { escapeMarkdown } from '@sluice/core/summary';
import { bumpDetails } from '@sluice/gitops/bump/bump-result';
import type { DeployInputs } from './inputs.ts';
import { type DeployOutcome, deploySchema, emptyDeployOutputs } from './outcome.ts';
import { supersededText } from './supersede/standing.ts';

/** The outcome of a run whose place a newer one took before it changed anything. */
export function gaveWayOutcome(
  inputs: Pick<DeployInputs, 'deployment-id'>,
  run: number,
  { serverUrl, repository }: Pick<RunnerContext, 'serverUrl' | 'repository'>,
): DeployOutcome {
  const summary = supersededText(run, 'nothing was changed.');
  const link = `[Run ${run}](${serverUrl}/${repository}/actions/runs/${run})`;
  const what = 'deploys the same project, environment and tenant, and is newer.';
  const hint = 'To deploy this one all the same, run all its jobs again when that one has ended.';
  return {
    ...{ verdict: 'superseded', ok: 'unknown', reason: 'gave-way', summary, hint },
    result: { schema: deploySchema, ...bumpDetails([]) },
    outputs: { ...emptyDeployOutputs, 'deployment-id': String(inputs['deployment-id'] ?? '') },
    page: `**${escapeMarkdown(summary)}**\n\n${link} ${what}\n\n${hint}\n`,
  };
}
