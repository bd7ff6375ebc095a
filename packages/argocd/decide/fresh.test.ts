import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { BEFORE, operated, seconds, situation } from './testing.ts';

const comparisonError = (lastTransitionTime: string, message = 'app path does not exist') => [
  { type: 'ComparisonError', message, lastTransitionTime },
];

describe('clause 1, fresh', () => {
  test('a comparison counts from one second and the skew after the first answer since the push', () => {
    expect(decide(situation({ shown: { reconciledAt: 3, operationState: null } }))).toMatchObject({
      clause: 'fresh',
    });
    expect(decide(situation({ shown: { reconciledAt: 4, operationState: null } }))).toMatchObject({
      verdict: 'live',
    });
  });

  test('a stale comparison that shows our own revision as Synced and Healthy is not live', () => {
    expect(decide(situation({ shown: { reconciledAt: 1 } }))).toMatchObject({
      type: 'act',
      action: 'refresh',
    });
  });

  test('the first refresh is asked for at once', () => {
    const { refreshedAt: _, ...never } = situation({ at: 0, shown: { reconciledAt: -60, revision: BEFORE } });
    expect(decide(never)).toMatchObject({ type: 'act', action: 'refresh', clause: 'fresh' });
  });

  test.each([
    ['too early to give a fresh comparison', 1, 0, { type: 'wait', until: seconds(4) }],
    ['due when a comparison is sure to be late enough', 4, 0, { type: 'act', action: 'refresh' }],
    ['sent a moment ago', 6, 4, { type: 'wait', until: seconds(7) }],
    ['lost: asked for again', 7, 4, { type: 'act', action: 'refresh' }],
  ])('a refresh that is %s', (_, at, refreshed, expected) => {
    const input = situation({ at, shown: { reconciledAt: -60 }, refreshedAt: seconds(refreshed) });
    expect(decide(input)).toMatchObject(expected);
  });

  test('a comparison from before the end of the last operation is stale', () => {
    const shown = { reconciledAt: 10, operationState: operated({ finishedAt: 11 }) };
    expect(decide(situation({ shown }))).toMatchObject({ type: 'act', action: 'refresh' });
  });

  test('clocks of server and runner an hour apart change nothing', () => {
    const input = situation();
    const shifted = {
      ...input,
      baseline: { ...input.baseline, localTime: input.baseline.localTime - 3_600_000 },
    };
    const history = {
      ...input.history,
      operation: { ...input.history.operation, since: input.history.operation.since - 3_600_000 },
    };
    const observed =
      'unavailable' in input.observed ? input.observed : { ...input.observed, takenAt: seconds(60) };
    expect(decide({ ...shifted, history, observed })).toMatchObject({ verdict: 'live' });
  });
});

describe('a ComparisonError', () => {
  const shown = { sync: 'Unknown', revision: 'main', reconciledAt: 1 };

  test('that is newer than our request is a failure, in its own words', () => {
    const decision = decide(
      situation({ shown: { ...shown, conditions: comparisonError('2026-11-21T03:00:05Z') } }),
    );
    expect(decision).toMatchObject({
      verdict: 'failed',
      reason: 'comparison-error',
      sentence: 'Argo CD cannot render what Git holds now: app path does not exist',
      messages: ['app path does not exist'],
    });
  });

  test('is told without the calls that it came through', () => {
    const message = 'Failed to load target state: rpc error: code = Unknown desc = `kustomize build` failed';
    const conditions = [{ type: 'ComparisonError', message, lastTransitionTime: '2026-11-21T03:00:05Z' }];
    expect(decide(situation({ shown: { ...shown, conditions } }))).toMatchObject({
      sentence: 'Argo CD cannot render what Git holds now: `kustomize build` failed',
    });
  });

  test('from before our commit is looked at again', () => {
    const decision = decide(
      situation({ shown: { ...shown, conditions: comparisonError('2026-11-21T02:00:00Z') } }),
    );
    expect(decision).toMatchObject({ type: 'act', action: 'refresh' });
  });

  test('from before our commit that a fresh comparison shows still is a failure', () => {
    const conditions = comparisonError('2026-11-21T02:00:00Z');
    expect(decide(situation({ shown: { ...shown, reconciledAt: 9, conditions } }))).toMatchObject({
      verdict: 'failed',
    });
  });

  const standing = (since: number, reconciledAt: number) => {
    const time = new Date(seconds(since)).toISOString();
    const conditions = comparisonError(time, 'rpc error: code = Unknown desc = something went wrong');
    return { at: reconciledAt + 6, shown: { ...shown, reconciledAt, conditions } };
  };

  test.each([
    ['at once', 10, 10],
    ['in the comparisons of less than the grace time', 10, 69],
  ])('in no words of a renderer is looked at again: %s', (_, since, reconciledAt) => {
    expect(decide(situation(standing(since, reconciledAt)))).toMatchObject({
      action: 'refresh',
      why: 'Argo CD cannot compare: something went wrong',
    });
  });

  test('that a comparison meets again after the grace time is a failure, whatever its words', () => {
    expect(decide(situation(standing(10, 70)))).toMatchObject({
      verdict: 'failed',
      reason: 'comparison-error',
    });
  });

  test('is asked about every ten seconds, by a comparison that may end it', () => {
    const input = situation({ ...standing(10, 10), at: 12, refreshedAt: seconds(9) });
    expect(decide(input)).toMatchObject({ type: 'wait', clause: 'fresh', until: seconds(19) });
    expect(decide(situation())).toMatchObject({ verdict: 'live' });
  });

  test('without a grace time needs a second comparison still', () => {
    const settings = { degradedGraceMs: 0 };
    expect(decide(situation({ ...standing(10, 10), settings }))).toMatchObject({ action: 'refresh' });
    expect(decide(situation({ ...standing(10, 11), settings }))).toMatchObject({ verdict: 'failed' });
  });

  test('because the repository server is away is not a failure of the change', () => {
    const conditions = comparisonError(
      '2026-11-21T03:00:05Z',
      'rpc error: code = Unavailable desc = connection refused',
    );
    expect(decide(situation({ shown: { ...shown, conditions } }))).toMatchObject({ action: 'refresh' });
  });
});

test('an invalid spec is shown without a comparison: it fails once a refresh has had its time', () => {
  const conditions = [
    {
      type: 'InvalidSpecError',
      message: 'repo not permitted in project',
      lastTransitionTime: '2026-11-21T02:00:00Z',
    },
  ];
  const shown = { reconciledAt: -900, conditions };
  expect(decide(situation({ at: 8, shown }))).toMatchObject({ type: 'act', action: 'refresh' });
  expect(decide(situation({ at: 14, shown }))).toMatchObject({
    verdict: 'failed',
    messages: ['repo not permitted in project'],
  });
});
