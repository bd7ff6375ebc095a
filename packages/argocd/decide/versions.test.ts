import type { Edit } from '@sluice/gitops/change';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { decide } from './decide.ts';
import {
  configMap,
  containerPlace,
  deployment,
  IMAGE,
  imageEdit,
  managed,
  manifest,
  OLD_IMAGE,
  OURS,
  operated,
  seconds,
  situation,
} from './testing.ts';

const SOURCE = { repoURL: 'https://git.example/gitops.git', path: 'apps/payments', targetRevision: 'main' };

describe('answers that leave fields out', () => {
  test('no comparedTo: there is no older spec that the status could be of', () => {
    const status = { sync: { status: 'Synced', revision: OURS } };
    expect(decide(situation({ shown: { status } }))).toMatchObject({ verdict: 'live' });
  });

  test.each([
    null,
    undefined,
    [],
  ])('resources: %j, so that what managed-resources shows live tells', (none) => {
    const status = { resources: none };
    expect(decide(situation({ shown: { status } }))).toMatchObject({ verdict: 'live' });
    const absent = [managed()].map(({ live: _, ...rest }) => rest);
    expect(decide(situation({ shown: { status }, resources: absent }))).toMatchObject({ clause: 'synced' });
    expect(decide(situation({ shown: { status, health: 'Degraded' } }))).toMatchObject({ clause: 'healthy' });
  });

  test('no operationState, and times of no health, as before 2.14: what was watched counts', () => {
    const status = { health: { status: 'Healthy' } };
    const input = { shown: { operationState: null, status } };
    expect(decide(situation(input))).toMatchObject({ verdict: 'live' });
    expect(decide(situation({ ...input, earlier: [] }))).toMatchObject({ type: 'wait', clause: 'healthy' });
  });

  test.each([
    { status: 'Unknown' },
    { status: 'Missing' },
    { status: 'Suspended' },
    { status: 'NewWord' },
  ])('an object whose health is %j is not healthy, and no failure', (health) => {
    const shown = { resources: [deployment({ health })], health: health.status };
    expect(decide(situation({ shown }))).toMatchObject({ type: 'wait', clause: 'healthy' });
  });

  test('a phase and a sync status that are not known yet are not done', () => {
    const operationState = operated({ phase: 'Hydrating' });
    expect(decide(situation({ shown: { operationState } }))).toMatchObject({ clause: 'operation' });
    expect(decide(situation({ shown: { resources: [deployment({ status: 'Drifting' })] } }))).toMatchObject({
      type: 'wait',
    });
  });

  test('`operation` without a word in it runs all the same', () => {
    expect(decide(situation({ shown: { operation: {} } }))).toMatchObject({ clause: 'operation' });
    expect(decide(situation({ shown: { operation: null } }))).toMatchObject({ verdict: 'live' });
  });
});

describe('several sources', () => {
  const sources = [{ repoURL: 'https://charts.example', chart: 'api' }, SOURCE];
  const prefixed = { ...managed(), name: 'prod-api-v2' };
  const of = (status: Readonly<Record<string, Json>>) =>
    decide(
      situation({
        sourceIndex: 1,
        resources: [prefixed],
        shown: {
          spec: { sources },
          resources: [deployment({ name: 'prod-api-v2' })],
          operationState: null,
          status: {
            sync: { status: 'Synced', revisions: ['1.0.0', OURS], comparedTo: { sources, destination: {} } },
            ...status,
          },
        },
      }),
    );

  test('have their kinds in sourceTypes: Kustomize may rename what Git holds', () => {
    expect(of({ sourceTypes: ['Helm', 'Kustomize'] })).not.toMatchObject({ verdict: 'not-effective' });
    expect(of({ sourceTypes: ['Kustomize', 'Directory'] })).toMatchObject({ verdict: 'not-effective' });
  });

  test('without kinds are not said to render nothing of it', () => {
    expect(of({})).not.toMatchObject({ verdict: 'not-effective' });
  });
});

