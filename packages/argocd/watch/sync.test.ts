import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import { describe, expect, it } from 'vitest';
import type { ArgoCD, SyncRequest } from '../api/port.ts';
import { argocdWith } from '../api/test-argocd.ts';
import { parseApplication } from '../observation.ts';
import { requestSync } from './sync.ts';

const sha = 'a'.repeat(40);
const marker = { name: 'sluice-run', value: 'acme/app/1/1' };
const clock: Clock = { now: () => 5000, sleep: async () => undefined };

function application(spec: object = {}, more: object = {}) {
  const source = { repoURL: 'https://git.example/acme/gitops', path: 'apps', targetRevision: 'main' };
  return parseApplication({
    metadata: { name: 'web', namespace: 'argocd' },
    spec: { project: 'shop', source, ...spec },
    status: { sync: { status: 'OutOfSync', revision: sha } },
    ...more,
  });
}

/** What was asked of Argo CD, which answers with `sync`, and shows `now` afterwards. */
function argocdOf(sync: ArgoCD['sync'], now = application()): { asked: SyncRequest[]; argocd: ArgoCD } {
  const asked: SyncRequest[] = [];
  const argocd = argocdWith({
    get: async () => ({ application: now, serverTime: 0 }),
    sync: (name, request) => {
      asked.push(request);
      return sync(name, request);
    },
  });
  return { asked, argocd };
}

const ask = (argocd: ArgoCD, observed = application(), sourceIndex = 0) => {
  const source = { repoURL: '', raw: {} };
  const selected = { argocd, application: observed, sourceIndex, source, paths: [] };
  return requestSync(argocd, clock, selected, observed, { prune: false, marker });
};

describe('the revision of a sync', () => {
  const sources = [
    { repoURL: 'https://charts.example', chart: 'web' },
    { repoURL: 'https://git.example/acme/gitops', ref: 'values' },
  ];
  const several = { status: { sync: { status: 'OutOfSync', revisions: ['1.0.0', sha] } } };
  it.each([
    ['the commit that was seen', application(), 0, { revision: sha }],
    ['none with auto-sync', application({ syncPolicy: { automated: {} } }), 0, {}],
    ['none where a branch name is shown', application({}, { status: { sync: { revision: 'main' } } }), 0, {}],
    [
      'with its source, where there are several',
      application({ source: undefined, sources }, several),
      1,
      { revision: sha, sourceIndex: 1 },
    ],
  ])('%s', async (_, observed, sourceIndex, revision) => {
    const { asked, argocd } = argocdOf(async () => ({ result: 'accepted' }));
    await ask(argocd, observed, sourceIndex);
    expect(asked).toMatchObject([{ prune: false, marker, ...revision }]);
    expect(asked[0]?.revision).toBe('revision' in revision ? revision.revision : undefined);
  });
});

describe('a request whose answer is lost', () => {
  const lost = () => Promise.reject(new SluiceError('platform', 'argocd-unreachable', 'cut'));
  const request = { name: 'sluice-request', value: 'acme/app/1/1/0/5000' };
  const operation = { sync: {}, info: [marker, request] };

  it.each([
    ['waits to begin', application({}, { operation })],
    ['runs or has ended', application({}, { status: { operationState: { phase: 'Running', operation } } })],
  ])('was accepted when an operation with our marker %s', async (_, now) => {
    const { asked, argocd } = argocdOf(lost, now);
    expect(await ask(argocd)).toEqual({ requestedAt: 5000, request: request.value, result: 'accepted' });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["somebody else's", { ...marker, value: 'acme/app/2/1' }],
    ['one of our earlier requests', { ...request, value: 'acme/app/1/1/0/4000' }],
  ])('was not when only %s is there', async (_, info) => {
    const other = { sync: {}, info: [marker, info] };
    const { argocd } = argocdOf(lost, application({}, { operation: other }));
    expect(await ask(argocd)).toMatchObject({ result: 'transient', message: 'cut' });
  });

  it('a token that is refused ends it', async () => {
    const denied = new SluiceError('permission', 'argocd-token', 'no');
    const { argocd } = argocdOf(() => Promise.reject(denied));
    await expect(ask(argocd)).rejects.toBe(denied);
  });
});
