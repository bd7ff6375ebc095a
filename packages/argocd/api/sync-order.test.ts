import { expect, it } from 'vitest';
import { givenToken } from './authorization.ts';
import type { Client, Reply } from './client.ts';
import { readSyncOrder } from './sync-order.ts';

const application = { name: 'shop-dev', namespace: 'argocd', project: 'shops' };

/** A server that answers this for the ApplicationSet, and says what the token may do. */
const asked = (reply: Reply, canI: 'yes' | 'no' = 'no') => {
  const client: Client = {
    server: 'https://argocd.example',
    login: givenToken,
    open: () => Promise.reject(new Error('not asked')),
    get: async (path) =>
      path.includes('/can-i/') ? { ok: true, body: { value: canI }, date: undefined } : reply,
    post: () => Promise.reject(new Error('not asked')),
    within: () => client,
  };
  return readSyncOrder(client, application, 'shops');
};

const found = (body: object): Reply => ({
  ok: true,
  body: JSON.parse(JSON.stringify(body)),
  date: undefined,
});
const refused = (status: number): Reply => ({ ok: false, status, code: undefined, message: 'no' });

it('an ApplicationSet without RollingSync owns no order', async () => {
  expect(await asked(found({ spec: {} }))).toEqual({ applicationSet: 'shops', rolling: false });
  expect(await asked(refused(404), 'yes')).toEqual({ applicationSet: 'shops', rolling: false });
});

it('of RollingSync the step of the application is told', async () => {
  const applicationStatus = [
    { application: 'shop-prod', step: '2', status: 'Waiting' },
    { application: 'shop-dev', step: '1', status: 'Progressing' },
  ];
  const set = { spec: { strategy: { type: 'RollingSync' } }, status: { applicationStatus } };
  expect(await asked(found(set))).toEqual({
    ...{ applicationSet: 'shops', rolling: true, step: '1', phase: 'Progressing' },
  });
});

it.each([
  ['the right is missing', 403, 'no', 'argocd-permission'],
  ['the right is missing, where it is not shown', 404, 'no', 'argocd-permission'],
  ['Kubernetes is away', 403, 'yes', 'argocd-unavailable'],
  ['Argo CD is away', 503, 'no', 'argocd-unavailable'],
] as const)('%s: HTTP %i, where can-i says %s', async (_, status, canI, code) => {
  await expect(asked(refused(status), canI)).rejects.toMatchObject({ code });
});
