import assert from 'node:assert/strict';
import { liveImage } from '../applications.ts';
import { chart, deployment, type Files, kustomization, settings } from '../manifests.ts';
import { listAt } from '../rig/json.ts';
import type { Scenario } from '../run-scenarios.ts';
import { expectVerdict, image, type Stage } from '../stage.ts';

const overlay = (images: string): Files => ({
  'base/deployment.yaml': deployment('web', `${image}:1.0.0`),
  'base/kustomization.yaml': 'resources:\n  - deployment.yaml\n',
  'overlays/production/kustomization.yaml': `resources:\n  - ../../base\n${images}`,
});

/** How people lay out their repositories, and what in them hides a change. */
export const layouts: readonly Scenario<Stage>[] = [
  {
    title: 'two sources, a chart and its values elsewhere in Git: a new tag in the values is live',
    async run(stage) {
      await stage.repository({
        ...chart('charts/web', image, '0.0.0'),
        'values/production.yaml': `image:\n  repository: ${image}\n  tag: 1.0.0\n`,
      });
      await stage.application({
        path: 'charts/web',
        source: { helm: { valueFiles: ['$values/values/production.yaml'] } },
        twoSources: true,
      });
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
      const run = await stage.deploy({ images: `${image}:2.0.0`, path: 'values' });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'two sources and auto-sync off, sync: when-manual: the source of the change at its commit, live',
    async run(stage) {
      const gitops = await stage.repository({
        'app/web.yaml': deployment('web', `${image}:1.0.0`),
        'more/settings.yaml': settings('color', 'blue'),
      });
      const source = { repoURL: `${stage.github.url}/acme/${stage.name}.git`, targetRevision: 'main' };
      const sources = [
        { ...source, path: 'more' },
        { ...source, path: 'app' },
      ];
      await stage.application({ path: 'app', auto: false, twoSources: true, spec: { sources } });
      const run = await stage.deploy({ images: `${image}:2.0.0`, sync: 'when-manual' });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
      const shown = await stage.rig.argocd.call('GET', `/api/v1/applications/${stage.name}`);
      const revisions = listAt(shown, 'status', 'operationState', 'syncResult', 'revisions');
      assert.equal(revisions[1], await gitops.head());
    },
  },
  {
    title: 'an overlay that takes the image of its base: a new tag in the base is live',
    async run(stage) {
      await stage.repository(overlay(''));
      await stage.application({ path: 'overlays/production' });
      const run = await stage.deploy({ images: `${image}:2.0.0`, path: 'base' });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'an overlay that sets its own tag over its base: not-effective, naming the overlay',
    async run(stage) {
      await stage.repository(overlay(`images:\n  - name: ${image}\n    newTag: 0.9.0\n`));
      await stage.application({ path: 'overlays/production' });
      const run = await stage.deploy({ images: `${image}:2.0.0`, path: 'base' });
      expectVerdict(run, 'not-effective', 'overridden', 1);
      assert.match(run.outputs.summary ?? '', /overlays\/production\/kustomization\.yaml/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:0.9.0`);
    },
  },
  {
    title: 'a parameter file of Argo CD in the folder hides the new tag: not-effective, naming it',
    async run(stage) {
      const file = `.argocd-source-${stage.name}.yaml`;
      await stage.repository({
        ...kustomization(stage.name, image, '1.0.0'),
        [`${stage.name}/${file}`]: `kustomize:\n  images:\n    - ${image}:0.9.0\n`,
      });
      await stage.application({ path: stage.name });
      const run = await stage.deploy({ images: `${image}:2.0.0`, path: `${stage.name}/kustomization.yaml` });
      expectVerdict(run, 'not-effective', 'overridden', 1);
      assert.ok(run.outputs.summary?.includes(file), run.log);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:0.9.0`);
    },
  },
  {
    title:
      'one of two manifests lies where no Application looks: unknown before the commit, live for the other when it is named',
    async run(stage) {
      const other = 'app/nested/worker.yaml';
      const gitops = await stage.repository({
        'app/web.yaml': deployment('web', `${image}:1.0.0`),
        [other]: deployment('worker', `${image}:1.0.0`),
      });
      await stage.application({ path: 'app' });
      const run = await stage.deploy({ images: `${image}:2.0.0` });
      expectVerdict(run, 'unknown', 'unread-files', 1);
      assert.match(run.outputs.summary ?? '', /app\/nested\/worker\.yaml/);
      assert.equal(await gitops.read('app/web.yaml'), deployment('web', `${image}:1.0.0`));
      const named = await stage.deploy({ images: `${image}:2.0.0`, applications: stage.name });
      expectVerdict(named, 'live', 'proven', 0);
      assert.match(named.log, /::warning::.*app\/nested\/worker\.yaml/);
    },
  },
  {
    title: 'a values file that no Application reads: not-effective, nothing is claimed',
    async run(stage) {
      const unread = `image:\n  repository: ${image}\n  tag: 1.0.0\n`;
      await stage.repository({ ...chart('chart', image, '1.0.0'), 'chart/values-production.yaml': unread });
      await stage.application({ path: 'chart' });
      const run = await stage.deploy({ images: `${image}:2.0.0`, path: 'chart/values-production.yaml' });
      expectVerdict(run, 'not-effective', 'overridden', 1);
      assert.match(run.outputs.summary ?? '', /values-production\.yaml/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
];
