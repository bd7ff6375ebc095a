import type { Edit } from '@sluice/gitops/change';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { decide } from './decide.ts';
import { BEFORE, configMap, OURS, operated, type Situation, situation } from './testing.ts';
import type { ManagedResource, RenderedDifference } from './types.ts';

const edits: readonly Edit[] = [
  { place: { type: 'value', document: 0, path: 'data.color' }, from: 'blue', to: 'red' },
];
const key = { group: '', kind: 'ConfigMap', namespace: 'payments', name: 'settings' };
const color = { path: ['data', 'color'], before: 'blue', after: 'red' };
const settings = (value: Json, fields = {}): Json => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { color: value } },
  ...fields,
});
const item = (live: Json, target: Json = settings('red')): ManagedResource => ({ ...key, target, live });

/** A change of one field, with what Argo CD shows of the object. */
const look = (
  resources: Situation['resources'],
  difference: RenderedDifference = { ...key, fields: [color] },
  given: Situation = {},
) =>
  decide(
    situation({
      ...{ edits, shown: { resources: [configMap()] } },
      rendered: { revision: given.shown?.revision ?? OURS, differing: [difference] },
      ...(resources !== undefined && { resources }),
      ...given,
    }),
  );
const LIVE = { verdict: 'live' };
const WAIT = { type: 'wait', clause: 'running' };

