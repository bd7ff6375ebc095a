import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, type Json, type JsonObject, textAt, toJson } from './json.ts';
import {
  createScratchRepository,
  deployment,
  type ScratchRepository,
  sampleFiles,
} from './scratch-repository.ts';
import { type ArgoCdStandIn, startArgoCd } from './stand-in.ts';

let repository: ScratchRepository;
let argocd: ArgoCdStandIn;
let token: string;

beforeAll(async () => {
  repository = createScratchRepository(sampleFiles);
  argocd = await startArgoCd({ badImages: ['registry.example.com/web:bad'] });
  token = argocd.token();
});
afterAll(async () => {
  await argocd.close();
  repository.close();
});

interface Answer {
  readonly status: number;
  readonly body: Json;
}

async function call(method: string, path: string, body?: JsonObject, bearer = token): Promise<Answer> {
  const response = await fetch(`${argocd.url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${bearer}`,
      ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: toJson(await response.json()) };
}

const create = (name: string, path: string, more: object = {}) =>
  argocd.createApplication({ name, path, repoURL: repository.url, targetRevision: 'main', ...more });
const get = async (name: string, query = '') =>
  (await call('GET', `/api/v1/applications/${name}${query}`)).body;
const web = (tag: string) => ({
  'plain/deployment.yaml': deployment('web', `registry.example.com/web:${tag}`),
});

async function until(name: string, keys: readonly (string | number)[], wanted: string): Promise<Json> {
  for (let i = 0; i < 200; i++) {
    const app = await get(name);
    if (textAt(app, ...keys) === wanted) return app;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(
    `${name}: ${keys.join('.')} never became ${wanted}: ${JSON.stringify(argocd.application(name))}`,
  );
}

describe('reconciles from the real repository', () => {
  test('a manual application is OutOfSync and Missing until it is synced, then Progressing, then Healthy', async () => {
    await create('manual', 'plain');
    const before = await get('manual', '?refresh=normal');
    expect(textAt(before, 'status', 'sync', 'status')).toBe('OutOfSync');
    expect(textAt(before, 'status', 'health', 'status')).toBe('Missing');
    const started = await call('POST', '/api/v1/applications/manual/sync', { revision: 'main' });
    expect(started.status).toBe(200);
    expect(textAt(started.body, 'operation', 'sync', 'revision')).toMatch(/^[0-9a-f]{40}$/);
    await until('manual', ['status', 'health', 'status'], 'Progressing');
    const after = await until('manual', ['status', 'health', 'status'], 'Healthy');
    expect(textAt(after, 'status', 'sync', 'status')).toBe('Synced');
    expect(at(after, 'status', 'operationState', 'syncResult', 'resources', 1, 'images')).toEqual([
      'registry.example.com/web:1.0.0',
    ]);
  });

  test.each([
    ['kustomize', 'Kustomize', 'registry.example.com/web:1.0.0'],
    ['helm', 'Helm', 'registry.example.com/web:1.0.0'],
    ['plain', 'Directory', 'registry.example.com/web:1.0.0'],
  ])('%s is rendered as %s', async (path, type, image) => {
    await create(`auto-${path}`, path, { automated: true });
    const app = await until(`auto-${path}`, ['status', 'health', 'status'], 'Healthy');
    expect(textAt(app, 'status', 'sourceType')).toBe(type);
    expect(argocd.liveImages(`auto-${path}`)).toEqual([image]);
  });

  test('auto-sync applies a new commit when a refresh shows it, and not before', async () => {
    await create('auto', 'plain', { automated: true });
    await until('auto', ['status', 'health', 'status'], 'Healthy');
    const commit = repository.commit(web('1.1.0'));
    expect(textAt(await get('auto'), 'status', 'sync', 'revision')).not.toBe(commit);
    expect(textAt(await get('auto', '?refresh=normal'), 'status', 'sync', 'revision')).toBe(commit);
    await until('auto', ['status', 'operationState', 'syncResult', 'revision'], commit);
    await argocd.idle('auto');
    expect(argocd.liveImages('auto')).toEqual(['registry.example.com/web:1.1.0']);
  });

  test('a bad image ends Degraded with the reason', async () => {
    await create('bad', 'plain', { automated: true });
    repository.commit(web('bad'));
    await get('bad', '?refresh=normal');
    const app = await until('bad', ['status', 'health', 'status'], 'Degraded');
    expect(textAt(app, 'status', 'resources', 1, 'health', 'message')).toBe(
      'Deployment "web" exceeded its progress deadline',
    );
    repository.commit(web('1.2.0'));
    await get('bad', '?refresh=normal');
    await until('bad', ['status', 'health', 'status'], 'Healthy');
  });
});

test('nothing that a real Argo CD would not know was asked', () => {
  expect(argocd.violations).toEqual([]);
});
