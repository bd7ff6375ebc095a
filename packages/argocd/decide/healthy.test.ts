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
  OURS,
  operated,
  type Shown,
  seconds,
  situation,
} from './testing.ts';

const showing = (health: string, fields: Shown = {}): Shown => ({
  health,
  resources: [configMap(), deployment({ health: { status: health } })],
  ...fields,
});
const unwell = [
  {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'payments',
    name: 'api',
    health: 'Degraded',
  },
] as const;

describe('clause 7, healthy: settle', () => {
  const justNow = { healthSince: 59, reconciledAt: 58, operationState: operated({ finishedAt: 58 }) };

  test('Healthy right after a sync may be the old health: it must last', () => {
    const input = situation({ shown: justNow, earlier: [] });
    expect(decide(input)).toMatchObject({ type: 'wait', clause: 'healthy', until: seconds(70) });
  });

  test('it is live when the settle time was watched', () => {
    const earlier = [{ at: 60, shown: justNow }];
    expect(decide(situation({ at: 69, shown: justNow, earlier }))).toMatchObject({ type: 'wait' });
    expect(decide(situation({ at: 70, shown: justNow, earlier }))).toMatchObject({ verdict: 'live' });
  });

  test("it is live at the first look where Argo CD's own times are older than settle time and skew", () => {
    expect(decide(situation({ shown: { healthSince: 49 }, earlier: [] }))).toMatchObject({ type: 'wait' });
    expect(decide(situation({ shown: { healthSince: 48 }, earlier: [] }))).toMatchObject({ verdict: 'live' });
  });

  test('time that passes without an observation settles nothing', () => {
    const input = situation({ at: 60, shown: justNow, earlier: [] });
    expect(decide({ ...input, now: seconds(600) })).toMatchObject({ type: 'wait', clause: 'healthy' });
  });

  test('a turn of health between two looks, which only its time shows, starts anew', () => {
    const earlier = [{ at: 30, shown: { healthSince: 20 } }];
    const settings = { scope: 'application' } as const;
    expect(decide(situation({ shown: { healthSince: 55 }, earlier, settings }))).toMatchObject({
      type: 'wait',
    });
  });

  test('an operation between two looks starts anew', () => {
    const earlier = [{ at: 30, shown: {} }];
    expect(decide(situation({ shown: justNow, earlier }))).toMatchObject({ until: seconds(70) });
  });

  test("a resource that was seen unhealthy starts anew, whatever the application's times say", () => {
    const earlier = [{ at: 50, shown: showing('Progressing', { health: 'Healthy' }) }];
    expect(decide(situation({ earlier }))).toMatchObject({ type: 'wait', until: seconds(70) });
  });
});

describe('clause 7, healthy: not yet', () => {
  test.each(['Progressing', 'Missing', 'Unknown', 'Suspended'])('%s is waited out', (health) => {
    expect(decide(situation({ shown: showing(health) }))).toMatchObject({ type: 'wait', clause: 'healthy' });
  });

  test('Missing in scope is not healthy, whatever the application says', () => {
    expect(decide(situation({ shown: showing('Missing', { health: 'Healthy' }) }))).toMatchObject({
      clause: 'healthy',
    });
  });

  test('an application that is not Healthy does not matter to the scope `changed`, but to the scope `application`', () => {
    const input = situation({ shown: { health: 'Progressing' } });
    expect(decide(input)).toMatchObject({ verdict: 'live' });
    const settings = { ...input.settings, scope: 'application' } as const;
    expect(decide({ ...input, settings })).toMatchObject({ type: 'wait', clause: 'healthy' });
  });

  test('a Deployment without health was not assessed: the application must be Healthy then', () => {
    const resources = [deployment({ health: undefined })];
    expect(decide(situation({ shown: { resources } }))).toMatchObject({ verdict: 'live' });
    expect(decide(situation({ shown: { resources, health: 'Progressing' } }))).toMatchObject({
      type: 'wait',
    });
  });
});

describe('clause 7, healthy: an object without health that runs an image', () => {
  const without = (group: string, kind: string, health: string) => {
    const key = { group, kind, namespace: 'payments', name: 'api' };
    const item = manifest(IMAGE, { apiVersion: `${group}/v1`, kind });
    return situation({
      edits: [imageEdit({ ...containerPlace, apiVersion: `${group}/v1`, kind })],
      resources: [{ ...key, target: item, live: item }],
      shown: { health, resources: [{ ...key, status: 'Synced' }] },
    });
  };

  test.each([
    ['apps.kruise.io', 'CloneSet'],
    ['serving.knative.dev', 'Service'],
  ])('%s %s: the application must be Healthy', (group, kind) => {
    expect(decide(without(group, kind, 'Progressing'))).toMatchObject({ type: 'wait', clause: 'healthy' });
    expect(decide(without(group, kind, 'Healthy'))).toMatchObject({ verdict: 'live' });
  });

  test.each([
    ['batch', 'CronJob'],
    ['argoproj.io', 'WorkflowTemplate'],
  ])('%s %s starts nothing by itself', (group, kind) => {
    expect(decide(without(group, kind, 'Progressing'))).toMatchObject({ verdict: 'live' });
  });
});

