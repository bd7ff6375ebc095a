import type { World } from '@sluice/core/run';
import { escapeMarkdown } from '@sluice/core/summary';
import { bumpDetails } from '@sluice/gitops/bump/bump-result';
import { checkDeployment, reportDeployment } from './deployment.ts';
import type { DeploymentState } from './deployment-state.ts';
import { gaveWayOutcome } from './gave-way.ts';
import type { DeployInputs } from './inputs.ts';
import { type DeployOutcome, deploySchema, emptyDeployOutputs } from './outcome.ts';
import { homeOf, keyOf } from './record.ts';
import { readStatuses } from './supersede/handshake.ts';
import { lastOwn, supersededBy } from './supersede/standing.ts';

type Ending = Pick<DeployOutcome, 'verdict' | 'ok' | 'reason' | 'summary'> & {
  readonly hint: string;
  /** What the Deployment is set to; absent where it has been told how it ended. */
  readonly state?: DeploymentState;
};

/**
 * Ends the Deployment of a run that cannot do so itself: where an approval is rejected, or a runner is lost, no step of the
 * deploying job runs. Nothing else is read or written.
 */
export async function closeDeployment(inputs: DeployInputs, world: World): Promise<DeployOutcome> {
  const id = inputs['deployment-id'];
  if (id === undefined) throw new Error('deployment: close without an id was refused before');
  const home = homeOf(inputs, world, world.signal);
  await checkDeployment(home, keyOf(inputs), id);
  const statuses = await readStatuses(home, id);
  const newer = supersededBy(statuses);
  if (newer !== undefined) return gaveWayOutcome(inputs, newer, world.context);
  const { state, ...ending } = endingOf(lastOwn(statuses)?.state);
  if (state !== undefined && !inputs['dry-run']) await reportDeployment(home, id, state, ending.summary);
  return {
    ...ending,
    result: { schema: deploySchema, ...bumpDetails([]) },
    outputs: { ...emptyDeployOutputs, 'deployment-id': String(id) },
    page: `**${escapeMarkdown(ending.summary)}**\n\n${escapeMarkdown(ending.hint)}\n`,
  };
}

/** What is to be said of a Deployment whose last status is this one. */
function endingOf(last: string | undefined): Ending {
  switch (last) {
    case undefined:
    case 'queued':
      return {
        ...{ state: 'inactive', verdict: 'refused', ok: 'false', reason: 'not-begun' },
        summary: 'It never began: not approved, cancelled, or with wrong inputs. Nothing was changed.',
        hint: 'To deploy all the same, mend what the job before says, and run the failed jobs again.',
      };
    case 'in_progress':
      return {
        ...{ state: 'error', verdict: 'unknown', ok: 'unknown', reason: 'interrupted' },
        summary: 'The run broke off after it had begun to change something: nobody saw how it ended.',
        hint: 'Run the failed jobs again: the verdict then comes from the cluster.',
      };
    default:
      return {
        ...{ verdict: 'unknown', ok: 'unknown', reason: 'interrupted' },
        summary: `The run broke off, and its Deployment says ${last} already.`,
        hint: 'Run the failed jobs again: the verdict then comes from the cluster.',
      };
  }
}
