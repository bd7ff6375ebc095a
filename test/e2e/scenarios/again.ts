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
      const first = await stage.deploy(inputs, { signal: 'SIGKILL', after: committed });
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
];
