import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import {
  BEFORE,
  configMap,
  deployment,
  LATER,
  managed,
  OLD_IMAGE,
  OURS,
  operated,
  seconds,
  situation,
} from './testing.ts';

const manual = { automated: null };
const outOfSync = { sync: 'OutOfSync', resources: [configMap(), deployment({ status: 'OutOfSync' })] };
const failedResource = {
  kind: 'Deployment',
  group: 'apps',
  namespace: 'payments',
  name: 'api',
  status: 'SyncFailed',
  message: 'spec.replicas: Invalid value: -1',
};
const failed = (fields = {}) =>
  operated({ phase: 'Failed', message: 'did not apply', resources: [failedResource], ...fields });
const syncError = (revision: string) => [
  { type: 'SyncError', message: `Failed last sync attempt to [${revision}]: did not apply` },
];

describe('clause 5, operation: under way', () => {
  test.each([
    ['asked for', { operation: { sync: {} }, operationState: null }, /An operation runs/],
    [
      'running',
      { operationState: operated({ phase: 'Running', finishedAt: undefined }) },
      /An operation runs/,
    ],
    [
      'running with an end: a retry is scheduled',
      {
        operationState: operated({
          phase: 'Running',
          message: 'One task failed. Retrying attempt #1 at 2:31AM.',
        }),
      },
      /will be tried again: One task failed\.$/,
    ],
    ['terminating', { operationState: operated({ phase: 'Terminating' }) }, /terminated/],
    [
      'held by a sync window',
      {
        operationState: operated({
          phase: 'Running',
          finishedAt: undefined,
          message: 'Sync operation blocked by sync window',
        }),
      },
      /until the sync window opens/,
    ],
    [
      'in a phase that we do not know',
      { operationState: operated({ phase: 'Pondering', finishedAt: undefined }) },
      /An operation runs/,
    ],
  ])('%s: wait, although all is Synced and Healthy', (_, shown, why) => {
    const decision = decide(situation({ shown }));
    expect(decision).toMatchObject({ type: 'wait', clause: 'operation' });
    expect(decision).toHaveProperty('why', expect.stringMatching(why));
  });
});

describe('clause 5, operation: failed', () => {
  test.each([
    'Failed',
    'Error',
  ])('%s at this revision is a failure with the words of its resources', (phase) => {
    const decision = decide(situation({ shown: { operationState: failed({ phase }) } }));
    expect(decision).toMatchObject({
      verdict: 'failed',
      reason: 'operation-failed',
      messages: ['Deployment payments/api: spec.replicas: Invalid value: -1'],
    });
  });

  test('terminated, it fails when nothing has followed for the grace time', () => {
    const operationState = operated({ phase: 'Failed', message: 'Operation terminated', finishedAt: 8 });
    const shown = { ...outOfSync, operationState, conditions: syncError(OURS) };
    expect(decide(situation({ at: 67, shown }))).toMatchObject({ type: 'wait' });
    expect(decide(situation({ at: 68, shown }))).toMatchObject({
      verdict: 'failed',
      reason: 'operation-failed',
    });
  });

  test('at a revision before ours is not our failure', () => {
    const shown = { operationState: failed({ revision: BEFORE }) };
    expect(decide(situation({ shown }))).toMatchObject({ verdict: 'live' });
    expect(decide(situation({ shown: { ...outOfSync, ...shown } }))).toMatchObject({
      type: 'wait',
      clause: 'synced',
    });
  });

  test('at an earlier revision that held the change, and nothing synced since: its hooks failed', () => {
    const shown = { revision: LATER, operationState: failed() };
    const content = { [LATER]: { state: 'contained' } } as const;
    expect(decide(situation({ shown, content }))).toMatchObject({ verdict: 'failed' });
  });

  test('at a revision of which it is not known whether it holds the change: that is asked for', () => {
    const shown = { operationState: failed({ revision: '9'.repeat(40) }) };
    expect(decide(situation({ shown }))).toMatchObject({
      type: 'ask',
      evidence: 'content',
      revision: '9'.repeat(40),
    });
  });

  test('as a dry run says nothing about the cluster', () => {
    expect(decide(situation({ shown: { operationState: failed({ dryRun: true }) } }))).toMatchObject({
      verdict: 'live',
    });
  });

  test('SyncError at this revision: auto-sync has given up', () => {
    const shown = { ...outOfSync, operationState: null };
    expect(decide(situation({ shown: { ...shown, conditions: syncError(OURS) } }))).toMatchObject({
      verdict: 'failed',
      reason: 'sync-error',
    });
    expect(decide(situation({ shown: { ...shown, conditions: syncError(BEFORE) } }))).toMatchObject({
      type: 'wait',
    });
  });

  test('and this run may sync: it is tried once more, and then it is a failure', () => {
    const input = situation({
      shown: { ...manual, operationState: failed() },
      settings: { sync: 'when-manual' },
    });
    expect(decide(input)).toMatchObject({ type: 'act', action: 'sync' });
    const ourSync = { requestedAt: seconds(50), result: 'accepted' } as const;
    expect(decide({ ...input, ourSync })).toMatchObject({ verdict: 'failed' });
  });
});

