import assert from 'node:assert/strict';
import { eventually, liveImage, pause } from '../applications.ts';
import { deployment, migration, settings } from '../manifests.ts';
import { projectToken, writeProject } from '../projects.ts';
import { at, textAt } from '../rig/json.ts';
import type { Scenario } from '../run-scenarios.ts';
import { bumped, expectVerdict, image, resultOf, type Stage } from '../stage.ts';

const plain = { 'app/web.yaml': deployment('web', `${image}:1.0.0`) };

/** An Application of a project of its own, which a person syncs. */
async function begin(stage: Stage): Promise<void> {
  await stage.repository(plain);
  await writeProject(stage.rig, stage.name);
  await stage.application({ path: 'app', auto: false, project: stage.name });
}

/** What projects, windows and tokens let a run see and do. */
export const permits: readonly Scenario<Stage>[] = [
  {
    title: 'a token of a project is enough to read, refresh and sync: live',
    async run(stage) {
      await begin(stage);
      const { token } = await projectToken(stage.rig, stage.name);
      const inputs = { images: `${image}:2.0.0`, sync: 'when-manual', 'argocd-token': token };
      expectVerdict(await stage.deploy(inputs), 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title:
      'a token of a project that sees one of two applications: unknown, and nothing is said of the other',
    async run(stage) {
      await begin(stage);
      const other = `${stage.name}-b`;
      await writeProject(stage.rig, other);
      await stage.application({ path: 'app', name: other, namespace: other, project: other });
      const { token } = await projectToken(stage.rig, stage.name);
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      const mine = { change, sync: 'when-manual', 'argocd-token': token };
      const counted = await stage.wait({ ...mine, expect: '2', timeout: '10s' });
      expectVerdict(counted, 'unknown', 'too-few-applications', 1);
      const named = await stage.wait({ ...mine, applications: `${stage.name}\n${other}`, timeout: '10s' });
      expectVerdict(named, 'unknown', 'no-application', 1);
      assert.ok(named.outputs.summary?.includes(other), named.log);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`, 'it synced half of it');
    },
  },
  {
    title: 'a sync window ends: waits, says until when, and is live soon after',
    async run(stage) {
      await begin(stage);
      await writeProject(stage.rig, stage.name, { closed: 'until the next minute' });
      // Argo CD shows the time zone of a window in the project alone.
      const { token } = await projectToken(stage.rig, stage.name);
      const inputs = { images: `${image}:2.0.0`, sync: 'when-manual', timeout: '95s', 'argocd-token': token };
      const run = await stage.deploy(inputs);
      expectVerdict(run, 'live', 'proven', 0);
      assert.match(run.log, /waiting: Waiting until .* \d\d:\d\d UTC: the sync windows are closed/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'auto-sync in a closed sync window: waits, and the window stands in the verdict',
    async run(stage) {
      await stage.repository(plain);
      await writeProject(stage.rig, stage.name);
      await stage.application({ path: 'app', project: stage.name });
      await writeProject(stage.rig, stage.name, { closed: 'for an hour' });
      const run = await stage.deploy({ images: `${image}:2.0.0`, timeout: '12s' });
      expectVerdict(run, 'timed-out', 'timed-out', 1);
      assert.match(run.outputs.summary ?? '', /sync window/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'overwritten by somebody while the sync of it runs: drifted, whatever that sync ends as',
    async run(stage) {
      const gitops = await stage.repository({ ...plain, 'app/migration.yaml': migration('migrate') });
      await stage.application({ path: 'app' });
      stage.rig.hold(stage.name);
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      const ours = await gitops.head();
      const waiting = stage.wait({ change });
      await eventually('the sync of the change', async () => {
        const shown = await stage.rig.argocd.call('GET', `/api/v1/applications/${stage.name}`);
        const state = at(shown, 'status', 'operationState');
        assert.equal(textAt(state, 'phase'), 'Running');
        assert.equal(textAt(state, 'operation', 'sync', 'revision'), ours);
      });
      const theirs = await gitops.commit({ 'app/web.yaml': deployment('web', `${image}:1.5.0`) }, 'mallory');
      await Promise.race([waiting, pause(2000)]);
      stage.rig.release(stage.name);
      const run = await waiting;
      expectVerdict(run, 'drifted', 'overwritten', 1);
      assert.equal(textAt(resultOf(run), 'overwrittenBy', 'commit'), theirs);
    },
  },
  {
    title:
      'only what the change is about is synced, where that is asked for: live, and the rest stays as it was',
    async run(stage) {
      const gitops = await stage.repository({ ...plain, 'app/settings.yaml': settings('color', 'blue') });
      await stage.application({ path: 'app', auto: false });
      await gitops.commit({ 'app/settings.yaml': settings('color', 'green') });
      const inputs = { images: `${image}:2.0.0`, sync: 'when-manual', 'sync-resources': 'changed' };
      expectVerdict(await stage.deploy(inputs), 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
      const path = `/api/v1/namespaces/${stage.name}/configmaps/color`;
      assert.equal(textAt(await stage.rig.kubernetes.get(path), 'data', 'color'), 'blue');
    },
  },
];