describe('clause 8, running: a field that is no image', () => {
  test('is not live by what is rendered and Synced: the objects of the cluster are asked for', () => {
    expect(look(null)).toMatchObject({ type: 'ask', evidence: 'resources' });
    expect(look({ unavailable: 'permission denied' })).toMatchObject({ ...WAIT, unavailable: true });
  });

  test('is live in an object that holds it', () => {
    expect(look([item(settings('red'))])).toMatchObject(LIVE);
  });

  test('is not live where the object holds what was before, as with ignoreDifferences', () => {
    expect(look([item(settings('blue'))])).toMatchObject({
      ...WAIT,
      why: 'ConfigMap payments/settings does not hold the change: data.color is "blue", not "red"',
    });
  });

  test('is not live where the target that Argo CD compares holds what was before', () => {
    expect(look([item(settings('red'), settings('blue'))])).toMatchObject(WAIT);
  });

  test("that Kubernetes writes in its own way is Argo CD's to compare, unless it was told to ignore it", () => {
    const live = settings('#f00');
    const bare = settings(undefined);
    expect(look([{ ...item(live), normalized: live }])).toMatchObject(LIVE);
    expect(look([{ ...item(live), normalized: bare }])).toMatchObject(WAIT);
    expect(look([{ ...item(settings('red')), normalized: bare }])).toMatchObject(LIVE);
  });

  test('of an object in another version of its API is Argo CD’s to compare', () => {
    expect(look([item(settings('blue', { apiVersion: 'v2' }))])).toMatchObject(LIVE);
  });

  test('in a Secret, whose values are not shown, is Argo CD’s to compare, and that is said', () => {
    const secret = { ...key, kind: 'Secret' };
    const masked = settings('++++++++', { kind: 'Secret' });
    const decision = look(
      [{ ...secret, target: masked, live: masked }],
      { ...secret, fields: [color] },
      { shown: { resources: [configMap({ kind: 'Secret' })] } },
    );
    expect(decision).toMatchObject({ ...LIVE, messages: [expect.stringContaining('no values of Secrets')] });
  });

  test('in a Secret is never repeated, also where it is not seen', () => {
    const secret = { ...key, kind: 'Secret' };
    const masked = settings('++++++++', { kind: 'Secret' });
    const decision = look(
      [{ ...secret, target: masked, live: masked }],
      { ...secret, fields: [color] },
      {
        shown: { revision: 'main', resources: [configMap({ kind: 'Secret' })] },
        content: { main: { state: 'contained' } },
      },
    );
    expect(decision).toMatchObject({ type: 'wait', why: expect.stringContaining('data.color is not shown') });
    expect(JSON.stringify(decision)).not.toContain('red');
  });

  test.each<[string, readonly ManagedResource[]]>([
    ['does not compare', []],
    ['has no target for', [{ ...key, live: settings('red') }]],
    ['sees nowhere', [{ ...key, target: settings('red') }]],
  ])('is not live in an object that Argo CD %s', (_, resources) => {
    expect(look(resources)).toMatchObject(WAIT);
    expect(look(resources, key)).toMatchObject(WAIT);
  });

  test('a new object is live when it is there', () => {
    expect(look([item(settings('red'))], key)).toMatchObject(LIVE);
  });

  test('an object that is gone from Git must be gone, unless Argo CD is to let it be', () => {
    const gone = { ...key, gone: true };
    const extraneous = {
      metadata: { annotations: { 'argocd.argoproj.io/compare-options': 'IgnoreExtraneous' } },
    };
    expect(look([], gone)).toMatchObject(LIVE);
    expect(look([{ ...key, live: settings('blue') }], gone)).toMatchObject(WAIT);
    expect(look([{ ...key, live: settings('blue', extraneous) }], gone)).toMatchObject(LIVE);
  });

  describe('where Argo CD names a branch and no commit', () => {
    const given = {
      shown: { revision: 'main', resources: [configMap()] },
      content: { main: { state: 'contained' } },
    } as const;
    const difference = { ...key, fields: [color] };

    test('must be seen in target and live object both', () => {
      expect(look([item(settings('red'))], difference, given)).toMatchObject(LIVE);
      expect(look([item(settings('green'))], difference, given)).toMatchObject(WAIT);
      expect(look([item(settings('red'), settings('green'))], difference, given)).toMatchObject(WAIT);
    });

    test('a bare revision is not seen at all', () => {
      const expectation = { type: 'revision', revision: OURS } as const;
      expect(decide(situation({ ...given, expectation }))).toMatchObject({
        type: 'wait',
        clause: 'contained',
      });
    });
  });

  describe('of Pods that somebody is to replace', () => {
    const set = { group: 'apps', kind: 'StatefulSet', namespace: 'payments', name: 'db' };
    const state = (status: Json) => ({
      ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', status },
      spec: {
        replicas: 2,
        updateStrategy: { type: 'OnDelete' },
        template: { metadata: { labels: { a: '2' } } },
      },
    });
    const shown = { resources: [{ ...set, status: 'Synced', health: { status: 'Healthy' } }] };
    const of = (path: readonly string[], value: Json) => {
      const fields = [{ path, before: 'before', after: value }];
      const resources = [{ ...set, target: state({}), live: state({ updatedReplicas: 1 }) }];
      return look(resources, { ...set, fields }, { shown });
    };

    test('is not live while they run what was before; a field beside the template is', () => {
      expect(of(['spec', 'template', 'metadata', 'labels', 'a'], '2')).toMatchObject({
        ...WAIT,
        why: expect.stringContaining('1 Pods of StatefulSet payments/db'),
      });
      expect(of(['spec', 'replicas'], 2)).toMatchObject(LIVE);
    });
  });

  describe('of a hook', () => {
    const job = { group: 'batch', kind: 'Job', namespace: 'payments', name: 'migrate-' };
    const result = { ...job, name: 'migrate-222-presync-1', hookPhase: 'Succeeded' };
    const of = (operationState: Json) =>
      look([], { ...job, hook: true, fields: [color] }, { shown: { operationState } });

    test('is live when a sync of the change has run it, and needs one before', () => {
      expect(of(operated({ resources: [result] }))).toMatchObject(LIVE);
      expect(of(operated({ resources: [{ ...result, hookPhase: 'Failed' }] }))).not.toMatchObject(LIVE);
      expect(of(operated({ resources: [] }))).not.toMatchObject(LIVE);
      expect(of(operated({ revision: BEFORE, resources: [result] }))).toMatchObject({ reason: 'needs-sync' });
    });
  });
});
