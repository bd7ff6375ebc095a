import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { decide } from './decide.ts';
import {
  atPause,
  byHand,
  canary,
  done,
  givenUp,
  liveRollout,
  managedRollout,
  rolloutPlace,
  shownRollout,
  underWay,
} from './test-rollout.ts';
import { deployment, imageEdit, type Shown, situation, T0 } from './testing.ts';
import type { DecisionInput, Settings } from './types.ts';

interface Given {
  readonly status: Readonly<Record<string, Json>> | undefined;
  readonly health?: string;
  readonly until?: Settings['until'];
  readonly shown?: Shown;
  readonly more?: Partial<Parameters<typeof situation>[0]>;
}

function given({
  status,
  health = 'Healthy',
  until = 'complete',
  shown = {},
  more = {},
}: Given): DecisionInput {
  return situation({
    edits: [imageEdit(rolloutPlace)],
    resources: [managedRollout(liveRollout(status))],
    settings: { until },
    shown: shownRollout(health, shown),
    ...more,
  });
}

const live = { verdict: 'live' };
const wait = { type: 'wait', clause: 'healthy' };
const rolling = { verdict: 'rolling-out', reason: 'rolling-out', proof: [], missing: ['healthy'] };

describe('clause 7 of a Rollout: until', () => {
  test.each([
    ['complete: through', given({ status: done }), live],
    ['complete: paused', given({ status: atPause, health: 'Suspended' }), wait],
    [
      'complete: Argo CD sees something else',
      given({ status: done, health: 'Suspended' }),
      { ...wait, why: 'Rollout payments/api is paused' },
    ],
    ['complete: under way', given({ status: underWay, health: 'Progressing' }), wait],
    ['started: through', given({ status: done, until: 'started' }), live],
    ['started: under way', given({ status: underWay, health: 'Progressing', until: 'started' }), rolling],
    ['started: paused', given({ status: atPause, health: 'Suspended', until: 'started' }), rolling],
    [
      'started: seen, and nothing done',
      given({ status: { ...underWay, updatedReplicas: 0 }, health: 'Progressing', until: 'started' }),
      wait,
    ],
    ['paused: under way', given({ status: underWay, health: 'Progressing', until: 'paused' }), wait],
    ['paused: paused', given({ status: atPause, health: 'Suspended', until: 'paused' }), rolling],
    [
      'paused: further',
      given({ status: { ...underWay, currentStepIndex: 2 }, health: 'Progressing', until: 'paused' }),
      rolling,
    ],
    ['paused: Argo CD says Degraded', given({ status: atPause, health: 'Degraded', until: 'paused' }), wait],
    [
      'paused: Argo CD still says Healthy',
      given({ status: atPause, health: 'Healthy', until: 'paused' }),
      { clause: 'healthy', action: 'refresh' },
    ],
  ])('%s', (_, input, decision) => {
    expect(decide(input)).toMatchObject(decision);
  });

  test.each([
    'started',
    'paused',
  ] as const)('%s: stopped by hand, perhaps before the change, is neither', (until) => {
    const stopped = byHand({ ...underWay, updatedReplicas: 0 });
    const more = { resources: [managedRollout(stopped)] };
    expect(decide(given({ status: undefined, health: 'Suspended', until, more }))).toMatchObject({
      ...wait,
      why: expect.stringContaining('is paused by hand at step 1 of 4 (setWeight: 20);'),
    });
  });

  test('the words say how far it is, and what brings it on', () => {
    expect(decide(given({ status: atPause, health: 'Suspended' }))).toMatchObject({
      why: 'Rollout payments/api is paused at step 2 of 4 (pause), 20 % of the traffic; it goes on when it is promoted, or its pause is over',
    });
    expect(decide(given({ status: atPause, health: 'Suspended', until: 'paused' }))).toMatchObject({
      sentence:
        'payments is rolling out the change: Rollout payments/api is paused at step 2 of 4 (pause), 20 % of the traffic.',
    });
  });
});

