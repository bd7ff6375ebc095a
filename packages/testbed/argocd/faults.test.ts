import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, textAt } from './json.ts';
import { type Bench, image, sleep, startBench } from './testing.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const revision = ['status', 'sync', 'revision'] as const;
const health = ['status', 'health', 'status'] as const;
const path = (name: string) => `/api/v1/applications/${name}`;

async function running(name: string) {
  await bench.create(name, 'plain', { automated: true });
  await bench.until(name, health, 'Healthy');
  await bench.argocd.idle(name);
}

describe('a refresh', () => {
  test('that is lost answers 200 with the comparison before; the next one sees the commit', async () => {
    await running('lost');
    bench.argocd.faults.loseRefresh('lost');
    const commit = bench.setTag('2.0.0');
    expect(textAt(await bench.get('lost', '?refresh=normal'), ...revision)).not.toBe(commit);
    expect(textAt(await bench.get('lost', '?refresh=normal'), ...revision)).toBe(commit);
  });

  test('that arrives during a slow comparison is lost with it', async () => {
    await running('slow');
    bench.argocd.faults.slowReconcile('slow', 1500);
    const first = bench.get('slow', '?refresh=normal');
    await sleep(100);
    const commit = bench.setTag('2.0.1');
    const second = await bench.get('slow', '?refresh=normal');
    await first;
    expect(textAt(second, ...revision)).not.toBe(commit);
    bench.argocd.faults.slowReconcile('slow', 0);
  });

  test('may see an older commit from a cache, with a fresh reconciledAt', async () => {
    await running('cached');
    const old = textAt(await bench.get('cached'), ...revision) ?? '';
    const commit = bench.setTag('2.0.2');
    bench.argocd.faults.cachedRevision('cached', old, 1);
    expect(textAt(await bench.get('cached', '?refresh=hard'), ...revision)).toBe(old);
    expect(textAt(await bench.get('cached', '?refresh=hard'), ...revision)).toBe(commit);
  });

  test('writes nothing while the status is stale', async () => {
    await running('stale');
    bench.argocd.faults.staleStatus('stale', 1000);
    const commit = bench.setTag('2.0.3');
    expect(textAt(await bench.get('stale', '?refresh=normal'), ...revision)).not.toBe(commit);
    await sleep(1010);
    expect(textAt(await bench.get('stale', '?refresh=normal'), ...revision)).toBe(commit);
  });
});

test("somebody else's operation refuses ours until it is through", async () => {
  await running('busy');
  bench.argocd.faults.busy('busy', 600, 'bob');
  expect((await bench.call('POST', `${path('busy')}/sync`, {})).status).toBe(400);
  await bench.argocd.idle('busy');
  expect((await bench.call('POST', `${path('busy')}/sync`, {})).status).toBe(200);
});

test('an application that never syncs stays OutOfSync', async () => {
  await running('never');
  bench.argocd.faults.neverSync('never');
  bench.setTag('2.1.0');
  await bench.get('never', '?refresh=normal');
  await sleep(100);
  expect(textAt(await bench.get('never'), 'status', 'sync', 'status')).toBe('OutOfSync');
});

test('Degraded for a while moves lastTransitionTime and not reconciledAt', async () => {
  await running('flaky');
  const before = await bench.get('flaky');
  bench.argocd.faults.healthFor('flaky', 'web', 'Degraded', 600);
  const degraded = await bench.until('flaky', health, 'Degraded');
  expect(textAt(degraded, 'status', 'reconciledAt')).toBe(textAt(before, 'status', 'reconciledAt'));
  await bench.until('flaky', health, 'Healthy');
});

