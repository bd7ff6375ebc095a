import assert from 'node:assert/strict';
import { eventually, liveImage } from '../applications.ts';
import { chart, deployment, kustomization } from '../manifests.ts';
import { listAt, textAt } from '../rig/json.ts';
import { setHealth } from '../rig/operator.ts';
import type { Scenario } from '../run-scenarios.ts';
import { bumped, expectVerdict, image, resultOf, type Stage } from '../stage.ts';

const plain = { 'app/web.yaml': deployment('web', `${image}:1.0.0`) };

/** What is broken, and what only looks so. */
export const failures: readonly Scenario<Stage>[] = [
  {
    title: 'a Deployment that never becomes healthy: failed when the grace time is over',
    async run(stage) {
      await stage.repository(plain);
      await stage.application({ path: 'app' });
      const run = await stage.deploy({ images: `${image}:bad` });
      expectVerdict(run, 'failed', 'degraded', 1);
      assert.ok(run.ms >= 3000, `failed after ${run.ms} ms, before the grace time was over`);
      assert.match(run.log, /exceeded its progress deadline/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:bad`);
    },
  },
  {
    title: 'a Deployment that is Degraded for a moment: live',
    async run(stage) {
      await stage.repository({ 'app/web.yaml': deployment('web', `${image}:1.0.0`, { byHand: true }) });
      const healthy = (): Promise<void> => setHealth(stage.rig.kubernetes, stage.name, 'web', 'healthy');
      const first = stage.application({ path: 'app' });
      await eventually('the first rollout', healthy);
      await first;
      const running = stage.deploy({ images: `${image}:2.0.0`, 'degraded-grace': '20s' });
      await eventually('the new image', async () =>
        assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`),
      );
      await setHealth(stage.rig.kubernetes, stage.name, 'web', 'degraded');
      setTimeout(() => void healthy(), 3000);
      expectVerdict(await running, 'live', 'proven', 0);
    },
  },
  {
    title: 'a manifest that Kubernetes refuses: failed, with the words of Kubernetes',
    async run(stage) {
      await stage.repository(plain);
      await stage.application({ path: 'app' });
      const run = await stage.deploy({ images: `${image}:2.0.0`, set: 'app/web.yaml spec.replicas:=-1' });
      expectVerdict(run, 'failed', 'operation-failed', 1);
      assert.match(run.log, /spec\.replicas: Invalid value: -1/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'a resource that was Degraded before and is not ours: live, with a warning that names it',
    async run(stage) {
      await stage.repository({ ...plain, 'app/report.yaml': deployment('report', `${image}-report:bad`) });
      await stage.application({ path: 'app', health: 'Degraded' });
      const run = await stage.deploy({ images: `${image}:2.0.0` });
      expectVerdict(run, 'live', 'proven', 0);
      const messages = listAt(resultOf(run), 'applications', 0, 'messages').join('\n');
      assert.match(messages, /report/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'a Helm parameter of the Application hides the new value: not-effective, naming it',
    async run(stage) {
      await stage.repository(chart('chart', image, '1.0.0'));
      const parameters = [{ name: 'image.tag', value: '0.9.0' }];
      await stage.application({ path: 'chart', source: { helm: { parameters } } });
      const run = await stage.deploy({ images: `${image}:2.0.0` });
      expectVerdict(run, 'not-effective', 'overridden', 1);
      assert.match(run.outputs.summary ?? '', /image\.tag/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:0.9.0`);
    },
  },
  {
    title: 'kustomize.images of the Application hides the new tag: not-effective, naming it',
    async run(stage) {
      await stage.repository(kustomization(stage.name, image, '1.0.0'));
      const images = [`${image}:0.9.0`];
      await stage.application({ path: stage.name, source: { kustomize: { images } } });
      const run = await stage.deploy({ images: `${image}:2.0.0` });
      expectVerdict(run, 'not-effective', 'overridden', 1);
      assert.match(run.outputs.summary ?? '', /kustomize\.images/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:0.9.0`);
    },
  },
  {
    title: 'Git holds what cannot be rendered: failed, with the words of kustomize',
    async run(stage) {
      const gitops = await stage.repository(kustomization(stage.name, image, '1.0.0'));
      await stage.application({ path: stage.name });
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      await gitops.commit({ [`${stage.name}/deployment.yaml`]: 'kind: [\n' }, 'mallory');
      const run = await stage.wait({ change });
      expectVerdict(run, 'failed', 'comparison-error', 1);
      assert.match(run.outputs.summary ?? '', /kustomize build/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'the Application ignores differences of the image: Synced and Healthy, and not live',
    async run(stage) {
      await stage.repository(plain);
      const jsonPointers = ['/spec/template/spec/containers/0/image'];
      const spec = {
        ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers }],
        syncPolicy: { automated: {}, syncOptions: ['RespectIgnoreDifferences=true'] },
      };
      await stage.application({ path: 'app', spec });
      const run = await stage.deploy({ images: `${image}:2.0.0`, timeout: '12s' });
      expectVerdict(run, 'timed-out', 'timed-out', 1);
      assert.match(run.outputs.summary ?? '', /runs registry\.example\.com\/web:1\.0\.0/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'the cluster was changed behind Argo CD: Git is right, and it is not live',
    async run(stage) {
      await stage.repository(plain);
      await stage.application({ path: 'app' });
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      expectVerdict(await stage.wait({ change }), 'live', 'proven', 0);
      const containers = [{ name: 'app', image: `${image}:9.9.9` }];
      const path = `/apis/apps/v1/namespaces/${stage.name}/deployments/web`;
      await stage.rig.kubernetes.patch(path, { spec: { template: { spec: { containers } } } });
      const run = await stage.wait({ change });
      expectVerdict(run, 'drifted', 'live-drift', 1);
      assert.match(textAt(resultOf(run), 'applications', 0, 'verdict'), /drifted/);
    },
  },
];
