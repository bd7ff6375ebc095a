import {
  createScratchRepository,
  type ScratchRepository,
  sampleFiles,
} from '@sluice/testbed/argocd/scratch-repository';
import { type ArgoCdStandIn, startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recording, recordingsAreHere } from './argocd-recorded.ts';

let argocd: ArgoCdStandIn;
let repository: ScratchRepository;
let values: ScratchRepository;
const tokens = { ci: '', reader: '', shop: '', none: '', bad: 'not-a-token' };
const unknownSha = '0123456789012345678901234567890123456789';

beforeAll(async () => {
  repository = createScratchRepository(sampleFiles);
  values = createScratchRepository({ 'prod.yaml': 'image:\n  tag: 7.0.0\n' });
  argocd = await startArgoCd();
  tokens.ci = argocd.token();
  tokens.reader = argocd.token({ name: 'reader', project: 'default', actions: ['get'] });
  tokens.shop = argocd.token({ name: 'proj:shop:deployer', project: 'shop', actions: ['get', 'sync'] });
  const common = { repoURL: repository.url, path: 'plain', targetRevision: 'main' };
  await argocd.createApplication({ ...common, name: 'demo' });
  await argocd.createApplication({ ...common, name: 'wh' });
  await argocd.createApplication({ ...common, name: 'automatic', automated: true });
  await argocd.createApplication({ ...common, name: 'hooks', path: 'hooks' });
  argocd.createProject('frozen', [
    { kind: 'deny', schedule: '* * * * *', duration: '1h', manualSync: false },
  ]);
  await argocd.createApplication({ ...common, name: 'frozen', project: 'frozen' });
  const sources = [
    {
      repoURL: repository.url,
      path: 'helm',
      targetRevision: 'main',
      helm: { valueFiles: ['$values/prod.yaml'] },
    },
    { repoURL: values.url, targetRevision: 'main', ref: 'values' },
  ];
  await argocd.createApplication({ ...common, name: 'multi2', sources });
});
afterAll(async () => {
  await argocd.close();
  repository.close();
  values.close();
});

interface Request {
  readonly method?: string;
  readonly path: string;
  readonly as?: keyof typeof tokens;
  readonly body?: object;
  readonly contentType?: string;
  readonly accept?: string;
}

