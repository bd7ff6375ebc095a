import { describe, expect, test } from 'vitest';
import { explained } from '../watch/explain.ts';
import { decide } from './decide.ts';
import { configMap, deployment, operated, seconds, situation } from './testing.ts';
import type { DecisionInput, Settings } from './types.ts';

const owned = { ownerReferences: [{ kind: 'ApplicationSet', name: 'shops' }] };
const rolling = { applicationSet: 'shops', rolling: true, step: '2', phase: 'Waiting', takenAt: seconds(50) };
const plain = { applicationSet: 'shops', rolling: false, takenAt: seconds(50) };
const hidden = { unavailable: 'HTTP 403: permission denied', takenAt: seconds(50), denied: true } as const;
const away = { unavailable: 'HTTP 503', takenAt: seconds(57) };

function decided(
  order: DecisionInput['evidence']['order'],
  sync: Settings['sync'] = 'when-manual',
  shown: Parameters<typeof situation>[0] = {},
) {
  const input = situation({
    settings: { sync },
    ...shown,
    shown: {
      ...{ metadata: owned, automated: null, sync: 'OutOfSync', operationState: null },
      resources: [configMap(), deployment({ status: 'OutOfSync' })],
      ...shown?.shown,
    },
    ...(order !== undefined && { facts: { order } }),
  });
  return explained(decide(input), input);
}

describe('an application that an ApplicationSet generates, not Synced and without auto-sync', () => {
  test('is not judged before it is known who syncs it', () => {
    for (const sync of ['never', 'when-manual', 'always'] as const)
      expect(decided(undefined, sync)).toMatchObject({ type: 'ask', evidence: 'order' });
    expect(decided({ ...plain, takenAt: seconds(0) })).toMatchObject({ type: 'ask', evidence: 'order' });
  });

  test.each([
    'never',
    'when-manual',
    'always',
  ] as const)('is waited for where RollingSync owns the order, with sync: %s', (sync) => {
    expect(decided(rolling, sync)).toMatchObject({
      type: 'wait',
      why: 'The RollingSync of ApplicationSet shops syncs it in its turn (step 2, Waiting)',
    });
  });

  test('is synced, or needs it, where nobody does', () => {
    expect(decided(plain)).toMatchObject({ type: 'act', action: 'sync' });
    expect(decided(plain, 'never')).toMatchObject({ reason: 'needs-sync' });
  });

  test.each([
    'never',
    'when-manual',
    'always',
  ] as const)('is unknown where that cannot be read, and not synced, with sync: %s', (sync) => {
    expect(decided(hidden, sync)).toMatchObject({
      ...{ verdict: 'unknown', reason: 'could-not-ask' },
      messages: [expect.stringContaining('`applicationsets, get, default/shops`')],
    });
  });

  test('is waited for while that cannot be read for now, which is asked again soon', () => {
    expect(decided(away, 'always')).toMatchObject({ type: 'wait', why: 'HTTP 503', unavailable: true });
    expect(decided({ ...away, takenAt: seconds(50) })).toMatchObject({ type: 'ask', evidence: 'order' });
  });

  test('is waited for where that cannot be read, but its last operation was begun by RollingSync', () => {
    const info = [
      { name: 'Reason', value: 'ApplicationSet RollingSync triggered a sync of this Application resource' },
    ];
    const operationState = {
      ...Object(operated({ revision: '1'.repeat(40) })),
      operation: { sync: {}, info },
    };
    expect(decided(hidden, 'always', { shown: { operationState } })).toMatchObject({ type: 'wait' });
  });

  test('whose sync failed is not tried once more where RollingSync owns the order', () => {
    const shown = { operationState: operated({ phase: 'Failed', message: 'no' }) };
    expect(decided(rolling, 'always', { shown })).toMatchObject({ verdict: 'failed' });
    expect(decided(hidden, 'always', { shown })).toMatchObject({ verdict: 'failed' });
    expect(decided(plain, 'always', { shown })).toMatchObject({ type: 'act', action: 'sync' });
  });
});

test('auto-sync shows that it is not RollingSync that owns the order, which takes it away', () => {
  expect(decided(undefined, 'always', { shown: { automated: {} } })).toMatchObject({ action: 'sync' });
});
