import assert from 'node:assert/strict';
import { eventually, liveImage, pause } from '../applications.ts';
import { kustomization } from '../manifests.ts';
import { projectToken, writeProject } from '../projects.ts';
import { listAt, textAt } from '../rig/json.ts';
import type { Scenario } from '../run-scenarios.ts';
import { bumped, expectVerdict, type Inputs, image, resultOf, type Stage } from '../stage.ts';

/** What a run is in the middle of: Argo CD has not rendered the change yet, and cannot before `stage.rig.release`. */
async function waitingFor(stage: Stage, inputs: Inputs = {}): Promise<ReturnType<Stage['wait']>[]> {
  stage.rig.hold(stage.name);
  const change = await bumped(stage, { images: `${image}:2.0.0` });
  const waiting = stage.wait({ change, ...inputs });
  await stillWaiting(waiting, 4000);
  // In a list: a promise alone would be waited for by `await`.
  return [waiting];
}

async function stillWaiting(waiting: Promise<unknown>, ms: number): Promise<void> {
  assert.equal(await Promise.race([waiting, pause(ms)]), undefined, 'a verdict in the middle of the outage');
}

const begin = async (stage: Stage, project = 'default'): Promise<void> => {
  await stage.repository(kustomization(stage.name, image, '1.0.0'));
  await stage.application({ path: stage.name, project });
};

const isLive = async (stage: Stage, waiting: ReturnType<Stage['wait']>): Promise<void> => {
  expectVerdict(await waiting, 'live', 'proven', 0);
  assert.equal(await liveImage(stage.rig, stage.name), `${image}:2.0.0`);
};

/** What goes away in the middle of a wait, and comes back or does not. */
export const outages: readonly Scenario<Stage>[] = [
  {
    title: 'argocd-server is killed in the middle of the wait, and starts again: live',
    async run(stage) {
      const server = await stage.rig.argocd.startServer(`argocd-server-${stage.name}`);
      await begin(stage);
      const [waiting] = await waitingFor(stage, { 'argocd-server': server.url });
      assert.ok(waiting);
      await server.stop('SIGKILL');
      // All that happens, happens while nobody tells it.
      stage.rig.release(stage.name);
      await stillWaiting(waiting, 4000);
      await server.again();
      await isLive(stage, waiting);
      await server.stop();
    },
  },
  {
    title: 'argocd-server is replaced in the middle of the wait, as by a rollout of its own: live',
    async run(stage) {
      const server = await stage.rig.argocd.startServer(`argocd-server-${stage.name}`);
      await begin(stage);
      const [waiting] = await waitingFor(stage, { 'argocd-server': server.url });
      assert.ok(waiting);
      // It refuses new connections at once, and serves the open streams for up to 20 s.
      await server.stop('SIGTERM');
      stage.rig.release(stage.name);
      await server.again();
      await isLive(stage, waiting);
      await server.stop();
    },
  },
  {
    title: 'two servers in one run, and one is away while the change comes: live when both have shown it',
    async run(stage) {
      const { argocd } = stage.rig;
      const server = await argocd.startServer(`argocd-server-${stage.name}`);
      await begin(stage);
      const [waiting] = await waitingFor(stage, {
        'argocd-server': `eu=${argocd.url}\nus=${server.url}`,
        'argocd-token': `eu=${argocd.token}\nus=${argocd.readToken}`,
        expect: '2',
      });
      assert.ok(waiting);
      await server.stop('SIGKILL');
      stage.rig.release(stage.name);
      await stillWaiting(waiting, 8000);
      await server.again();
      await isLive(stage, waiting);
      const applications = listAt(resultOf(await waiting), 'applications');
      assert.deepEqual(
        applications.map((one) => `${textAt(one, 'server')} ${textAt(one, 'verdict')}`).toSorted(),
        [argocd.url, server.url].map((url) => `${url} live`).toSorted(),
      );
      await server.stop();
    },
  },
  {
    title: 'the token is revoked in the middle of the wait: unknown, and that it is the token',
    async run(stage) {
      await writeProject(stage.rig, stage.name);
      await begin(stage, stage.name);
      const { token, revoke } = await projectToken(stage.rig, stage.name);
      const [waiting] = await waitingFor(stage, { 'argocd-token': token });
      assert.ok(waiting);
      await revoke();
      const run = await waiting;
      stage.rig.release(stage.name);
      expectVerdict(run, 'unknown', 'could-not-ask', 1);
      assert.match(run.outputs.summary ?? '', /does not accept argocd-token/);
      assert.ok(!`${run.summary}${run.outputs.result}`.includes(token), 'the token on the page');
    },
  },
  {
    title:
      'Git is away in the middle of the wait, for Argo CD and for the run: waits, and live when it is back',
    async run(stage) {
      await begin(stage);
      let away = false;
      stage.github.faults.push({
        path: new RegExp(`^/acme/${stage.name}\\.git/`),
        while: () => away,
        times: Number.POSITIVE_INFINITY,
        status: 503,
      });
      const [waiting] = await waitingFor(stage);
      assert.ok(waiting);
      away = true;
      stage.rig.release(stage.name);
      await eventually('Argo CD meets it', async () => {
        const shown = await stage.rig.argocd.call('GET', `/api/v1/applications/${stage.name}?refresh=hard`);
        const types = listAt(shown, 'status', 'conditions').map((one) => textAt(one, 'type'));
        assert.ok(types.includes('ComparisonError'), types.join());
      });
      // Longer than the grace time of what is Degraded: an outage is no verdict about the change.
      await stillWaiting(waiting, 8000);
      away = false;
      await isLive(stage, waiting);
    },
  },
  {
    title:
      'kube-apiserver is away in the middle of the wait, which Argo CD answers with 403: live when it is back',
    alone: true,
    async run(stage) {
      await begin(stage);
      const [waiting] = await waitingFor(stage);
      assert.ok(waiting);
      const { processes, kubernetes, argocd } = stage.rig;
      await processes.stop('kube-apiserver');
      const path = `/api/v1/applications/${stage.name}`;
      await assert.rejects(argocd.call('GET', path), /403|50\d/);
      await stillWaiting(waiting, 15_000);
      processes.again('kube-apiserver');
      await processes.until('kube-apiserver', 60, () => kubernetes.get('/readyz'));
      stage.rig.release(stage.name);
      await isLive(stage, waiting);
    },
  },
];