test('a dry run replaces the operation state and changes nothing', async () => {
  await bench.create('dry');
  await bench.call('POST', `${path('dry')}/sync`, { dryRun: true });
  await bench.argocd.idle('dry');
  const app = await bench.get('dry');
  expect(textAt(app, 'status', 'operationState', 'message')).toBe('successfully synced (no more tasks)');
  expect(at(app, 'status', 'operationState', 'syncResult', 'resources', 1, 'images')).toHaveLength(1);
  expect(at(app, 'status', 'history')).toBeUndefined();
  expect(bench.argocd.liveImages('dry')).toEqual([]);
});

test('auto-sync does not try a failed commit again, and says so; the next commit clears it', async () => {
  await bench.create('refused', 'plain', { automated: true, retry: { limit: 0 } });
  await bench.argocd.idle('refused');
  bench.argocd.faults.refuseApply('refused', 'web', 'admission webhook "policy" denied the request');
  const failed = bench.setTag('2.2.0');
  await bench.get('refused', '?refresh=normal');
  await bench.until('refused', ['status', 'conditions', 0, 'type'], 'SyncError');
  const app = await bench.get('refused', '?refresh=normal');
  const condition = textAt(app, 'status', 'conditions', 0, 'message');
  expect(condition).toContain(`Failed last sync attempt to [${failed}]`);
  bench.argocd.faults.refuseApply('refused', 'web', undefined);
  bench.setTag('2.2.1');
  await bench.get('refused', '?refresh=normal');
  await bench.argocd.idle('refused');
  expect(at(await bench.get('refused'), 'status', 'conditions')).toBeUndefined();
  expect(bench.argocd.liveImages('refused')).toEqual([image('2.2.1')]);
});

describe('HTTP', () => {
  test.each([
    [503, { type: 'reply', status: 503, body: 'upstream' } as const],
    [429, { type: 'reply', status: 429, body: '', headers: { 'Retry-After': '1' } } as const],
  ])('%i is answered once, then the real thing', async (status, fault) => {
    bench.argocd.faults.http('GET /api/version', fault);
    expect((await fetch(`${bench.argocd.url}/api/version`)).status).toBe(status);
    expect((await fetch(`${bench.argocd.url}/api/version`)).status).toBe(200);
  });

  test.each(['before-headers', 'in-body'] as const)('a connection is cut %s', async (when) => {
    bench.argocd.faults.http(/version$/, { type: 'cut', when });
    const cut = fetch(`${bench.argocd.url}/api/version`).then((response) => response.text());
    await expect(cut).rejects.toThrow();
  });

  test('an HTML page comes with status 200', async () => {
    bench.argocd.faults.html('version');
    const response = await fetch(`${bench.argocd.url}/api/version`);
    expect(response.headers.get('content-type')).toContain('text/html');
  });
});

describe('a stream', () => {
  async function open(query: string, accept: string) {
    const response = await fetch(`${bench.argocd.url}/api/v1/stream/applications${query}`, {
      headers: { Authorization: `Bearer ${bench.argocd.token()}`, Accept: accept },
    });
    return response.body?.pipeThrough(new TextDecoderStream()).getReader();
  }

  test.each([
    ['text/event-stream', /^data: \{"result":\{"type":"ADDED",.*\} \n\n\n$/],
    ['application/json', /^\{"result":\{"type":"ADDED",.*\}\n$/],
  ])('as %s begins with the application and tells each change', async (accept, first) => {
    await running(`stream-${accept.length}`);
    const reader = await open(`?name=stream-${accept.length}`, accept);
    expect((await reader?.read())?.value).toMatch(first);
    bench.argocd.setHealth(`stream-${accept.length}`, 'web', 'Suspended');
    expect((await reader?.read())?.value).toContain('"type":"MODIFIED"');
    bench.argocd.faults.dropStreams('end');
    expect((await reader?.read())?.done).toBe(true);
  });

  test('that is cut rejects', async () => {
    const reader = await open('', 'application/json');
    await reader?.read();
    bench.argocd.faults.dropStreams();
    const rest = async () => {
      while (!(await reader?.read())?.done);
    };
    await expect(rest()).rejects.toThrow();
  });
});
