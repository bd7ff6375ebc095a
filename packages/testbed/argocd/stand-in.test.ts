import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, textAt } from './json.ts';
import { type Bench, image, startBench } from './testing.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ badImages: [image('bad')] });
});
afterAll(() => bench.close());

const health = ['status', 'health', 'status'] as const;
const sync = ['status', 'sync', 'status'] as const;

describe('reconciles from the real repository', () => {
  test('a manual application is OutOfSync and Missing until it is synced, then Progressing, then Healthy', async () => {
    await bench.create('manual');
    const before = await bench.get('manual', '?refresh=normal');
    expect([textAt(before, ...sync), textAt(before, ...health)]).toEqual(['OutOfSync', 'Missing']);
    const { rollout } = bench.argocd.timing;
    bench.argocd.timing.rollout = 600_000;
    const started = await bench.call('POST', '/api/v1/applications/manual/sync', { revision: 'main' });
    expect(textAt(started.body, 'operation', 'sync', 'revision')).toMatch(/^[0-9a-f]{40}$/);
    await bench.until('manual', health, 'Progressing');
    bench.argocd.timing.rollout = rollout;
    bench.argocd.setHealth('manual', 'Deployment/web', 'auto');
    const after = await bench.until('manual', health, 'Healthy');
    expect(textAt(after, ...sync)).toBe('Synced');
    const applied = at(after, 'status', 'operationState', 'syncResult', 'resources', 1, 'images');
    expect(applied).toEqual([image('1.0.0')]);
  });

  test.each([
    ['kustomize', 'Kustomize'],
    ['helm', 'Helm'],
    ['plain', 'Directory'],
  ])('%s is rendered as %s', async (path, type) => {
    await bench.create(`auto-${path}`, path, { automated: true });
    const app = await bench.until(`auto-${path}`, health, 'Healthy');
    expect(textAt(app, 'status', 'sourceType')).toBe(type);
    expect(bench.argocd.liveImages(`auto-${path}`)).toEqual([image('1.0.0')]);
  });

  test('auto-sync applies a new commit when a refresh shows it, and not before', async () => {
    await bench.create('auto', 'plain', { automated: true });
    await bench.until('auto', health, 'Healthy');
    const commit = bench.setTag('1.1.0');
    expect(textAt(await bench.get('auto'), 'status', 'sync', 'revision')).not.toBe(commit);
    expect(textAt(await bench.get('auto', '?refresh=normal'), 'status', 'sync', 'revision')).toBe(commit);
    await bench.until('auto', ['status', 'operationState', 'syncResult', 'revision'], commit);
    await bench.argocd.idle('auto');
    expect(bench.argocd.liveImages('auto')).toEqual([image('1.1.0')]);
  });

  test('a bad image ends Degraded with the reason, and the next good commit heals it', async () => {
    await bench.create('bad', 'plain', { automated: true });
    bench.setTag('bad');
    await bench.get('bad', '?refresh=normal');
    const app = await bench.until('bad', health, 'Degraded');
    const why = textAt(app, 'status', 'resources', 1, 'health', 'message');
    expect(why).toBe('Deployment "web" exceeded its progress deadline');
    bench.setTag('1.2.0');
    await bench.get('bad', '?refresh=normal');
    await bench.until('bad', health, 'Healthy');
  });

  test('self-heal puts a drift back by a partial operation that leaves no history', async () => {
    await bench.create('heal', 'plain', { automated: { selfHeal: true } });
    await bench.until('heal', health, 'Healthy');
    await bench.argocd.idle('heal');
    const wanted = bench.argocd.liveImages('heal');
    bench.argocd.setLiveImage('heal', 'web', image('9.9.9'));
    await bench.until('heal', sync, 'OutOfSync');
    const app = await bench.until('heal', sync, 'Synced');
    expect(bench.argocd.liveImages('heal')).toEqual(wanted);
    expect(at(app, 'status', 'operationState', 'operation', 'sync', 'resources', 0, 'name')).toBe('web');
    expect(at(app, 'status', 'history', 1)).toBeUndefined();
  });
});

describe('what hides a commit', () => {
  test.each([
    ['helm', { helm: { parameters: [{ name: 'image.tag', value: '0.9.0' }] } }],
    ['kustomize', { kustomize: { images: [image('0.9.0')] } }],
  ])('an override of the Application for %s', async (path, override) => {
    await bench.create(`hidden-${path}`, path, { automated: true, ...override });
    await bench.until(`hidden-${path}`, health, 'Healthy');
    expect(bench.argocd.liveImages(`hidden-${path}`)).toEqual([image('0.9.0')]);
  });

  test('a file .argocd-source-<app>.yaml beside the chart, for that application alone', async () => {
    const file = 'helm/.argocd-source-hidden-file.yaml';
    bench.repository.commit({ [file]: 'helm:\n  parameters:\n    - name: image.tag\n      value: 0.8.0\n' });
    await bench.create('hidden-file', 'helm', { automated: true });
    await bench.create('not-hidden', 'helm', { automated: true });
    await bench.until('hidden-file', health, 'Healthy');
    await bench.until('not-hidden', health, 'Healthy');
    expect(bench.argocd.liveImages('hidden-file')).toEqual([image('0.8.0')]);
    expect(bench.argocd.liveImages('not-hidden')).toEqual([image('1.0.0')]);
  });
});

test('with Pods, the old image runs until the rollout is through', async () => {
  const nodes = await startBench({ pods: true, timing: { rollout: 600_000 } });
  await nodes.create('pods', 'plain', { automated: true, deployed: true });
  nodes.setTag('2.0.0');
  await nodes.get('pods', '?refresh=normal');
  await nodes.until('pods', health, 'Progressing');
  const during = JSON.stringify((await nodes.call('GET', '/api/v1/applications/pods/resource-tree')).body);
  expect([during.includes(image('1.0.0')), during.includes(image('2.0.0'))]).toEqual([true, true]);
  nodes.argocd.setHealth('pods', 'web', 'auto');
  const after = await nodes.until('pods', health, 'Healthy');
  expect(at(after, 'status', 'summary', 'images')).toEqual([image('2.0.0')]);
  await nodes.close();
});

test('nothing that a real Argo CD would not know was asked', () => {
  expect(bench.argocd.violations).toEqual([]);
});
