import { describe, expect, test } from 'vitest';
import { decide } from '../decide/decide.ts';
import {
  application,
  BEFORE,
  IMAGE,
  OLD_IMAGE,
  OURS,
  operated,
  seconds,
  situation,
} from '../decide/testing.ts';
import type { DecisionInput } from '../decide/types.ts';
import type { Json } from '../json.ts';
import { expectationOf } from './expectation.ts';
import type { Want } from './types.ts';

const sourceOf = (tag: string) => ({
  repoURL: 'https://git.example/charts.git',
  path: 'charts/api',
  targetRevision: 'main',
  helm: { parameters: [{ name: 'image.tag', value: tag }] },
});
const destination = { server: 'https://kubernetes.default.svc', namespace: 'payments' };
const TAG: Want = {
  at: { path: 'spec.source.helm.parameters[name=image.tag].value' },
  was: '1.3.9',
  to: '1.4.2',
  image: IMAGE,
};

interface Child {
  readonly spec?: string;
  readonly compared?: string;
  readonly uid?: string;
  readonly owner?: string;
  readonly wants?: readonly Want[];
  readonly operation?: Json;
  readonly at?: number;
}

/** A generated Application whose change is live, but for what is given. */
function child(given: Child = {}, more: Parameters<typeof situation>[0] = {}): DecisionInput {
  const { spec = '1.4.2', compared = spec, uid = 'u1', owner, wants = [TAG], at = 60 } = given;
  const applied = { source: sourceOf(compared), revision: OURS };
  const operation = given.operation ?? { ...Object(operated()), syncResult: { ...applied, resources: [] } };
  const shown = {
    metadata: {
      uid,
      ...(owner !== undefined && { ownerReferences: [{ kind: 'ApplicationSet', name: 'apis', uid: owner }] }),
    },
    spec: { source: sourceOf(spec) },
    operationState: operation,
    status: {
      sync: { status: 'Synced', revision: OURS, comparedTo: { source: sourceOf(compared), destination } },
    },
  };
  const input = situation({ shown, at, ...more });
  const { expectation } = input;
  if (expectation.type !== 'change') throw new Error('it is a change');
  return {
    ...input,
    expectation: expectationOf(expectation.change, { by: 'ApplicationSet argocd/apis', uid: 'u1', wants }),
  };
}