describe('a Healthy of an older update is not ours: Argo CD is asked to compare anew', () => {
  test.each([
    ['its controller has not looked at our generation', { ...done, observedGeneration: '3' }],
    ['the stable pods are those of before', { ...done, stableRS: 'old' }],
    ['it has no status', undefined],
  ])('%s', (_, status) => {
    const input = given({ status });
    expect(decide(input)).toMatchObject({ clause: 'healthy', action: 'refresh' });
    expect(decide({ ...input, refreshedAt: input.now - 9000 })).toMatchObject(wait);
    const shown = given({ status, health: 'Progressing' });
    expect(decide(shown)).toMatchObject(wait);
  });

  test('Argo CD may not have noticed that it has begun: it is asked to compare', () => {
    const status = { ...underWay, observedGeneration: '3' };
    expect(decide(given({ status, health: 'Progressing', until: 'started' }))).toMatchObject({
      action: 'refresh',
    });
    expect(decide(given({ status, health: 'Progressing', until: 'paused' }))).toMatchObject(wait);
  });

  test('its live object is read once more where health has turned since, or some time has gone', () => {
    const shown = shownRollout('Suspended');
    const ask = { type: 'ask', evidence: 'resources' };
    const taken = (input: DecisionInput, ago: number): DecisionInput => {
      const { resources } = input.evidence;
      if (resources === undefined || 'unavailable' in resources) throw new Error('no resources');
      return {
        ...input,
        evidence: { ...input.evidence, resources: { ...resources, takenAt: input.now - ago } },
      };
    };
    const turned = given({
      status: underWay,
      health: 'Suspended',
      more: { earlier: [{ at: 50, shown: shownRollout('Progressing') }] },
    });
    expect(decide(taken(turned, 2000))).toMatchObject(ask);
    const same = given({ status: atPause, health: 'Suspended', more: { earlier: [{ at: 30, shown }] } });
    expect(decide(taken(same, 2000))).toMatchObject(wait);
    expect(decide(taken(same, 59_000))).toMatchObject(wait);
    expect(decide(taken(same, 60_000))).toMatchObject(ask);
    const going = given({
      ...{ status: underWay, health: 'Progressing' },
      more: { earlier: [{ at: 30, shown: shownRollout('Progressing') }] },
    });
    expect(decide(taken(going, 9000))).toMatchObject(wait);
    expect(decide(taken(going, 10_000))).toMatchObject(ask);
  });

  test('where its live object cannot be had, nothing is known', () => {
    const input = given({ status: done, more: { resources: { unavailable: 'away' } } });
    expect(
      decide({
        ...input,
        expectation: { type: 'revision', revision: '2'.repeat(40) },
        evidence: input.evidence,
      }),
    ).toMatchObject({ type: 'wait', unavailable: true });
  });
});

describe('an abort', () => {
  const earlier = [
    { at: 40, shown: shownRollout('Progressing') },
    { at: 50, shown: shownRollout('Degraded') },
  ];

  test.each([
    'complete',
    'paused',
    'started',
  ] as const)('fails at once with the words of the analysis, until %s', (until) => {
    const input = given({ status: givenUp, health: 'Degraded', until, more: { earlier } });
    expect(decide(input)).toMatchObject({
      verdict: 'failed',
      reason: 'rollout-aborted',
      sentence: `Rollout payments/api was aborted: ${givenUp.message}`,
    });
  });

  test.each([
    ['of the update before, whose generation it is', { ...givenUp, observedGeneration: '3' }, {}],
    [
      'from before the change',
      givenUp,
      {
        baseline: {
          serverTime: 0,
          localTime: 0,
          unwell: [
            {
              group: 'argoproj.io',
              kind: 'Rollout',
              namespace: 'payments',
              name: 'api',
              health: 'Degraded' as const,
            },
          ],
        },
      },
    ],
    [
      'that Argo CD has only just shown',
      givenUp,
      {
        earlier: [
          { at: 59, shown: shownRollout('Progressing') },
          { at: 59, shown: shownRollout('Degraded') },
        ],
        at: 60,
      },
    ],
  ])('%s, is waited out', (_, status, more) => {
    expect(
      decide(
        given({
          status,
          health: 'Degraded',
          more: { earlier: [{ at: 59, shown: shownRollout('Degraded') }], ...more },
        }),
      ),
    ).toMatchObject({ type: 'wait' });
  });

  test.each([
    [
      'before the change is synced',
      shownRollout('Degraded', { resources: [synced('OutOfSync', 'Degraded')], sync: 'OutOfSync' }),
    ],
    ['that Argo CD does not show any more', shownRollout('Progressing')],
  ])('%s, is no verdict', (_, shown) => {
    const input = given({
      status: givenUp,
      health: 'Degraded',
      shown,
      more: {
        earlier: [
          { at: 30, shown },
          { at: 50, shown },
        ],
      },
    });
    expect(decide(input)).not.toMatchObject({ reason: 'rollout-aborted' });
  });

  test('from before the change is waited out, however long it stands', () => {
    const key = { group: 'argoproj.io', kind: 'Rollout', namespace: 'payments', name: 'api' };
    const baseline = { serverTime: T0, localTime: T0, unwell: [{ ...key, health: 'Degraded' as const }] };
    const shown = shownRollout('Degraded');
    const input = given({
      status: givenUp,
      health: 'Degraded',
      more: { baseline, earlier: [{ at: 20, shown }] },
    });
    expect(decide(input)).toMatchObject({
      ...wait,
      why: expect.stringContaining('was Degraded before the change'),
    });
  });

  test('is looked for anew where Argo CD has only just called it Degraded', () => {
    const input = given({
      status: underWay,
      health: 'Degraded',
      more: { earlier: [{ at: 50, shown: shownRollout('Progressing') }] },
    });
    const { resources } = input.evidence;
    if (resources === undefined || 'unavailable' in resources) throw new Error('no resources');
    const evidence = { ...input.evidence, resources: { ...resources, takenAt: input.now - 3000 } };
    expect(decide({ ...input, evidence })).toMatchObject({ type: 'ask', evidence: 'resources' });
  });

  test('that was retried since is none', () => {
    const retried = { ...givenUp, abort: false, phase: 'Progressing', updatedReplicas: 1 };
    expect(decide(given({ status: retried, health: 'Progressing' }))).toMatchObject(wait);
  });
});

