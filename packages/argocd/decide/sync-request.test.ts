import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { explained } from '../watch/explain.ts';
import type { SyncWindows } from '../windows/sync-windows.ts';
import { decide } from './decide.ts';
import {
  BEFORE,
  configMap,
  deployment,
  LATER,
  OURS,
  operated,
  type Situation,
  seconds,
  situation,
} from './testing.ts';

const manual = { automated: null };
const outOfSync = { sync: 'OutOfSync', resources: [configMap(), deployment({ status: 'OutOfSync' })] };
const decided = (given: Situation) => {
  const input = situation(given);
  return explained(decide(input), input);
};

/** An operation that carries a request of ours. */
const carrying = (request: string, fields: Parameters<typeof operated>[0] = {}): Json => ({
  ...Object(operated(fields)),
  operation: { sync: { revision: OURS }, info: [{ name: 'sluice-request', value: request }] },
});

describe('a request whose answer said no, or got lost', () => {
  const lost = { requestedAt: seconds(45), result: 'transient', request: 'r/1', message: 'cut' } as const;
  const asked = (operationState: Json, more: Situation = {}) =>
    decided({
      shown: { ...manual, ...outOfSync, operationState },
      ...{ settings: { sync: 'always' }, ourSync: lost },
      ...more,
    });

  test('is not sent again where its operation is there', () => {
    expect(asked(carrying('r/1'))).toMatchObject({ type: 'wait' });
    expect(asked(carrying('r/1'), { ourSync: { ...lost, result: 'busy' } })).toMatchObject({ type: 'wait' });
  });

  test('is, where only another one is', () => {
    expect(asked(carrying('r/0', { revision: BEFORE }))).toMatchObject({ type: 'act', action: 'sync' });
  });

  test('but not before the application was seen since', () => {
    const unseen = { ...lost, requestedAt: seconds(60) };
    expect(asked(carrying('r/0'), { ourSync: unseen, now: seconds(200) })).toMatchObject({ type: 'wait' });
  });
});

describe('a sync of what the change touches', () => {
  const settings = { sync: 'when-manual', syncResources: 'changed' } as const;
  const both = [configMap({ status: 'OutOfSync' }), deployment({ status: 'OutOfSync' })];
  const api = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };

  test('names its objects alone', () => {
    const shown = { ...manual, sync: 'OutOfSync', resources: both, operationState: null };
    expect(decided({ shown, settings })).toMatchObject({ action: 'sync', resources: [api] });
    expect(decided({ shown, settings: { ...settings, syncResources: 'all' } })).not.toHaveProperty(
      'resources',
    );
  });

  test('proves what the rule demands: the others stay OutOfSync, and are told', () => {
    const ours = { requestedAt: seconds(5), result: 'accepted', request: 'r/1', partial: true } as const;
    const resources = [configMap({ status: 'OutOfSync' }), deployment()];
    const shown = { ...manual, sync: 'OutOfSync', resources, operationState: carrying('r/1') };
    expect(decided({ shown, settings, ourSync: ours })).toMatchObject({
      verdict: 'live',
      messages: ['ConfigMap payments/settings is OutOfSync; it is not part of the change.'],
    });
    const whole = { ...settings, scope: 'application' } as const;
    expect(decided({ shown, settings: whole, ourSync: ours })).toMatchObject({
      ...{ verdict: 'failed', reason: 'needs-sync' },
      sentence: expect.stringContaining('ConfigMap payments/settings'),
    });
  });

  test('where nothing of the change is left to sync cannot help', () => {
    const shown = {
      ...manual,
      sync: 'OutOfSync',
      resources: [configMap({ status: 'OutOfSync' }), deployment()],
    };
    expect(decided({ shown, settings: { ...settings, scope: 'application' } })).toMatchObject({
      ...{
        verdict: 'failed',
        reason: 'needs-sync',
        sentence: expect.stringContaining('sync-resources: changed'),
      },
    });
  });

  test('runs no hook, and says so before it is asked for', () => {
    const hook = { group: 'batch', kind: 'Job', namespace: 'payments', name: 'migrate', hook: true } as const;
    const place = { type: 'value', document: 0, path: 'x' } as const;
    const edits = [{ place, from: 'a', to: 'b' }];
    const rendered = {
      revision: OURS,
      differing: [{ ...hook, fields: [{ path: ['x'], before: 'a', after: 'b' }] }],
    };
    expect(decided({ shown: { ...manual, operationState: null }, settings, edits, rendered })).toMatchObject({
      ...{ reason: 'needs-sync', sentence: expect.stringContaining('a sync of single objects runs none') },
    });
  });
});

