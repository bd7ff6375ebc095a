import { afterEach, expect, test } from 'vitest';
import { at, type Json, textAt } from './json.ts';
import { type Bench, image, sleep, startBench } from './testing.ts';
import type { PodTrouble } from './troubles.ts';

const rollout = (tag: string, strategy: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web }
spec:
  replicas: 5
  strategy: ${strategy}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "${image(tag)}" }] }
`;
const canary =
  '{ canary: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: { duration: 1s } }] } }';
const blueGreen = '{ blueGreen: { activeService: web, autoPromotionEnabled: false } }';

let bench: Bench | undefined;
afterEach(() => bench?.close());

async function start(strategy: string): Promise<Bench> {
  bench = await startBench({ timing: { rollout: 20 }, pods: true });
  bench.repository.commit({ 'rollouts/web.yaml': rollout('1.0.0', strategy) });
  await bench.create('web', 'rollouts', { automated: true, deployed: true });
  return bench;
}

const statusOf = ({ argocd }: Bench): Json | undefined => at(argocd.live('web').get('Rollout/web'), 'status');
const health = ['status', 'health', 'status'];

async function update(here: Bench, strategy: string): Promise<void> {
  here.repository.commit({ 'rollouts/web.yaml': rollout('1.1.0', strategy) });
  await here.argocd.poll('web');
}

test('a canary goes to its pause, on when it is promoted, and through the timed one by itself', async () => {
  const here = await start(canary);
  expect(statusOf(here)).toMatchObject({ phase: 'Healthy', currentStepIndex: 4 });
  await update(here, canary);
  await here.until('web', health, 'Suspended');
  expect(statusOf(here)).toMatchObject({
    phase: 'Paused',
    message: 'CanaryPauseStep',
    currentStepIndex: 1,
    updatedReplicas: 1,
  });
  here.argocd.rollout('web', 'Rollout/web', 'promote');
  await here.until('web', health, 'Healthy');
  const { currentPodHash, stableRS } = Object(statusOf(here));
  expect(stableRS).toBe(currentPodHash);
});

test('until its controller has looked, the status is of the generation before, and Argo CD says Progressing', async () => {
  const here = await start(canary);
  here.argocd.setLiveImage('web', 'Rollout/web', image('2.0.0'));
  const live = here.argocd.live('web').get('Rollout/web');
  expect([at(live, 'metadata', 'generation'), textAt(live, 'status', 'observedGeneration')]).toEqual([
    2,
    '1',
  ]);
  await sleep(5);
  expect(textAt(here.argocd.application('web'), 'status', 'resources', 0, 'health', 'message')).toMatch(
    /to be observed/,
  );
});

test('an abort is Degraded with the words of the analysis, which has its run in the tree', async () => {
  const here = await start(canary);
  await update(here, canary);
  await here.until('web', health, 'Suspended');
  here.argocd.rollout('web', 'Rollout/web', 'abort', 'Metric "success-rate" assessed Failed');
  await here.until('web', health, 'Degraded');
  expect(statusOf(here)).toMatchObject({
    abort: true,
    message: expect.stringContaining('Metric "success-rate"'),
  });
  const tree = await here.call('GET', '/api/v1/applications/web/resource-tree');
  expect(JSON.stringify(tree.body)).toContain('"kind":"AnalysisRun"');
  here.argocd.rollout('web', 'Rollout/web', 'retry');
  here.argocd.rollout('web', 'Rollout/web', 'promote-full');
  await here.until('web', health, 'Healthy');
});

test('with two services the active one follows when it is promoted', async () => {
  const here = await start(blueGreen);
  await update(here, blueGreen);
  await here.until('web', health, 'Suspended');
  const { blueGreen: selectors, currentPodHash, stableRS } = Object(statusOf(here));
  expect(selectors).toEqual({ activeSelector: stableRS, previewSelector: currentPodHash });
  here.argocd.rollout('web', 'Rollout/web', 'promote');
  await here.until('web', health, 'Healthy');
});

test('a Deployment that it refers to is rolled out as its own template is', async () => {
  bench = await startBench({ timing: { rollout: 20 } });
  const reference = 'workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web }';
  const steps = '{ canary: { steps: [{ setWeight: 20 }, { pause: {} }] } }';
  bench.repository.commit({
    'plain/rollout.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: web }\nspec:\n  ${reference}\n  strategy: ${steps}\n`,
  });
  await bench.create('web', 'plain', { automated: true, deployed: true });
  expect(statusOf(bench)).toMatchObject({ phase: 'Healthy', workloadObservedGeneration: '1' });
  bench.setTag('1.1.0');
  await bench.argocd.poll('web');
  await bench.until('web', health, 'Suspended');
  expect(statusOf(bench)).toMatchObject({ phase: 'Paused', workloadObservedGeneration: '2' });
  bench.argocd.rollout('web', 'Rollout/web', 'promote');
  await bench.until('web', health, 'Healthy');
});

const troubles: readonly (readonly [PodTrouble, string, string])[] = [
  ['image', 'Pod', 'Failed to pull image'],
  ['crash', 'Pod', 'Back-off restarting failed container'],
  ['unschedulable', 'Pod', '0/3 nodes are available'],
  ['probe', 'Pod', 'Readiness probe failed'],
  ['quota', 'ReplicaSet', 'exceeded quota'],
  ['admission', 'ReplicaSet', 'admission webhook'],
];
test.each(
  troubles,
)('Pods that do not come up (%s) show in the tree and in the events of their %s', async (trouble, kind, words) => {
  bench = await startBench({ pods: true });
  await bench.create('web', 'plain', { automated: true, deployed: true });
  bench.argocd.setTrouble('web', 'Deployment/web', trouble);
  bench.setTag('1.1.0');
  await bench.argocd.poll('web');
  await bench.until('web', health, 'Degraded');
  const { body } = await bench.call('GET', '/api/v1/applications/web/resource-tree');
  const nodes = Object(body).nodes;
  const node = nodes.find(
    (one: { kind: string; health: { status: string } }) =>
      one.kind === kind && one.health.status !== 'Healthy',
  );
  const query = new URLSearchParams({
    resourceUID: node.uid,
    resourceName: node.name,
    resourceNamespace: node.namespace,
  });
  const events = await bench.call('GET', `/api/v1/applications/web/events?${query}`);
  expect(JSON.stringify(events.body)).toContain(words);
  const unknown = await bench.call(
    'GET',
    '/api/v1/applications/web/events?resourceUID=x&resourceName=y&resourceNamespace=z',
  );
  expect(unknown).toMatchObject({ status: 400 });
  expect(bench.argocd.violations).toEqual([]);
});
