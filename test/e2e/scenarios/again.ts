import assert from 'node:assert/strict';
import { eventually, liveImage, pause } from '../applications.ts';
import { chart, deployment, kustomization } from '../manifests.ts';
import type { Scenario } from '../run-scenarios.ts';
import { bumped, expectVerdict, image, type Stage } from '../stage.ts';

/** Asked again, killed, overtaken. */
export const again: readonly Scenario<Stage>[] = [
  {
    title: 'run again when all is done: nothing changes, and it is verified all the same',
    async run(stage) {
      const gitops = await stage.repository(chart('chart', image, '1.0.0'));
      await stage.application({ path: 'chart' });
      const inputs = { images: `${image}:2.0.0` };
      expectVerdict(await stage.deploy(inputs), 'live', 'proven', 0);
      const head = await gitops.head();
      const second = await stage.deploy(inputs);
      expectVerdict(second, 'live', 'proven', 0);
      assert.equal(second.outputs.changed, 'false');
      assert.equal(await gitops.head(), head, 'a second commit');
    },
  },
  {
    title: 'killed in the middle of the wait and run again: the verdict comes from the cluster',
    async run(stage) {
      const gitops = await stage.repository(kustomization(stage.name, image, '1.0.0'));
      await stage.application({ path: stage.name });
      const before = await gitops.head();
      stage.rig.hold(stage.name);
      const inputs = { images: `${image}:2.0.0` };
      const committed = eventually('the commit', async () =>
        assert.notEqual(await gitops.head(), before),
      ).then(() => pause(1500));
      const first = await stage.deploy(inputs, { kill: { signal: 'SIGKILL', after: committed } });
      assert.equal(first.signal, 'SIGKILL', first.log);
      stage.rig.release(stage.name);
      const second = await stage.deploy(inputs);
      expectVerdict(second, 'live', 'proven', 0);
      assert.equal(second.outputs.changed, 'false');
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'a newer deployment of the same project and environment: the older one is superseded',
    async run(stage) {
      await stage.repository({ 'app/web.yaml': deployment('web', `${image}:1.0.0`) });
      await stage.application({ path: 'app' });
      const key = { project: 'shop', environment: 'production' };
      const older = await bumped(stage, { ...key, images: `${image}:2.0.0` }, 1000);
      const newer = await bumped(stage, { ...key, images: `${image}:3.0.0` }, 1001);
      expectVerdict(await stage.wait({ change: older }), 'superseded', 'superseded', 0);
      expectVerdict(await stage.wait({ change: newer }), 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:3.0.0`);
    },
  },
  {
    title: 'a bad image, then the version before by a new commit: failed, then live',
    async run(stage) {
      await stage.repository({ 'app/web.yaml': deployment('web', `${image}:1.0.0`) });
      await stage.application({ path: 'app' });
      expectVerdict(await stage.deploy({ images: `${image}:bad` }), 'failed', 'degraded', 1);
      expectVerdict(await stage.deploy({ images: `${image}:1.0.0` }), 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'asked once, before and after somebody overwrites it: live, then drifted',
    async run(stage) {
      const gitops = await stage.repository({ 'app/web.yaml': deployment('web', `${image}:1.0.0`) });
      await stage.application({ path: 'app' });
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      expectVerdict(await stage.wait({ change }), 'live', 'proven', 0);
      expectVerdict(await stage.wait({ change, mode: 'once' }), 'live', 'proven', 0);
      await gitops.commit({ 'app/web.yaml': deployment('web', `${image}:1.5.0`) }, 'mallory');
      expectVerdict(await stage.wait({ change, mode: 'once' }), 'drifted', 'overwritten', 1);
    },
  },
  {
    title: 'a commit instead of a change: live when Argo CD has it, or a later one',
    async run(stage) {
      const gitops = await stage.repository({ 'app/web.yaml': deployment('web', `${image}:1.0.0`) });
      await stage.application({ path: 'app' });
      const revision = await gitops.commit({ 'app/web.yaml': deployment('web', `${image}:2.0.0`) });
      await gitops.commit({ 'README.md': 'How we deploy\n' });
      const run = await stage.wait({ revision, applications: stage.name });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
];