describe('auto-sync', () => {
  test('that may not prune leaves alone what is only gone from Git, and shows nothing of it', () => {
    const gone = {
      ...outOfSync,
      resources: [configMap({ status: 'OutOfSync', requiresPruning: true }), deployment()],
    };
    const settings = { scope: 'application' } as const;
    const shown = { ...gone, operationState: null };
    expect(decided({ shown, settings })).toMatchObject({
      reason: 'needs-sync',
      sentence: /and nothing prunes it/,
    });
    expect(decided({ shown: { ...shown, automated: { prune: true } }, settings })).toMatchObject({
      ...{ type: 'ask', evidence: 'windows' },
    });
  });

  const deny = {
    kind: 'deny',
    schedule: '0 1 21 11 *',
    duration: '6h',
    manualSync: true,
    timeZone: '',
  } as const;
  const shut: SyncWindows = { assigned: [deny], active: [deny], canSync: true, takenAt: seconds(55) };

  test('that does not begin is explained by the windows, and they are asked for', () => {
    const shown = { ...outOfSync, operationState: null };
    expect(decided({ shown })).toMatchObject({ type: 'ask', evidence: 'windows' });
    expect(decided({ shown, facts: { windows: shut } })).toMatchObject({
      type: 'wait',
      why: 'Waiting until 2026-11-21 07:00 UTC: the sync windows are closed for auto-sync (deny `0 1 21 11 *` for 6h)',
    });
    const old = { ...shut, takenAt: seconds(0) };
    expect(decided({ shown, facts: { windows: old } })).toMatchObject({ type: 'ask', evidence: 'windows' });
  });

  test('that has had no time to begin yet needs no explanation', () => {
    const shown = { ...outOfSync, operationState: null };
    const at = {
      at: 5,
      earlier: [],
      baseline: { serverTime: seconds(0), localTime: seconds(0), unwell: [] },
    };
    expect(decided({ ...at, shown: { ...shown, reconciledAt: 4 } })).toMatchObject({
      why: 'Waiting for auto-sync',
    });
  });

  test('that no window keeps away, and windows that cannot be read, leave it at that', () => {
    const shown = { ...outOfSync, operationState: null };
    for (const windows of [
      { ...shut, active: [], assigned: [] },
      { unavailable: 'no', takenAt: seconds(55) },
    ])
      expect(decided({ shown, facts: { windows } })).toMatchObject({ why: 'Waiting for auto-sync' });
  });
});

describe('a sync that a window refuses', () => {
  const deny = {
    kind: 'deny',
    schedule: '0 1 21 11 *',
    duration: '2h5m',
    manualSync: false,
    timeZone: '',
  } as const;
  const shut: SyncWindows = { assigned: [deny], active: [deny], canSync: false, takenAt: seconds(55) };
  const refused = { requestedAt: seconds(45), result: 'window', message: 'blocked' } as const;
  const at = (now: number, windows = shut) =>
    decided({
      shown: { ...manual, ...outOfSync, operationState: null },
      ...{ settings: { sync: 'when-manual' }, ourSync: refused, now: seconds(now), facts: { windows } },
    });

  test('is asked for again when the window opens, and not before', () => {
    expect(at(60)).toMatchObject({ why: expect.stringContaining('Waiting until 2026-11-21 03:05 UTC') });
    expect(at(64)).toMatchObject({ type: 'wait' });
    const later = { ...shut, takenAt: seconds(270) };
    expect(at(299, later)).toMatchObject({ type: 'wait', until: seconds(300) + 1 });
    expect(at(301, later)).toMatchObject({ type: 'act', action: 'sync' });
  });

  test('is asked for again soon where the windows have been opened meanwhile', () => {
    expect(at(60, { ...shut, canSync: true })).toMatchObject({ type: 'act', action: 'sync' });
  });

  test('is asked for once a minute where nobody can tell when it opens', () => {
    const { timeZone: _, ...unknown } = deny;
    const windows = { ...shut, assigned: [unknown], active: [unknown] };
    expect(at(60, windows)).toMatchObject({ why: expect.stringMatching(/^The sync windows are closed/) });
    expect(at(105, windows)).toMatchObject({ type: 'act', action: 'sync' });
  });
});

describe('several sources', () => {
  const sources = [
    { repoURL: 'https://git.example/charts', path: 'api' },
    { repoURL: 'https://git.example/gitops', ref: 'values' },
  ];
  const of = (revisions: readonly string[], operationOf: readonly string[], phase: string) => {
    const state = {
      ...Object(operated({ phase, message: 'did not apply' })),
      operation: { sync: { revisions: operationOf } },
    };
    const shown = {
      ...{ spec: { source: undefined, sources }, sync: 'OutOfSync', resources: outOfSync.resources },
      operationState: { ...state, syncResult: { revisions: operationOf, resources: [] } },
      status: {
        sourceTypes: ['Helm', ''],
        sync: { status: 'OutOfSync', revisions, comparedTo: { sources, destination: {} } },
      },
    };
    return decided({ shown, sourceIndex: 1 });
  };

  test.each([
    ['both', [BEFORE, OURS], [BEFORE, OURS], { verdict: 'failed' }],
    ['not the other', [LATER, OURS], [BEFORE, OURS], { type: 'ask', evidence: 'windows' }],
    ['the other by its commit, ours before the change', [BEFORE, OURS], [BEFORE, BEFORE], { type: 'ask' }],
  ])('a sync that failed counts where %s are what is compared with now', (_, now, then, expected) => {
    expect(of(now, then, 'Failed')).toMatchObject(expected);
  });
});