describe('an Application that holds the change in its own spec', () => {
  test('is live when it is Synced and Healthy with that spec, and runs the image', () => {
    expect(application().uid).toBe('');
    expect(decide(child())).toMatchObject({ verdict: 'live', proof: [{ image: IMAGE }] });
    expect(decide(child({ uid: 'u2', owner: 'u1' }))).toMatchObject({ verdict: 'live' });
  });

  test('is waited for while its spec is the old one, however Synced, Healthy and running', () => {
    expect(decide(child({ spec: '1.3.9' }))).toMatchObject({
      type: 'wait',
      clause: 'contained',
      why: 'ApplicationSet argocd/apis has not set spec.source.helm.parameters[name=image.tag].value of Application payments to 1.4.2 (it is 1.3.9) yet',
    });
  });

  test('is compared anew while its status is one of the old spec', () => {
    expect(decide(child({ compared: '1.3.9' }))).toMatchObject({
      type: 'act',
      action: 'refresh',
      clause: 'contained',
    });
  });

  test('is not taken for another one of its name', () => {
    expect(decide(child({ uid: 'other' }))).toMatchObject({
      type: 'wait',
      clause: 'contained',
      unavailable: true,
    });
    expect(decide(child({ uid: '', owner: 'other' }))).toMatchObject({ type: 'wait', unavailable: true });
  });

  test('is not live while it is being deleted', () => {
    const input = child();
    if ('unavailable' in input.observed) throw new Error('it is observed');
    const gone = { ...input.observed.application, deleting: true };
    const decision = decide({ ...input, observed: { ...input.observed, application: gone } });
    expect(decision.type === 'verdict' && decision.verdict).toBe(false);
  });

  test('is not known where the object that made it has no identity', () => {
    const input = child({ uid: '' });
    const { expectation } = input;
    if (expectation.type !== 'change' || expectation.generated === undefined)
      throw new Error('it is generated');
    const generated = { ...expectation.generated, uid: '' };
    expect(decide({ ...input, expectation: { ...expectation, generated } })).toMatchObject({ type: 'wait' });
  });

  test('is not live when the cluster runs another image', () => {
    const live = { target: IMAGE, live: OLD_IMAGE };
    const { resources } = child({}, {}).evidence;
    expect(resources).toMatchObject({ items: [{}] });
    const item = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };
    const of = (image: string) => ({ kind: 'Deployment', spec: { containers: [{ name: 'app', image }] } });
    const input = child({}, { resources: [{ ...item, target: of(live.target), live: of(live.live) }] });
    expect(decide(input)).toMatchObject({ type: 'wait', clause: 'running' });
  });

  test('is not effective when what is rendered shows another version', () => {
    const item = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };
    const object = { kind: 'Deployment', spec: { containers: [{ name: 'app', image: OLD_IMAGE }] } };
    expect(decide(child({}, { resources: [{ ...item, target: object, live: object }] }))).toMatchObject({
      verdict: 'not-effective',
    });
  });

  test('that is kept from the change is given a moment, and is not effective then', () => {
    const wants = [{ ...TAG, kept: 'a rule keeps it' }];
    expect(decide(child({ spec: '1.3.9', wants, at: 4 }))).toMatchObject({ type: 'wait', until: seconds(5) });
    expect(decide(child({ spec: '1.3.9', wants, at: 6 }))).toMatchObject({
      verdict: 'not-effective',
      reason: 'overridden',
      sentence: expect.stringContaining('and will not: a rule keeps it.'),
    });
    expect(decide(child({ wants }))).toMatchObject({ verdict: 'live' });
  });

  test('a failure with the old spec is not one of the change', () => {
    const failed = (tag: string) => ({
      ...Object(operated({ phase: 'Failed', message: 'no' })),
      syncResult: { source: sourceOf(tag), revision: OURS, resources: [] },
    });
    expect(decide(child({ operation: failed('1.4.2') }))).toMatchObject({ verdict: 'failed' });
    expect(decide(child({ operation: failed('1.3.9') }))).not.toMatchObject({ verdict: 'failed' });
  });

  test.each([
    ['no place is known and the spec names the version', { was: '', to: '', image: IMAGE }, 'live'],
    ['only a part of the value is known', { ...TAG, like: '^1\\.4\\.[\\s\\S]*$' }, 'live'],
    ['the part is another one', { ...TAG, like: '^1\\.5\\.[\\s\\S]*$' }, undefined],
    [
      'no place is known and the spec names another version',
      { was: '', to: '', image: `${IMAGE}0` },
      undefined,
    ],
  ])('where %s', (_, want, verdict) => {
    const decision = decide(child({ wants: [want] }));
    expect('verdict' in decision ? decision.verdict : undefined).toBe(verdict);
  });

  test('a hook is proven by a sync with that spec, also where its revision is the version of a chart', () => {
    const job = { group: 'batch', kind: 'Job', namespace: 'payments', name: 'migrate' };
    const target = {
      kind: 'Job',
      spec: { template: { spec: { containers: [{ name: 'app', image: IMAGE }] } } },
    };
    const ran = { ...job, hookPhase: 'Succeeded', images: [IMAGE] };
    const of = (tag: string) => ({
      ...Object(operated()),
      syncResult: { source: sourceOf(tag), revision: '1.3.0', resources: [ran] },
    });
    const decided = (tag: string) => {
      const input = child({ operation: of(tag) }, { resources: [{ ...job, target, hook: true }] });
      const { observed, evidence } = input;
      if ('unavailable' in observed || !evidence.resources || 'unavailable' in evidence.resources)
        throw new Error('it is observed');
      const application = {
        ...observed.application,
        sync: { status: 'Synced', revisions: ['1.3.0'] },
      } as const;
      return decide({
        ...input,
        observed: { ...observed, application },
        evidence: { ...evidence, resources: { ...evidence.resources, revision: '1.3.0' } },
      });
    };
    expect(decided('1.4.2')).toMatchObject({ verdict: 'live', proof: [{ seen: 'sync-result' }] });
    expect(decided('1.3.9')).not.toMatchObject({ verdict: 'live' });
  });

  test('an edit of no image is not proven where nothing shows what it did', () => {
    const wants = [{ at: { path: 'spec.source.path' }, was: 'charts', to: 'charts/api' }];
    expect(decide(child({ wants }))).toMatchObject({ verdict: 'unknown', reason: 'no-rendered-difference' });
    expect(decide(child({ wants: [TAG, ...wants] }))).toMatchObject({ verdict: 'unknown' });
  });

  test('another revision is proven by what differs in the rendered objects', () => {
    const wants = [{ at: { path: 'spec.source.targetRevision' }, was: BEFORE, to: 'main' }];
    expect(decide(child({ wants }))).toMatchObject({ type: 'ask', evidence: 'rendered' });
    const rendered = { revision: OURS, differing: [] };
    expect(decide(child({ wants }, { rendered }))).toMatchObject({
      verdict: 'unknown',
      reason: 'no-rendered-difference',
    });
  });

  test('without any edit that is known nothing is proven', () => {
    expect(decide(child({ wants: [] }))).toMatchObject({ verdict: 'unknown', reason: 'nothing-to-verify' });
  });
});