describe('clause 7, healthy: what rolls out an object in scope', () => {
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' };
  const driver = (group: string, kind: string, spec: Json) => {
    const key = { group, kind, namespace: 'payments', name: 'driver' };
    return { ...key, target: { apiVersion: `${group}/v1`, kind, spec } };
  };
  const rollout = driver('argoproj.io', 'Rollout', { workloadRef: reference });
  const shownWith = ({ target: _, ...key }: typeof rollout, health: string): Shown => ({
    health,
    resources: [deployment(), { ...key, status: 'Synced', health: { status: health } }],
  });

  test.each([
    ['Argo Rollouts', rollout],
    ['OpenKruise', driver('rollouts.kruise.io', 'Rollout', { workloadRef: reference })],
    [
      'OpenKruise, v1alpha1',
      driver('rollouts.kruise.io', 'Rollout', { objectRef: { workloadRef: reference } }),
    ],
    ['Flagger', driver('flagger.app', 'Canary', { targetRef: reference })],
  ])('%s: paused is waited for, Degraded past the grace time fails', (_, item) => {
    const resources = [managed(), item];
    expect(decide(situation({ resources, shown: shownWith(item, 'Suspended') }))).toMatchObject({
      type: 'wait',
      clause: 'healthy',
      why: `${item.kind} payments/driver is paused`,
    });
    const shown = shownWith(item, 'Degraded');
    const degraded = situation({ resources, shown, at: 120, earlier: [{ at: 60, shown }] });
    expect(decide(degraded)).toMatchObject({ verdict: 'failed', reason: 'degraded' });
    expect(decide(situation({ resources, shown: shownWith(item, 'Healthy') }))).toMatchObject({
      verdict: 'live',
    });
  });

  test.each([
    ['another object', driver('argoproj.io', 'Rollout', { workloadRef: { ...reference, name: 'other' } })],
    ['a scaler', driver('autoscaling', 'HorizontalPodAutoscaler', { scaleTargetRef: reference })],
    ['a VPA', driver('autoscaling.k8s.io', 'VerticalPodAutoscaler', { targetRef: reference })],
  ])('%s is not waited for', (_, item) => {
    const resources = [managed(), item];
    expect(decide(situation({ resources, shown: shownWith(item, 'Progressing') }))).toMatchObject({
      verdict: 'live',
    });
  });

  test('an edit of no image asks for the rendered objects, which tell', () => {
    const key = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };
    const given = {
      edits: [{ place: { type: 'value', document: 0, path: 'spec.replicas' }, from: 1, to: 2 } as const],
      rendered: { revision: OURS, differing: [key] },
      shown: shownWith(rollout, 'Suspended'),
    };
    expect(decide(situation({ ...given, resources: null }))).toMatchObject({
      type: 'ask',
      evidence: 'resources',
    });
    expect(decide(situation({ ...given, resources: { unavailable: 'away' } }))).toMatchObject({
      unavailable: true,
    });
    expect(decide(situation({ ...given, resources: [managed(), rollout] }))).toMatchObject({ type: 'wait' });
  });
});