describe('objects that Argo CD leaves out of account', () => {
  const settings = { scope: 'application' } as const;
  const copy = configMap({ name: 'copy', status: undefined });
  const extraneous = configMap({ name: 'extra', status: 'OutOfSync', requiresPruning: true });

  test('the whole is Synced when Argo CD says so, whatever single objects are', () => {
    const shown = { resources: [deployment(), copy, extraneous] };
    expect(decide(situation({ settings, shown }))).toMatchObject({ verdict: 'live' });
    expect(decide(situation({ settings, shown: { ...shown, sync: 'OutOfSync' } }))).not.toMatchObject({
      verdict: 'live',
    });
  });
});

describe('an Application in an Application', () => {
  const child = { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'child' };
  const edits: Edit[] = [
    { place: { type: 'value', document: 0, path: 'spec.source.targetRevision' }, from: 'v1', to: 'v2' },
  ];
  const resources = [{ ...child, status: 'Synced' }];

  test('is never taken as proof: what the child runs was not looked at', () => {
    const rendered = { revision: OURS, differing: [child] };
    const given = { edits, rendered, shown: { resources }, resources: [{ ...child, target: {}, live: {} }] };
    for (const scope of ['changed', 'application'] as const) {
      const input = situation({ ...given, settings: { scope } });
      expect(decide(input)).toMatchObject({ verdict: 'unknown', reason: 'generated' });
    }
  });

  test('that carries an image in its values is no running container', () => {
    const target = { kind: 'Application', spec: { source: { helm: { valuesObject: { image: IMAGE } } } } };
    const edit = imageEdit({ type: 'helm-value', path: 'child.image', holds: 'reference' });
    const input = situation({
      edits: [edit],
      resources: [{ ...child, target, live: target }],
      shown: { resources },
    });
    expect(decide(input)).toMatchObject({ verdict: 'unknown', reason: 'generated' });
  });
});

describe('hooks that no sync runs', () => {
  const place = { ...containerPlace, apiVersion: 'batch/v1', kind: 'Job', name: 'cleanup' } as const;
  const hook = (image: string) => ({
    ...{ group: 'batch', kind: 'Job', namespace: 'payments', name: 'cleanup', hook: true, dormant: true },
    target: manifest(image),
  });

  test('need only render the image, beside what runs', () => {
    const edits = [imageEdit(), imageEdit(place)];
    expect(decide(situation({ edits, resources: [managed(), hook(IMAGE)] }))).toMatchObject({
      verdict: 'live',
      proof: [{ container: 'app' }],
    });
    expect(decide(situation({ edits, resources: [managed(), hook(OLD_IMAGE)] }))).toMatchObject({
      verdict: 'not-effective',
    });
  });

  test('alone prove nothing', () => {
    expect(decide(situation({ edits: [imageEdit(place)], resources: [hook(IMAGE)] }))).toMatchObject({
      verdict: 'unknown',
      reason: 'nothing-to-verify',
    });
  });
});

describe('what nothing prunes', () => {
  const gone = configMap({ name: 'old', status: 'OutOfSync', requiresPruning: true });
  const settings = { scope: 'application' } as const;
  const shown = { sync: 'OutOfSync', resources: [deployment(), gone] };

  test.each([
    ['auto-sync', {}, /^Nothing prunes it: turn on .* `prune: true` and `sync: always`\.$/],
    ['auto-sync with self-heal', { selfHeal: true }, /`sync: always`\.$/],
    ['no auto-sync', null, /^Nothing prunes it: prune it in Argo CD, .* `sync: when-manual`\.$/],
  ])('%s: needs-sync, and `prune: true`', (_, automated, remedy) => {
    expect(decide(situation({ settings, shown: { ...shown, automated } }))).toMatchObject({
      verdict: 'failed',
      reason: 'needs-sync',
      sentence: expect.stringContaining('ConfigMap payments/old'),
      messages: [expect.stringMatching(remedy)],
    });
  });

  test('auto-sync that prunes is waited for, and so is a sync of ours that does', () => {
    expect(decide(situation({ settings, shown: { ...shown, automated: { prune: true } } }))).toMatchObject({
      type: 'wait',
    });
    const ourSync = { requestedAt: seconds(5), result: 'accepted' } as const;
    const asked = situation({ settings: { ...settings, sync: 'always', prune: true }, shown, ourSync });
    expect(decide(asked)).toMatchObject({ type: 'wait' });
    expect(decide({ ...asked, settings: { ...asked.settings, prune: false } })).toMatchObject({
      reason: 'needs-sync',
    });
  });
});

