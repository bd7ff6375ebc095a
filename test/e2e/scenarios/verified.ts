import assert from 'node:assert/strict';
import { eventually, liveImage, pause } from '../applications.ts';
import { chart, deployment, kustomization, settings } from '../manifests.ts';
import { at, textAt } from '../rig/json.ts';
import type { Scenario } from '../run-scenarios.ts';
import { bumped, expectVerdict, image, resultOf, type Stage } from '../stage.ts';

const plain = {
  'app/web.yaml': deployment('web', `${image}:1.0.0`),
  'app/settings.yaml': settings('web-settings', 'blue'),
};

/** The five courses that a deployment takes when nothing is broken. */
export const verified: readonly Scenario<Stage>[] = [
  {
    title: 'plain manifests, auto-sync: a new tag is live, and only its bytes changed',
    async run(stage) {
      const gitops = await stage.repository(plain);
      await stage.application({ path: 'app' });
      const run = await stage.deploy({ images: `${image}:2.0.0`, path: 'app' });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
      assert.equal(await gitops.read('app/web.yaml'), deployment('web', `${image}:2.0.0`));
    },
  },
  {
    title: 'auto-sync off and not asked to sync: failed at once, needs-sync, nothing touched',
    async run(stage) {
      await stage.repository(plain);
      await stage.application({ path: 'app', auto: false });
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      const run = await stage.wait({ change });
      expectVerdict(run, 'failed', 'needs-sync', 1);
      assert.ok(run.ms < 20_000, `it took ${run.ms} ms`);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'kustomize, Argo CD busy with an older commit: waits, asks again, live',
    async run(stage) {
      const gitops = await stage.repository(kustomization(stage.name, image, '1.0.0'));
      await stage.application({ path: stage.name });
      // Argo CD renders this one while ours arrives: our refresh is lost, as it is when reconciles are slow.
      stage.rig.hold(stage.name);
      await gitops.commit({ [`${stage.name}/settings.yaml`]: settings('web-settings', 'green') });
      const busy = stage.rig.argocd.call('GET', `/api/v1/applications/${stage.name}?refresh=normal`);
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      const waiting = stage.wait({ change });
      assert.equal(
        await Promise.race([waiting, pause(4000)]),
        undefined,
        'a verdict while Argo CD was behind',
      );
      stage.rig.release(stage.name);
      await busy;
      expectVerdict(await waiting, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'overwritten by somebody before it was seen: drifted, and who, what, where',
    async run(stage) {
      const gitops = await stage.repository(plain);
      await stage.application({ path: 'app' });
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      const theirs = await gitops.commit({ 'app/web.yaml': deployment('web', `${image}:1.5.0`) }, 'mallory');
      const run = await stage.wait({ change });
      expectVerdict(run, 'drifted', 'overwritten', 1);
      const by = at(resultOf(run), 'overwrittenBy');
      assert.match(textAt(by, 'author'), /mallory/i);
      assert.equal(textAt(by, 'commit'), theirs);
      assert.equal(textAt(by, 'path'), 'app/web.yaml');
      assert.equal(textAt(by, 'to'), `${image}:1.5.0`);
      await eventually('the cluster runs theirs', async () =>
        assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.5.0`),
      );
    },
  },
  {
    title: 'Helm, a later commit that leaves the value alone: live at that commit',
    async run(stage) {
      const gitops = await stage.repository(chart('chart', image, '1.0.0'));
      await stage.application({ path: 'chart' });
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      const later = await gitops.commit({ 'README.md': 'How we deploy\n', 'chart/NOTES.md': 'Notes\n' });
      const run = await stage.wait({ change });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(run.outputs.revision, later);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
];