describe('clause 7, healthy: Degraded', () => {
  const degraded = showing('Degraded', { healthSince: 59 });

  test('within the grace time is waited out', () => {
    const earlier = [{ at: 58, shown: degraded }];
    expect(decide(situation({ shown: degraded, earlier }))).toMatchObject({
      type: 'wait',
      until: seconds(118),
    });
  });

  test("past the grace time is a failure, with the resource's words", () => {
    const health = { status: 'Degraded', message: 'exceeded its progress deadline' };
    const shown = { ...degraded, resources: [deployment({ health })] };
    const decision = decide(situation({ at: 118, shown, earlier: [{ at: 58, shown }] }));
    expect(decision).toMatchObject({
      verdict: 'failed',
      reason: 'degraded',
      sentence: 'Deployment payments/api is Degraded: exceeded its progress deadline',
    });
  });

  test('that came and went is forgotten', () => {
    const earlier = [
      { at: 20, shown: degraded },
      { at: 50, shown: showing('Progressing') },
      { at: 90, shown: degraded },
    ];
    expect(decide(situation({ at: 100, shown: degraded, earlier }))).toMatchObject({ type: 'wait' });
  });

  test("for long, by Argo CD's own times, is a failure at the first look", () => {
    const input = situation({ at: 100, shown: showing('Degraded', { healthSince: 20 }), earlier: [] });
    expect(decide(input)).toMatchObject({ verdict: 'failed' });
  });

  test('of somebody else for long does not shorten the grace time of ours', () => {
    const other = deployment({ name: 'theirs', health: { status: 'Degraded' } });
    const resources = [deployment({ health: { status: 'Degraded' } }), other];
    const shown = { health: 'Degraded', healthSince: -7200, resources };
    expect(decide(situation({ at: 100, shown, earlier: [] }))).toMatchObject({ until: seconds(160) });
  });

  test('from before our commit does not shorten the grace time of another of ours', () => {
    const old = { ...unwell[0], name: 'old' };
    const baseline = { ...situation().baseline, unwell: [old] };
    const resources = [
      deployment({ health: { status: 'Degraded' } }),
      deployment({ name: 'old', health: { status: 'Degraded' } }),
    ];
    const settings = { scope: 'application' } as const;
    const shown = { health: 'Degraded', healthSince: 15, resources };
    expect(decide(situation({ at: 100, shown, earlier: [], settings }))).toMatchObject({ verdict: 'failed' });
    expect(decide(situation({ at: 100, shown, earlier: [], settings, baseline }))).toMatchObject({
      type: 'wait',
    });
  });

  test('while it is not Synced may be what the change mends', () => {
    const resources = [deployment({ status: 'OutOfSync', health: { status: 'Degraded' } })];
    const shown = {
      health: 'Degraded',
      resources,
      sync: 'OutOfSync',
      healthSince: -900,
      automated: { selfHeal: true },
    };
    expect(decide(situation({ at: 200, shown, earlier: [{ at: 10, shown }] }))).toMatchObject({
      type: 'wait',
    });
  });

  test('as before our commit and ours must become Healthy, but does not fail', () => {
    const baseline = { ...situation().baseline, unwell };
    const shown = showing('Degraded', { healthSince: -900 });
    const input = situation({ at: 500, shown, baseline, earlier: [{ at: 10, shown }] });
    expect(decide(input)).toMatchObject({ type: 'wait', clause: 'healthy' });
  });

  test('as before our commit, then better, then Degraded again is ours', () => {
    const baseline = { ...situation().baseline, unwell };
    const shown = showing('Degraded', { healthSince: 60 });
    const earlier = [
      { at: 10, shown: showing('Degraded') },
      { at: 50, shown: showing('Progressing') },
      { at: 60, shown },
    ];
    expect(decide(situation({ at: 130, shown, baseline, earlier }))).toMatchObject({ verdict: 'failed' });
  });

  test('of somebody else is a warning that says whether it was so before', () => {
    const other = deployment({ name: 'other', health: { status: 'Degraded' } });
    const shown = { health: 'Degraded', resources: [deployment(), other] };
    expect(decide(situation({ shown }))).toMatchObject({
      verdict: 'live',
      messages: ['Deployment payments/other is Degraded; it is not part of the change.'],
    });
    const baseline = { ...situation().baseline, unwell: [{ ...unwell[0], name: 'other' }] };
    expect(decide(situation({ shown, baseline }))).toMatchObject({
      messages: [
        'Deployment payments/other is Degraded, as before the change; it is not part of the change.',
      ],
    });
  });

  describe('and all of the application is in scope', () => {
    const settings = { scope: 'application' } as const;
    const other = deployment({ name: 'other', health: { status: 'Degraded' } });
    const shown = { health: 'Degraded', resources: [deployment(), other] };
    const baseline = { ...situation().baseline, unwell: [{ ...unwell[0], name: 'other' }] };

    test('as before our commit and not ours is a warning', () => {
      expect(decide(situation({ shown, baseline, settings }))).toMatchObject({
        verdict: 'live',
        messages: [
          'Deployment payments/other is Degraded, as before the change; it is not part of the change.',
        ],
      });
    });

    test('since our commit is a failure', () => {
      expect(decide(situation({ at: 200, shown, settings, earlier: [{ at: 10, shown }] }))).toMatchObject({
        verdict: 'failed',
        reason: 'degraded',
      });
    });

    test('as before our commit hides nothing else that is not well', () => {
      const third = deployment({ name: 'third', health: { status: 'Progressing' } });
      const both = { ...shown, resources: [...shown.resources, third] };
      expect(decide(situation({ shown: both, baseline, settings }))).toMatchObject({
        type: 'wait',
        why: 'Deployment payments/third is Progressing',
      });
    });

    test('as before our commit is waited for where nothing tells what is ours', () => {
      const expectation = { type: 'revision', revision: OURS } as const;
      expect(decide(situation({ shown, baseline, settings, expectation }))).toMatchObject({ type: 'wait' });
    });
  });
});
