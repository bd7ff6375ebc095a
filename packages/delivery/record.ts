import { createGitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import type { Outcome } from '@sluice/core/verdict';
import type { Plan } from '@sluice/gitops/bump-plan';
import { isTooLarge } from '@sluice/gitops/change-output';
import {
  type DeploymentHome,
  type DeploymentKey,
  queueDeployment,
  reportDeployment,
  retirePredecessors,
} from './deployment.ts';
import { deploymentState } from './deployment-state.ts';
import type { DeployInputs } from './inputs.ts';

/** The GitHub Deployment of this run; where none is kept, each call does nothing. */
export interface Record {
  /** Creates it, `queued`; gives back its id. */
  queue(plan: Plan, summary: string): Promise<number>;
  begin(): Promise<void>;
  end(outcome: Outcome): Promise<void>;
}

/** The record of the inputs' Deployment in the repository whose workflow runs. */
export function openRecord(inputs: DeployInputs, world: World): Record {
  const id = inputs['deployment-id'];
  const key: DeploymentKey = {
    project: inputs.project,
    environment: inputs.environment,
    ...(inputs.tenant === '' ? {} : { tenant: inputs.tenant }),
  };
  const home = () => homeOf(inputs, world);
  return {
    queue: (plan, summary) =>
      queueDeployment(home(), {
        key,
        sha: world.context.sha,
        payload: payloadOf(inputs, world, key, plan),
        summary,
      }),
    begin: async () => {
      if (id !== undefined) await reportDeployment(home(), id, 'in_progress', 'Committing the change');
    },
    end: async (outcome) => {
      if (id === undefined) return;
      await reportDeployment(home(), id, deploymentState(outcome.verdict), outcome.summary);
      if (outcome.verdict === 'live') await retirePredecessors(home(), key, id);
    },
  };
}

function homeOf(inputs: DeployInputs, world: World): DeploymentHome {
  const { context, log, clock, fetch, signal } = world;
  const { apiUrl, graphqlUrl, repository, serverUrl, runId } = context;
  const [owner = '', repo = ''] = repository.split('/');
  const credential = { type: 'token', token: inputs['deployment-token'] } as const;
  const github = createGitHub({ apiUrl, graphqlUrl, credential, log, clock, fetch, signal });
  return { github, owner, repo, logUrl: `${serverUrl}/${repository}/actions/runs/${runId}` };
}

function payloadOf(inputs: DeployInputs, { context }: World, key: DeploymentKey, plan: Plan) {
  return {
    schema: 'sluice.deployment.v1',
    project: key.project,
    environment: key.environment,
    tenant: key.tenant ?? null,
    release: null,
    images: inputs.images.map(({ image, reference }) => ({ image, digest: reference.digest ?? null })),
    sbom: null,
    plan: plan.digest,
    change: isTooLarge(plan.change) ? { digest: plan.digest } : plan.change,
    run: {
      id: Number(context.runId),
      attempt: context.runAttempt,
      workflow: context.workflow,
      repository: context.repository,
    },
    partial: false,
  } as const;
}
