import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { callWorkflow } from '@sluice/testbed/workflows/run';
import type { WorkflowRun, World } from '@sluice/testbed/workflows/world';
import { describe, expect, it } from 'vitest';
import { action, type Fixture, gitops, withFixture } from '../acceptance/root-setup.ts';
import { asStandIn, deployments, ship, states, workflowOf } from './deploy-stage.ts';

/** Calls verify.yml from the GitOps repository on a commit status; its token may do what the job asks for, and no more. */
async function verify(
  { github, argocd, argocdToken }: Fixture,
  inputs: Readonly<Record<string, string | boolean>> = {},
): Promise<WorkflowRun> {
  const sha = await github.head(gitops);
  const event = { id: 1, sha, context: 'argocd/argocd/payments', sender: { login: 'finpay-argocd[bot]' } };
  const world: World = {
    github: { event_name: 'status', event },
    token: (asked) => github.githubToken(gitops, asStandIn(asked)),
    async action({ uses, inputs: with_, token }) {
      if (uses !== '$/') throw new Error(`${uses} is not ours`);
      const env = jobEnvironment(github, gitops, { GITHUB_EVENT_NAME: 'status', GITHUB_RUN_ID: '77' });
      const run = await runBundle({ action, inputs: with_, token, env, event, timeout: 90_000 });
      return { passed: run.exitCode === 0, outputs: run.outputs };
    },
  };
  return callWorkflow(world, workflowOf('verify.yml'), {
    inputs: {
      ...{ 'deployment-repositories': 'acme/app', 'argocd-server': argocd.url, settle: '1s', timeout: '60s' },
      ...inputs,
    },
    secrets: {
      'argocd-token': argocdToken,
      'deployment-token': github.createToken({
        permissions: { deployments: 'write' },
        repositories: ['acme/app'],
      }),
    },
  });
}

describe.concurrent('deploy.yml with mode: event, and verify.yml', { timeout: 120_000 }, () => {
  it('deploy without a login to Argo CD, and see it live when Argo CD tells', () =>
    withFixture(async (stage) => {
      await stage.deployed();
      const inputs = { mode: 'event', 'argocd-server': '' };
      const deployed = await ship(stage, { inputs, secrets: { 'argocd-token': '' } });
      expect(deployed).toMatchObject({ result: 'success', outputs: { verdict: 'committed' } });
      expect(states(deployments(stage)[0])).toEqual(['queued', 'in_progress', 'in_progress']);
      const seen = await verify(stage);
      expect(seen).toMatchObject({ result: 'success', outputs: { verdict: 'live', ok: 'true' } });
      expect(seen.outputs['deployment-id']).toBe(deployed.outputs['deployment-id']);
      expect(states(deployments(stage)[0]).at(-1)).toBe('success');
    }));

  it('end well where there is nothing to look at, and claim nothing', () =>
    withFixture(async (stage) => {
      for (const sweep of [false, true]) {
        const run = await verify(stage, { sweep });
        expect(run).toMatchObject({ result: 'success', outputs: { verdict: 'pending', ok: 'unknown' } });
      }
    }));
});