describe('rolling out claims nothing of the rest', () => {
  const beside = (health: string, sync = 'Synced'): Shown => {
    const { resources = [] } = shownRollout('Suspended');
    return { resources: [...resources, deployment({ status: sync, health: { status: health } })] };
  };
  const paused = { status: atPause, health: 'Suspended', until: 'paused' } as const;
  const whole = { settings: { until: 'paused', scope: 'application' } } as const;

  test.each([
    [
      'another resource is Progressing',
      given({ ...paused, shown: beside('Progressing'), more: whole }),
      wait,
    ],
    ['another resource is Missing', given({ ...paused, shown: beside('Missing'), more: whole }), wait],
    ['all others are Healthy', given({ ...paused, shown: beside('Healthy'), more: whole }), rolling],
    [
      'the application is Degraded by something',
      given({ ...paused, shown: { health: 'Degraded' }, more: whole }),
      wait,
    ],
    [
      'an operation runs',
      given({ ...paused, shown: { operation: {} } }),
      { type: 'wait', clause: 'operation' },
    ],
    [
      'Argo CD has not compared since',
      given({ ...paused, shown: { reconciledAt: -5 } }),
      { action: 'refresh' },
    ],
    [
      'the live template holds another image',
      { ...given(paused), ...withLive('registry.example/api:1.3.9') },
      { type: 'wait', clause: 'running' },
    ],
  ])('%s', (_, input, decision) => {
    expect(decide(input)).toMatchObject(decision);
  });

  test('the operation has to have settled', () => {
    const input = given({
      ...paused,
      more: { earlier: [{ at: 58, shown: shownRollout('Healthy', { operation: {} }) }] },
    });
    expect(decide(input)).toMatchObject({ ...wait, why: expect.stringContaining('until it has settled') });
  });
});

describe('a Rollout whose health Argo CD does not tell', () => {
  const unknown = (health: string) =>
    given({ status: done, shown: { health, resources: [synced('Synced')] } });
  test('counts with that of the application', () => {
    expect(decide(unknown('Healthy'))).toMatchObject(live);
    expect(decide(unknown('Progressing'))).toMatchObject(wait);
  });
});

test('of the whole application, a Rollout that is through is live', () => {
  const settings = { scope: 'application', until: 'paused' } as const;
  expect(decide(given({ status: done, more: { settings } }))).toMatchObject(live);
});

test('with nothing progressive in scope all of it is waited for, and that is said', () => {
  expect(decide(situation({ settings: { until: 'paused' } }))).toMatchObject({
    ...live,
    messages: ['Nothing in scope is a Rollout, so `until: paused` waited for all of it.'],
  });
  expect(decide(given({ status: done, until: 'paused' }))).toMatchObject({ ...live, messages: [] });
});

function withLive(image: string): Pick<DecisionInput, 'evidence'> {
  const spec = { strategy: canary, template: { spec: { containers: [{ name: 'app', image }] } } };
  const input = given({
    status: atPause,
    more: { resources: [managedRollout({ ...Object(liveRollout(atPause)), spec })] },
  });
  return { evidence: input.evidence };
}

function synced(status: string, health?: string): Json {
  const key = {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Rollout',
    namespace: 'payments',
    name: 'api',
  };
  return { ...key, status, ...(health !== undefined && { health: { status: health } }) };
}
