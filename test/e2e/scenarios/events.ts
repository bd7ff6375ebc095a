import assert from 'node:assert/strict';
import { eventually, liveImage } from '../applications.ts';
import { deployment } from '../manifests.ts';
import { notifyAsDocumented, startSink } from '../notifications.ts';
import { textAt } from '../rig/json.ts';
import type { Scenario } from '../run-scenarios.ts';
import { expectVerdict, type Inputs, image, type Stage } from '../stage.ts';

const trigger = 'notifications.argoproj.io/subscribe.sluice';

/** Subscribed to what docs/event-mode.md shows. */
async function begin(stage: Stage): Promise<void> {
  await stage.repository({ 'app/web.yaml': deployment('web', `${image}:1.0.0`) });
  await stage.application({ path: 'app' });
  const annotations = { [`${trigger}-live.github`]: '', [`${trigger}-not-live.github`]: '' };
  const patch = JSON.stringify({ metadata: { annotations } });
  const path = `/api/v1/applications/${stage.name}`;
  await stage.rig.argocd.call('PATCH', path, { name: stage.name, patch, patchType: 'merge' });
}

/** Nobody waits: Argo CD says that there is something to see. */
export const events: readonly Scenario<Stage>[] = [
  {
    title: "mode: event, Argo CD's own notification wakes the run that ends the Deployment: live",
    async run(stage) {
      const { github, name } = stage;
      const sink = await startSink();
      await notifyAsDocumented(stage.rig, sink);
      await begin(stage);
      const app = `acme/${name}-app`;
      await github.createRepository(app, { 'README.md': '# The application\n' });
      const token = github.createToken({ repositories: [app], permissions: { deployments: 'write' } });
      const usual: Inputs = { 'deployment-token': token, 'argocd-server': '', 'argocd-token': '' };
      const key = {
        project: 'shop',
        environment: name,
        images: `${image}:2.0.0`,
        path: 'app',
        mode: 'event',
      };
      const job = { env: { GITHUB_REPOSITORY: app, GITHUB_SHA: await github.head(app) } };
      const planned = await stage.deploy({ ...usual, ...key, deployment: 'queue' }, job);
      assert.equal(planned.exitCode, 0, planned.log);
      const { 'deployment-id': id = '', 'plan-digest': digest = '' } = planned.outputs;
      const given = { 'deployment-id': id, 'expect-plan': digest };
      const deployed = await stage.deploy({ ...usual, ...key, ...given }, job);
      assert.equal(deployed.outputs.reason, 'awaits-notification', deployed.log);
      const commit = deployed.outputs['commit-sha'] ?? '';

      const told = await eventually(
        'a notification of the commit',
        async () => {
          const found = sink.told.find((one) => one.commit === commit);
          assert.ok(found, `told: ${JSON.stringify(sink.told)}`);
          return found;
        },
        90,
      );
      assert.equal(`${told.repository} ${told.kind}`, `acme/${name} status`);
      const state = textAt(told.body, 'state');
      assert.equal(state, 'success');

      const woken = await stage.deploy(
        {
          ...{ 'deployment-token': token, 'deployment-repositories': app, deployment: 'verify' },
        },
        {
          env: { GITHUB_REPOSITORY: `acme/${name}`, GITHUB_EVENT_NAME: 'status' },
          event: { id: 1, sha: commit, state, context: textAt(told.body, 'context') },
        },
      );
      expectVerdict(woken, 'live', 'proven', 0);
      const states = github.repository(app).deployments.get(Number(id))?.statuses ?? [];
      assert.equal(states.at(-1)?.state, 'success');
      assert.equal(await liveImage(stage.rig, name), `${image}:2.0.0`);
    },
  },
];
