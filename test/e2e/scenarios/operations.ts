import assert from 'node:assert/strict';
import { createNamespace, eventually, liveImage, pause, syncByHand } from '../applications.ts';
import { chart, deployment, migration, settings } from '../manifests.ts';
import { writeProject } from '../projects.ts';
import { at, listAt, textAt } from '../rig/json.ts';
import type { Scenario } from '../run-scenarios.ts';
import { bumped, expectVerdict, image, resultOf, type Stage } from '../stage.ts';

const plain = { 'app/web.yaml': deployment('web', `${image}:1.0.0`) };

const migrate = 'registry.example.com/migrate';

/** The image of the hook that ran last. */
async function ranImage({ rig, name }: Stage): Promise<string> {
  const job = await rig.kubernetes.get(`/apis/batch/v1/namespaces/${name}/jobs/migrate`);
  return textAt(job, 'spec', 'template', 'spec', 'containers', 0, 'image');
}

const operationOf = async (stage: Stage): Promise<unknown> =>
  at(await stage.rig.argocd.call('GET', `/api/v1/applications/${stage.name}`), 'status', 'operationState');

/** Who syncs, when, and what else Argo CD has to do. */
export const operations: readonly Scenario<Stage>[] = [
  {
    title: 'auto-sync off, sync: when-manual: syncs itself, marked as ours, live',
    async run(stage) {
      await stage.repository(plain);
      await stage.application({ path: 'app', auto: false });
      const run = await stage.deploy({ images: `${image}:2.0.0`, sync: 'when-manual' });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
      const info = listAt(await operationOf(stage), 'operation', 'info');
      assert.match(JSON.stringify(info), /acme\/shop\/1000\/1/);
    },
  },
  {
    title: 'auto-sync on, sync: when-manual: leaves the sync to Argo CD, live',
    async run(stage) {
      await stage.repository(plain);
      await stage.application({ path: 'app' });
      const run = await stage.deploy({ images: `${image}:2.0.0`, sync: 'when-manual' });
      expectVerdict(run, 'live', 'proven', 0);
      const by = at(await operationOf(stage), 'operation', 'initiatedBy', 'automated');
      assert.equal(by, true, 'who synced');
    },
  },
  {
    title: 'a dry run of the sync proves nothing: needs-sync',
    async run(stage) {
      await stage.repository(plain);
      await stage.application({ path: 'app', auto: false });
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      await stage.rig.argocd.call('POST', `/api/v1/applications/${stage.name}/sync`, { dryRun: true });
      await eventually('the end of the dry run', async () => {
        const state = await operationOf(stage);
        assert.equal(at(state, 'operation', 'sync', 'dryRun'), true);
        assert.equal(at(state, 'phase'), 'Succeeded');
      });
      expectVerdict(await stage.wait({ change }), 'failed', 'needs-sync', 1);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'two applications of one folder: live when both are',
    async run(stage) {
      await stage.repository(plain);
      const second = `${stage.name}-b`;
      await stage.application({ path: 'app' });
      await stage.application({ path: 'app', name: second, namespace: second, auto: false });
      const run = await stage.deploy({ images: `${image}:2.0.0`, expect: '2', sync: 'when-manual' });
      expectVerdict(run, 'live', 'proven', 0);
      const seen = listAt(resultOf(run), 'applications').map((one) => textAt(one, 'name'));
      assert.deepEqual([...seen].sort(), [stage.name, second]);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
      assert.equal(await liveImage(stage.rig, second), `${image}:2.0.0`);
    },
  },
  {
    title: 'another sync is running, held by its hook: waits for it, then syncs, live',
    async run(stage) {
      await stage.repository({ ...plain, 'app/migration.yaml': migration('migrate') });
      await stage.application({ path: 'app', auto: false });
      stage.rig.hold(stage.name);
      await syncByHand(stage.rig, stage.name);
      const running = stage.deploy({ images: `${image}:2.0.0`, sync: 'always' });
      assert.equal(await Promise.race([running, pause(6000)]), undefined, 'a verdict while another sync ran');
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
      stage.rig.release(stage.name);
      expectVerdict(await running, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'an attempt to sync fails and Argo CD tries again: waits for the next, live',
    async run(stage) {
      const gitops = await stage.repository(plain);
      const retry = { limit: 5, backoff: { duration: '2s' } };
      await stage.application({ path: 'app', spec: { syncPolicy: { automated: {}, retry } } });
      const late = `${stage.name}-late`;
      await gitops.commit({ 'app/late.yaml': settings('late', 'blue', late) });
      const running = stage.deploy({ images: `${image}:2.0.0` });
      await eventually('a failed attempt', async () => {
        const state = await operationOf(stage);
        assert.equal(at(state, 'phase'), 'Running');
        assert.notEqual(at(state, 'retryCount'), undefined);
      });
      await createNamespace(stage.rig, late);
      expectVerdict(await running, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'the token may not sync and is asked to: unknown, and which permission is missing',
    async run(stage) {
      await stage.repository(plain);
      await stage.application({ path: 'app', auto: false });
      const change = await bumped(stage, { images: `${image}:2.0.0` });
      const token = { 'argocd-token': stage.rig.argocd.readToken };
      const run = await stage.wait({ change, sync: 'when-manual', ...token });
      expectVerdict(run, 'unknown', 'sync-forbidden', 1);
      assert.match(run.outputs.summary ?? '', /applications, sync/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'a closed sync window: waits for it, and is told so when the time is over',
    async run(stage) {
      await stage.repository(plain);
      await writeProject(stage.rig, stage.name);
      await stage.application({ path: 'app', auto: false, project: stage.name });
      await writeProject(stage.rig, stage.name, { closed: 'for an hour' });
      const run = await stage.deploy({ images: `${image}:2.0.0`, sync: 'when-manual', timeout: '15s' });
      expectVerdict(run, 'timed-out', 'timed-out', 1);
      assert.match(run.outputs.summary ?? '', /sync window/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
  {
    title: 'a chart with a migration hook: live when the hook has run with the new image',
    async run(stage) {
      const job = migration('migrate').replace(/image: .*/, 'image: "{{ .Values.migrate.image }}"');
      const files = chart('chart', image, '1.0.0');
      const values = `${files['chart/values.yaml']}migrate:\n  image: ${migrate}:1.0.0\n`;
      await stage.repository({ ...files, 'chart/values.yaml': values, 'chart/templates/migrate.yaml': job });
      await stage.application({ path: 'chart' });
      const run = await stage.deploy({ images: `["${image}:2.0.0","${migrate}:2.0.0"]` });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(await ranImage(stage), `${migrate}:2.0.0`);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
    },
  },
  {
    title: 'only the image of a hook, auto-sync on: needs-sync, and live when asked to sync',
    async run(stage) {
      await stage.repository({ ...plain, 'app/migration.yaml': migration('migrate') });
      await stage.application({ path: 'app' });
      const inputs = { images: `${migrate}:2.0.0` };
      expectVerdict(await stage.deploy(inputs), 'failed', 'needs-sync', 1);
      assert.equal(await ranImage(stage), `${migrate}:1.0.0`);
      expectVerdict(await stage.deploy({ ...inputs, sync: 'always' }), 'live', 'proven', 0);
      assert.equal(await ranImage(stage), `${migrate}:2.0.0`);
    },
  },
  {
    title: 'a hook that fails: failed, with the hook and its message',
    async run(stage) {
      await stage.repository({ ...plain, 'app/migration.yaml': migration('migrate') });
      await stage.application({ path: 'app' });
      const run = await stage.deploy({ images: `["${image}:2.0.0","${migrate}:bad"]` });
      expectVerdict(run, 'failed', 'operation-failed', 1);
      assert.match(run.summary, /migrate/);
      assert.equal(await liveImage(stage.rig, stage.name), `${image}:1.0.0`);
    },
  },
];