describe('clause 5, operation: who will sync', () => {
  test('auto-sync off, nothing running, not asked to sync: needs-sync at once', () => {
    const shown = { ...manual, ...outOfSync, operationState: null };
    expect(decide(situation({ shown }))).toMatchObject({
      ...{ verdict: 'failed', reason: 'needs-sync' },
      messages: ['Auto-sync is off: sync it in Argo CD, or set `sync: when-manual`.'],
    });
  });

  test('auto-sync with `enabled: false` is off', () => {
    const shown = { automated: { enabled: false }, ...outOfSync, operationState: null };
    expect(decide(situation({ shown }))).toMatchObject({ reason: 'needs-sync' });
  });

  test('needs-sync is said of fresh data that contain the change only', () => {
    const shown = { ...manual, ...outOfSync, operationState: null };
    expect(decide(situation({ shown: { ...shown, reconciledAt: 0 } }))).toMatchObject({ action: 'refresh' });
    expect(decide(situation({ shown: { ...shown, revision: BEFORE } }))).toMatchObject({ action: 'refresh' });
  });

  test('OutOfSync in the moments after an operation is not needs-sync', () => {
    const shown = { ...manual, ...outOfSync, reconciledAt: 58, operationState: operated({ finishedAt: 58 }) };
    expect(decide(situation({ shown, earlier: [] }))).toMatchObject({ type: 'wait', clause: 'synced' });
  });

  test('OutOfSync outside of the scope needs nobody', () => {
    const resources = [configMap({ status: 'OutOfSync' }), deployment()];
    const input = situation({ shown: { ...manual, sync: 'OutOfSync', resources } });
    expect(decide(input)).toMatchObject({ verdict: 'live' });
    expect(decide({ ...input, settings: { ...input.settings, scope: 'application' } })).toMatchObject({
      reason: 'needs-sync',
    });
  });

  test.each([
    ['never', {}, { type: 'wait' }],
    ['when-manual', {}, { type: 'wait' }],
    ['always', {}, { type: 'act', action: 'sync' }],
    ['when-manual', manual, { type: 'act', action: 'sync' }],
    ['always', manual, { type: 'act', action: 'sync' }],
  ] as const)('sync: %s with %j', (sync, policy, expected) => {
    const shown = { ...policy, ...outOfSync, operationState: null };
    expect(decide(situation({ shown, settings: { sync } }))).toMatchObject(expected);
  });

  test('what is Synced is not synced again', () => {
    expect(decide(situation({ settings: { sync: 'always' } }))).toMatchObject({ verdict: 'live' });
  });

  test.each([
    ['forbidden', 50, { verdict: 'unknown', reason: 'sync-forbidden' }],
    ['refused', 50, { verdict: 'failed', reason: 'sync-refused' }],
    ['window', 1, { type: 'wait' }],
    ['window', 0, { type: 'act', action: 'sync' }],
    ['busy', 55, { type: 'wait' }],
    ['busy', 50, { type: 'act', action: 'sync' }],
    ['transient', 50, { type: 'act', action: 'sync' }],
    ['accepted', 50, { type: 'wait' }],
    ['accepted', 30, { type: 'act', action: 'sync' }],
  ] as const)('our sync was answered with %s at %d s', (result, requested, expected) => {
    const shown = { ...manual, ...outOfSync, operationState: operated({ revision: BEFORE }) };
    const ourSync = { requestedAt: seconds(requested), result, message: 'in its words' };
    expect(decide(situation({ shown, settings: { sync: 'always' }, ourSync }))).toMatchObject(expected);
  });

  test('an object that our own sync leaves OutOfSync is not synced in a loop', () => {
    const shown = { ...manual, ...outOfSync };
    const ourSync = { requestedAt: seconds(5), result: 'accepted' } as const;
    expect(decide(situation({ shown, settings: { sync: 'always' }, ourSync }))).toMatchObject({
      type: 'wait',
    });
  });

  test('what was observed before our sync says nothing about it', () => {
    const ourSync = { requestedAt: seconds(61), result: 'accepted' } as const;
    const shown = { operationState: failed() };
    expect(decide(situation({ shown, ourSync, settings: { sync: 'always' } }))).toMatchObject({
      type: 'wait',
    });
  });

  test('live drift that nothing will heal is told from a sync that is missing', () => {
    const of = (automated: unknown, live: string) =>
      decide(
        situation({ at: 100, shown: { ...outOfSync, automated }, resources: [managed(undefined, live)] }),
      );
    expect(of({}, OLD_IMAGE)).toMatchObject({ verdict: 'drifted', reason: 'live-drift' });
    expect(of(null, OLD_IMAGE)).toMatchObject({ verdict: 'drifted', reason: 'live-drift' });
    expect(of({ selfHeal: true }, OLD_IMAGE)).toMatchObject({ type: 'wait' });
  });
});