async function ask({
  method = 'GET',
  path,
  as = 'ci',
  body,
  contentType = 'application/json',
  accept,
}: Request) {
  const response = await fetch(`${argocd.url}/api/v1/${path}`, {
    method,
    headers: {
      ...(as === 'none' ? {} : { Authorization: `Bearer ${tokens[as]}` }),
      ...(method === 'GET' ? {} : { 'Content-Type': contentType }),
      ...(accept === undefined ? {} : { Accept: accept }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** Commits, times and ports differ from run to run. */
const same = (text: string) =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '<host>')
    .replaceAll(/\b(?!0123456789)[0-9a-f]{40}\b/g, '<commit>');

const sync = (app: string, body: object = {}, more: Partial<Request> = {}): Request => ({
  method: 'POST',
  path: `applications/${app}/sync`,
  body,
  ...more,
});

interface Refusal {
  readonly recorded: string;
  readonly request: Request;
  readonly before?: () => void;
  readonly after?: () => void;
}

const hang = () => argocd.faults.busy('hooks', 2_000);
const down = (on: boolean) => () => argocd.faults.kubernetesDown(on);

const refusals: readonly Refusal[] = [
  { recorded: 'get-401-no-token', request: { path: 'applications/demo', as: 'none' } },
  { recorded: 'get-403-missing-app-no-project', request: { path: 'applications/nope' } },
  { recorded: 'get-403-other-project', request: { path: 'applications/demo', as: 'shop' } },
  { recorded: 'get-404-missing-app-with-project', request: { path: 'applications/nope?project=default' } },
  { recorded: 'get-404-wrong-project', request: { path: 'applications/demo?project=other' } },
  {
    recorded: 'get-kubernetes-down-no-project',
    request: { path: 'applications/demo' },
    before: down(true),
    after: down(false),
  },
  {
    recorded: 'get-kubernetes-down-with-project',
    request: { path: 'applications/demo?project=default' },
    before: down(true),
    after: down(false),
  },
  {
    recorded: 'sync-400-autosync-other-revision',
    request: sync('automatic', { revision: '892b5b89a497bf4b92994a74aaf167fff895d21a' }),
  },
  {
    recorded: 'sync-400-busy',
    request: sync('hooks', { infos: [{ name: 'gha-run', value: 'o/r/124/1' }] }),
    before: hang,
  },
  {
    recorded: 'sync-400-source-positions-as-strings',
    request: sync('multi2', { revisions: ['main'], sourcePositions: ['1'] }),
  },
  { recorded: 'sync-400-unresolvable-revision', request: sync('wh', { revision: 'nope' }) },
  { recorded: 'sync-403-no-sync-right', request: sync('demo', {}, { as: 'reader' }) },
  { recorded: 'sync-403-other-project', request: sync('demo', {}, { as: 'shop' }) },
  { recorded: 'sync-403-window', request: sync('frozen') },
  {
    recorded: 'sync-415-content-type',
    request: sync('demo', { dryRun: true }, { contentType: 'application/json; charset=utf-8' }),
  },
  {
    recorded: 'sync-500-fewer-revisions-than-positions',
    request: sync('multi2', { revisions: ['main'], sourcePositions: [1, 2] }),
  },
  {
    recorded: 'sync-500-source-position-out-of-range',
    request: sync('multi2', { revisions: ['main'], sourcePositions: [3] }),
  },
  {
    recorded: 'sync-repo-server-down',
    request: sync('demo', { revision: 'main' }),
    before: () => argocd.faults.repoServerDown(true),
    after: () => argocd.faults.repoServerDown(false),
  },
  {
    recorded: 'terminate-400-nothing-running',
    request: { method: 'DELETE', path: 'applications/wh/operation' },
  },
  {
    recorded: 'revision-metadata-unknown',
    request: { path: `applications/demo/revisions/${unknownSha}/metadata` },
  },
];

describe.skipIf(!recordingsAreHere)('a refusal has the recorded status and words', () => {
  test.each(refusals)('$recorded', async ({ recorded, request, before, after }) => {
    before?.();
    const answer = await ask(request);
    after?.();
    const { status, body } = JSON.parse(recording(`${recorded}.json`)).response;
    expect(answer.status).toBe(status);
    expect(same(answer.text)).toBe(same(typeof body === 'string' ? body : JSON.stringify(body)));
  });

  test('stream-401.sse', async () => {
    const request = { path: 'stream/applications', as: 'none', accept: 'text/event-stream' } as const;
    expect(await ask(request)).toEqual({ status: 401, text: recording('stream-401.sse.txt') });
  });
});

describe('tokens', () => {
  test.each([
    ['malformed', () => tokens.bad, 'invalid session: token is malformed'],
    [
      'expired',
      () => argocd.token({ expiresInMs: -1 }),
      'invalid session: token has invalid claims: token is expired',
    ],
  ])('one that is %s is 401', async (_, token, words) => {
    tokens.bad = token();
    const answer = await ask({ path: 'applications/demo', as: 'bad' });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain(words);
  });

  test('one that is revoked is 401 from then on', async () => {
    tokens.bad = argocd.token();
    expect((await ask({ path: 'applications/demo', as: 'bad' })).status).toBe(200);
    argocd.faults.revokeToken(tokens.bad);
    expect((await ask({ path: 'applications/demo', as: 'bad' })).status).toBe(401);
  });

  test('while the Kubernetes API is away, the list and can-i still answer', async () => {
    argocd.faults.kubernetesDown(true);
    expect((await ask({ path: 'applications?name=demo' })).status).toBe(200);
    expect((await ask({ path: 'account/can-i/applications/get/default/demo' })).text).toBe('{"value":"yes"}');
    argocd.faults.kubernetesDown(false);
  });

  test('can-i says what the token may', async () => {
    const path = 'account/can-i/applications/sync/default/demo';
    expect((await ask({ path, as: 'reader' })).text).toBe('{"value":"no"}');
    expect((await ask({ path })).text).toBe('{"value":"yes"}');
  });
});

describe('what a real Argo CD does not know is told', () => {
  test.each<[string, Request, string]>([
    ['a route', { path: 'nothing' }, 'GET /api/v1/nothing: no such route'],
    [
      'a query parameter',
      { path: 'applications/demo?project=default&projekt=x' },
      'unknown query parameter projekt',
    ],
    ['a body field', sync('wh', { dryRun: true, wait: true }), 'unknown body field wait'],
    [
      'a field below',
      sync('demo', { retryStrategy: { limits: 2 } }),
      'unknown body field retryStrategy.limits',
    ],
  ])('%s', async (_, request, words) => {
    const before = argocd.violations.length;
    await ask(request);
    expect(argocd.violations.slice(before).join()).toContain(words);
  });
});
