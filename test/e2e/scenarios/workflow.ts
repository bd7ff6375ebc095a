import assert from 'node:assert/strict';
import type { Deployment } from '@sluice/testbed/github/types';
import { liveImage } from '../applications.ts';
import { createCaller } from '../caller.ts';
import { deployment } from '../manifests.ts';
import type { ActRun } from '../rig/act.ts';
import type { Scenario } from '../run-scenarios.ts';
import { type GitOps, image, type Stage } from '../stage.ts';

/** deploy.yml as a team calls it, run by act: plan, then apply. */
export const workflow: readonly Scenario<Stage>[] = [
  {
    title: 'deploy.yml: what was planned is applied and live, and the Deployment replaces the one before',
    async run(stage) {
      const gitops = await begin(stage);
      const caller = await createCaller(stage);
      const first = await caller.ship({ path: 'app', images: `${image}:2.0.0` }, 1000);
      expectJobs(first, { plan: 'success', apply: 'success', report: 'success' }, 0);
      const [made] = caller.deployments();
      assert.deepEqual(told(made), ['queued', 'in_progress', 'success']);
      assert.equal(first.outputs.verdict, 'live');
      assert.equal(first.outputs['commit-sha'], await gitops.head());
      assert.equal(first.outputs['deployment-id'], `${made?.id}`);
      assert.equal(first.outputs['plan-digest'], first.jobs.get('plan')?.outputs['plan-digest']);
      assert.match(first.jobs.get('plan')?.summary ?? '', /1\.0\.0[\s\S]*2\.0\.0/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);

      const second = await caller.ship({ path: 'app', images: `${image}:3.0.0` }, 1001);
      expectJobs(second, { plan: 'success', apply: 'success', report: 'success' }, 0);
      assert.deepEqual(caller.deployments().map(told), [
        ['queued', 'in_progress', 'success', 'inactive'],
        ['queued', 'in_progress', 'success'],
      ]);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:3.0.0`);
    },
  },
  {
    title: 'deploy.yml: the field changes after the plan: plan-stale, red, and nothing is written',
    async run(stage) {
      const gitops = await begin(stage);
      const caller = await createCaller(stage);
      // The last thing that the plan does is to say `queued`.
      const hotfix = { 'app/web.yaml': deployment('web', `${image}:1.0.1`) };
      stage.github.faults.push({
        method: 'POST',
        path: new RegExp(`^/api/v3/repos/${caller.name}/deployments/\\d+/statuses$`),
        run: () => gitops.commit(hotfix),
      });
      const run = await caller.ship({ path: 'app', images: `${image}:2.0.0` }, 1000);
      expectJobs(run, { plan: 'success', apply: 'failure' }, 1);
      assert.equal(run.jobs.get('apply')?.outputs.verdict, 'plan-stale', run.log);
      assert.equal(run.jobs.get('apply')?.outputs['commit-sha'], '');
      assert.deepEqual(caller.deployments().map(told), [['queued', 'failure']]);
      assert.equal(await gitops.read('app/web.yaml'), hotfix['app/web.yaml']);
    },
  },
  {
    title: 'deploy.yml: a bad image: red, and the Deployment says why',
    async run(stage) {
      await begin(stage);
      const caller = await createCaller(stage);
      const run = await caller.ship({ path: 'app', images: `${image}:bad` }, 1000);
      expectJobs(run, { plan: 'success', apply: 'failure' }, 1);
      assert.equal(run.jobs.get('apply')?.outputs.verdict, 'failed', run.log);
      const [made] = caller.deployments();
      assert.deepEqual(told(made), ['queued', 'in_progress', 'failure']);
      assert.match(made?.statuses.at(-1)?.description ?? '', /Degraded/);
    },
  },
];

async function begin(stage: Stage): Promise<GitOps> {
  const gitops = await stage.repository({ 'app/web.yaml': deployment('web', `${image}:1.0.0`) });
  await stage.application({ path: 'app' });
  return gitops;
}

const told = (made: Deployment | undefined): readonly string[] =>
  (made?.statuses ?? []).map(({ state }) => state);

/** How each job ended that has run. */
function expectJobs(run: ActRun, results: Readonly<Record<string, string>>, exitCode: number): void {
  const ended = [...run.jobs].filter(([, { result }]) => result !== '');
  assert.deepEqual(Object.fromEntries(ended.map(([id, { result }]) => [id, result])), results, run.log);
  assert.equal(run.exitCode, exitCode, run.log);
}