describe('somebody else', () => {
  const selective = (resources: readonly Json[]) => ({
    ...Object(operated({ phase: 'Failed', message: 'one or more objects failed', resources })),
    operation: { sync: { revision: OURS, resources: [{ kind: 'ConfigMap', name: 'settings' }] } },
  });
  const failed = { kind: 'ConfigMap', namespace: 'payments', name: 'settings', status: 'SyncFailed' };

  test('whose sync of other objects failed did not fail ours', () => {
    expect(decide(situation({ shown: { operationState: selective([failed]) } }))).toMatchObject({
      verdict: 'live',
    });
    const own = { ...failed, group: 'apps', kind: 'Deployment', name: 'api' };
    expect(decide(situation({ shown: { operationState: selective([own]) } }))).toMatchObject({
      verdict: 'failed',
    });
  });
});

describe('Argo CD cannot compare for now', () => {
  const error = (message: string) => ({
    sync: 'Unknown',
    revision: 'main',
    conditions: [{ type: 'ComparisonError', message, lastTransitionTime: '2026-11-21T03:00:30Z' }],
  });

  test.each([
    'rpc error: code = Unavailable desc = connection error',
    'rpc error: code = Unknown desc = failed to list refs: Get "https://git.example": dial tcp 10.0.0.1:443: connect: connection refused',
    'failed to get git client: context deadline exceeded',
    'Get "https://git.example/info/refs": net/http: TLS handshake timeout',
    'lookup git.example: no such host',
    'rpc error: code = Unknown desc = failed to list refs: unexpected client error: unexpected requesting "https://git.example/gitops.git/info/refs?service=git-upload-pack" status code: 503',
    "rpc error: code = Internal desc = Failed to fetch default: `git fetch origin --tags --force --prune` failed exit status 128: fatal: unable to access 'https://git.example/gitops.git/': The requested URL returned error: 502",
    "fatal: unable to access 'https://git.example/gitops.git/': Could not resolve host: git.example",
    '`git fetch origin` failed exit status 128: fatal: the remote end hung up unexpectedly',
    'failed to list refs: Get "https://git.example/gitops.git/info/refs?service=git-upload-pack": EOF',
    'failed to list refs: unexpected client error: status code: 429',
    "Failed to checkout: fatal: Unable to create '/tmp/_argocd-repo/x/.git/index.lock': File exists.",
    'Failed to load live state: failed to get cluster info for "https://10.0.0.1": error synchronizing cache state',
    '`helm template .` failed timeout after 1m30s',
    '`kustomize build /x` failed exit status 1: hit 500 response; fatal: unable to access: Could not resolve host: git.example',
  ])('%s: that is not the fault of the commit', (message) => {
    expect(decide(situation({ shown: error(message) }))).toMatchObject({ clause: 'fresh' });
  });

  test.each([
    'Manifest generation error (cached): kustomize build failed: no such file or directory',
    'yaml: unexpected EOF',
    'Manifest generation error (cached): nosuch: app path does not exist',
    '`kustomize build <path to cached source>/apps` failed exit status 1: Error: accumulating resources',
    '`helm template .` failed exit status 1: Error: parse error at (web/templates/a.yaml:3)',
    'rpc error: code = FailedPrecondition desc = Failed to unmarshal "a.json": unexpected EOF',
    'failed to evaluate jsonnet "main.jsonnet": RUNTIME ERROR',
  ])('%s: that is', (message) => {
    expect(decide(situation({ shown: error(message) }))).toMatchObject({ verdict: 'failed' });
  });

  test('skip-reconcile: why nothing moves is said, and no refresh is asked for', () => {
    const input = situation({ shown: { reconciledAt: -60 } });
    if ('unavailable' in input.observed) throw new Error('not observed');
    const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' };
    const application = { ...input.observed.application, annotations };
    expect(decide({ ...input, observed: { ...input.observed, application } })).toMatchObject({
      type: 'wait',
      why: expect.stringContaining('skip-reconcile'),
    });
  });
});
