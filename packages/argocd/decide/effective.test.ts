import type { Edit, Place } from '@sluice/gitops/change';
import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import {
  BEFORE,
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
  type Situation,
  seconds,
  situation,
} from './testing.ts';

const kustomize: Place = { type: 'kustomize-image', name: 'registry.example/api', field: 'newTag' };
const helm: Place = { type: 'helm-value', path: 'image.tag', holds: 'tag' };
const digest = `sha256:${'a'.repeat(64)}`;

describe('clause 3, effective: images', () => {
  test('the rendered objects are asked for', () => {
    expect(decide(situation({ resources: null }))).toMatchObject({ type: 'ask', evidence: 'resources' });
  });

  test('objects that belong to an earlier comparison are asked for again', () => {
    const input = situation();
    const observed = situation({ shown: { reconciledAt: 30 } }).observed;
    expect(decide({ ...input, observed })).toMatchObject({ type: 'ask', evidence: 'resources' });
  });

  test('an image in Git that the rendered object does not show is not effective, although all is Synced and Healthy', () => {
    const decision = decide(situation({ resources: [managed(OLD_IMAGE, OLD_IMAGE)] }));
    expect(decision).toMatchObject({ verdict: 'not-effective', reason: 'overridden' });
    expect(decision).toHaveProperty(
      'sentence',
      `The change is in Git and has no effect: Deployment payments/api container app renders ${OLD_IMAGE}, not ${IMAGE}.`,
    );
  });

  test('the override is named where the Application or the evidence shows it', () => {
    const source = { repoURL: 'r', kustomize: { images: [`registry.example/api:1.3.9`, 'other:1'] } };
    const input = situation({ resources: [managed(OLD_IMAGE)], shown: { spec: { source } } });
    expect(decide(input)).toHaveProperty(
      'sentence',
      expect.stringMatching(/Application payments sets kustomize\.images registry\.example\/api:1\.3\.9\.$/),
    );
  });

  test('rendered objects that may be newer than the observation are looked at once more', () => {
    const input = situation({ resources: [managed(OLD_IMAGE)] });
    const { resources } = input.evidence;
    if (resources === undefined || 'unavailable' in resources) throw new Error('no resources');
    const evidence = { ...input.evidence, resources: { ...resources, takenAt: seconds(61) } };
    expect(decide({ ...input, evidence })).toMatchObject({ type: 'wait', clause: 'effective' });
  });

  test('a digest that nobody asked for pins another image, whatever tag stands before it', () => {
    const decision = decide(situation({ resources: [managed(`${IMAGE}@${digest}`, `${IMAGE}@${digest}`)] }));
    expect(decision).toMatchObject({ verdict: 'not-effective' });
  });

  test.each([
    ["a namespace that the file does not say is the destination's", containerPlace, [managed()]],
    ['a namespace that Kustomize replaces', { ...containerPlace, namespace: 'base' }, [managed()]],
    ["Docker Hub's names of one image", containerPlace, [managed()]],
  ])('%s', (_, place, resources) => {
    expect(decide(situation({ edits: [imageEdit(place)], resources }))).toMatchObject({ verdict: 'live' });
  });

  test('the same name in another namespace is not asked of the named object', () => {
    const other = { ...managed(OLD_IMAGE), namespace: 'elsewhere' };
    expect(decide(situation({ resources: [managed(), other] }))).toMatchObject({ verdict: 'live' });
  });

  test('the same name in another namespace does not stand for the named object', () => {
    const other = { ...managed(), namespace: 'elsewhere' };
    const decision = decide(situation({ resources: [managed(OLD_IMAGE), other] }));
    expect(decision).toMatchObject({ verdict: 'not-effective' });
  });

  test('a name with a prefix counts only for Kustomize, and only when one object can be meant', () => {
    const prefixed = { ...managed(), name: 'prod-api' };
    const resources = [deployment({ name: 'prod-api' })];
    const of = (sourceType: string, items = [prefixed]) =>
      decide(situation({ resources: items, shown: { resources, status: { sourceType } } }));
    expect(of('Kustomize')).toMatchObject({ verdict: 'live' });
    expect(of('Directory')).toMatchObject({ verdict: 'not-effective', reason: 'not-rendered' });
    expect(of('Kustomize', [prefixed, { ...managed(), name: 'test-api' }])).toMatchObject({
      reason: 'not-rendered',
    });
  });

  test.each([
    ['Kustomize', kustomize],
    ['Helm', helm],
  ])('%s: every rendered container of the repository must show the image', (_, place) => {
    const second = { ...managed(OLD_IMAGE), name: 'worker' };
    const shown = { resources: [deployment(), deployment({ name: 'worker' })] };
    const edits = [imageEdit(place)];
    expect(decide(situation({ edits }))).toMatchObject({ verdict: 'live' });
    expect(decide(situation({ edits, shown, resources: [managed(), second] }))).toMatchObject({
      verdict: 'not-effective',
    });
    expect(decide(situation({ edits, resources: [managed('nginx:1')] }))).toMatchObject({
      reason: 'not-rendered',
    });
  });

  test('a CronJob has its image in the job template, and counts as healthy when Synced', () => {
    const place: Place = { ...containerPlace, apiVersion: 'batch/v1', kind: 'CronJob', name: 'report' };
    const spec = { jobTemplate: { spec: manifest(IMAGE) } };
    const cron = { kind: 'CronJob', spec };
    const key = { group: 'batch', kind: 'CronJob', namespace: 'payments', name: 'report' };
    const input = situation({
      edits: [imageEdit(place)],
      resources: [{ ...key, target: cron, live: cron }],
      shown: { resources: [{ ...key, status: 'Synced' }] },
    });
    expect(decide(input)).toMatchObject({ verdict: 'live' });
  });

  describe('a hook, which no comparison shows', () => {
    const place: Place = { ...containerPlace, apiVersion: 'batch/v1', kind: 'Job', name: 'migrate' };
    const key = { group: 'batch', kind: 'Job', namespace: 'payments', name: 'migrate' };
    const result = (fields = {}) => ({
      ...key,
      hookType: 'PreSync',
      hookPhase: 'Succeeded',
      images: [IMAGE],
      ...fields,
    });
    const input = (operationState: unknown, given: Situation = {}) =>
      situation({
        edits: [imageEdit(place)],
        resources: [{ ...key, hook: true, target: manifest(IMAGE) }],
        shown: { resources: [configMap()], operationState },
        ...given,
      });
    const ran = (fields = {}) => operated({ resources: [result(fields)] });

    test('is proven by the operation that ran it', () => {
      const proof = [{ seen: 'sync-result', image: IMAGE }];
      expect(decide(input(ran()))).toMatchObject({ verdict: 'live', proof });
      expect(decide(input(ran({ images: [OLD_IMAGE] })))).not.toMatchObject({ verdict: 'live' });
      expect(decide(input(ran({ hookPhase: 'Failed' })))).not.toMatchObject({ verdict: 'live' });
    });

    test('with a generated name is known by its beginning', () => {
      const resources = [{ ...key, name: 'migrate-', hook: true, target: manifest(IMAGE) }];
      const edits = [imageEdit({ ...place, name: 'migrate-' })];
      const shown = { resources: [configMap()], operationState: ran({ name: 'migrate-222-presync-1' }) };
      expect(decide(situation({ edits, resources, shown }))).toMatchObject({ verdict: 'live' });
    });

    test('of a kustomization or a chart is proven in the same way', () => {
      for (const edits of [[imageEdit(kustomize)], [imageEdit(helm)]]) {
        expect(decide(input(ran(), { edits }))).toMatchObject({ verdict: 'live' });
      }
    });

    test('that no sync has run yet needs one: no auto-sync begins for its image alone', () => {
      const before = operated({ revision: BEFORE });
      expect(decide(input(before))).toMatchObject({ verdict: 'failed', reason: 'needs-sync' });
      expect(decide(input(null))).toMatchObject({ verdict: 'failed', reason: 'needs-sync' });
      expect(decide(input(before, { settings: { sync: 'always' } }))).toMatchObject({
        type: 'act',
        action: 'sync',
      });
      const other = { sync: 'OutOfSync', resources: [configMap({ status: 'OutOfSync' })] };
      expect(decide(input(null, { shown: { ...other, operationState: before } }))).toMatchObject({
        type: 'wait',
        clause: 'operation',
      });
    });

    test('behind a dry run or a partial sync may have run: nothing shows it, and nothing denies it', () => {
      const dry = operated({ dryRun: true, resources: [result()] });
      expect(decide(input(dry))).toMatchObject({ type: 'wait', clause: 'running' });
    });

    test('that renders another image is not effective', () => {
      const resources = [{ ...key, hook: true, target: manifest(OLD_IMAGE) }];
      expect(decide(input(ran(), { resources }))).toMatchObject({ verdict: 'not-effective' });
    });
  });

  test('objects that cannot be read are waited for', () => {
    const input = situation({ resources: { unavailable: 'managed-resources: permission denied' } });
    expect(decide(input)).toMatchObject({ type: 'wait', clause: 'effective', unavailable: true });
  });
});

