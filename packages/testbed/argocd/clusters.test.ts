import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Json, toJson } from './json.ts';
import { type ArgoCdStandIn, startArgoCd } from './stand-in.ts';

const annotations = { 'argo.octopus.com/default-container-registry': 'mirror.example' };
const connectionState = { status: '', message: '', attemptedAt: null };
/** As Argo CD 3.2.11 showed a cluster whose Secret has that annotation. */
const other = {
  server: 'https://other.example',
  name: 'other',
  config: { tlsClientConfig: { insecure: false } },
  connectionState,
  info: { connectionState, cacheInfo: {}, applicationsCount: 0 },
  annotations,
};

let argocd: ArgoCdStandIn;
beforeAll(async () => {
  argocd = await startArgoCd({ clusters: [{ name: 'other', server: 'https://other.example', annotations }] });
});
afterAll(() => argocd.close());

async function clusters(query: string, token = argocd.token()): Promise<Json> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${argocd.url}/api/v1/clusters${query}`, { headers });
  expect(response.status).toBe(200);
  return toJson(await response.json());
}

test.each([
  '?server=https://other.example',
  '?name=other',
  '?id.type=name&id.value=other',
])('a cluster is listed by %s with its annotations', async (query) => {
  expect(await clusters(query)).toEqual({ metadata: {}, items: [other] });
});

test('a cluster that is not there is no item', async () => {
  expect(await clusters('?name=nope')).toEqual({ metadata: {}, items: null });
});

test('a token without `clusters, get` sees none, and is not refused', async () => {
  expect(await clusters('', argocd.token({ clusters: false }))).toEqual({ metadata: {}, items: null });
  expect(await clusters('', argocd.token({ project: 'shop' }))).toEqual({ metadata: {}, items: null });
});