describe('clause 3, effective: other edits', () => {
  const edits: Edit[] = [
    { place: { type: 'value', document: 0, path: 'data.color' }, from: 'red', to: 'blue' },
  ];
  const key = { group: '', kind: 'ConfigMap', namespace: '', name: 'settings' };

  test('a difference of what is rendered is asked for, and none is no proof', () => {
    expect(decide(situation({ edits, resources: null }))).toMatchObject({
      type: 'ask',
      evidence: 'rendered',
    });
    const same = { revision: OURS, differing: [] };
    expect(decide(situation({ edits, rendered: same }))).toMatchObject({
      verdict: 'unknown',
      reason: 'no-rendered-difference',
    });
  });

  test('values that have always been so end at once: to ask again tells no more', () => {
    const rendered = { revision: OURS, differing: [], baseless: true } as const;
    expect(decide(situation({ edits, rendered }))).toMatchObject({
      verdict: 'unknown',
      reason: 'always-so',
      missing: ['effective'],
    });
  });

  test('the objects that differ are the scope', () => {
    const rendered = { revision: OURS, differing: [key] };
    const of = (resources: readonly unknown[]) =>
      decide(
        situation({
          ...{ edits, rendered, shown: { resources } },
          resources: [{ ...key, target: {}, live: {} }],
        }),
      );
    expect(of([configMap(), deployment({ health: { status: 'Degraded' } })])).toMatchObject({
      verdict: 'live',
      messages: ['Deployment payments/api is Degraded; it is not part of the change.'],
    });
    expect(of([configMap({ status: 'OutOfSync' })])).toMatchObject({ type: 'wait', clause: 'synced' });
  });

  test('a scope that matches nothing falls back to the whole application', () => {
    const rendered = { revision: OURS, differing: [{ ...key, name: 'gone' }] };
    const shown = {
      sync: 'OutOfSync',
      resources: [configMap({ status: 'OutOfSync', requiresPruning: true })],
    };
    expect(decide(situation({ edits, rendered, shown }))).not.toMatchObject({ verdict: 'live' });
  });

  describe('beside an image', () => {
    const both = [imageEdit(), ...edits];

    test('must make a difference of their own', () => {
      const rendered = { revision: OURS, differing: [] };
      expect(decide(situation({ edits: both, rendered }))).toMatchObject({
        verdict: 'unknown',
        reason: 'no-rendered-difference',
        sentence: expect.stringContaining('but for the images'),
      });
    });

    test('that have always been so are no part of what changes', () => {
      const rendered = { revision: OURS, differing: [], baseless: true } as const;
      expect(decide(situation({ edits: both, rendered }))).toMatchObject({ verdict: 'live' });
      const resources = [managed(IMAGE, OLD_IMAGE)];
      expect(decide(situation({ edits: both, rendered, resources }))).toMatchObject({ type: 'wait' });
    });
  });

  test('that show in hooks alone that no sync runs are seen by nobody', () => {
    const rendered = { revision: OURS, differing: [{ ...key, hook: true, dormant: true }] };
    expect(decide(situation({ edits, rendered }))).toMatchObject({
      verdict: 'unknown',
      reason: 'nothing-to-verify',
    });
  });
});
