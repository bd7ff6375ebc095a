import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import type { Situation } from './testing.ts';
import { configMap, deployment, imageEdit, situation } from './testing.ts';

/** All of the application is in scope. */
const settings = { scope: 'application' } as const;
const worker = (health: string | undefined) =>
  deployment({
    name: 'worker',
    ...(health === undefined ? { health: null } : { health: { status: health } }),
  });
const key = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'worker' };
const baselineOf = (unwell: NonNullable<Situation['baseline']>['unwell']) => ({
  ...situation().baseline,
  unwell,
});
const wasDegraded = baselineOf([{ ...key, health: 'Degraded' }]);
const shown = (status: string, health: string | undefined = status) => ({
  ...{ health: status, healthSince: -5000 },
  resources: [configMap(), deployment(), worker(health)],
});

describe('what was Degraded before the change, and is nothing of it', () => {
  const after = (...between: ReturnType<typeof shown>[]) =>
    decide(
      situation({
        ...{ settings, at: 200, shown: shown('Degraded'), baseline: wasDegraded },
        earlier: [shown('Degraded'), ...between].map((one, index) => ({ at: 20 + 10 * index, shown: one })),
      }),
    );

  test.each([
    ['an answer without health, as after a restart of Redis', shown('Degraded', undefined)],
    ['health that nobody knows', shown('Unknown')],
    ['a crash loop that tries again', shown('Progressing')],
  ])('is left so after %s', (_, between) => {
    expect(after(between)).toMatchObject({ verdict: 'live' });
  });

  test('is a failure after it was Healthy', () => {
    expect(after(shown('Healthy'), shown('Degraded'))).toMatchObject({
      verdict: 'failed',
      reason: 'degraded',
    });
  });
});

test.each([
  'Healthy',
  'Missing',
])('what was Missing and OutOfSync before the change is left so, while the application is %s', (health) => {
  const resources = [
    configMap(),
    deployment(),
    deployment({ name: 'worker', status: 'OutOfSync', health: { status: 'Missing' } }),
  ];
  const now = { sync: 'OutOfSync', health, resources, automated: { selfHeal: true } };
  const baseline = baselineOf([{ ...key, health: 'Missing', sync: 'OutOfSync' }]);
  const input = situation({ settings, at: 200, shown: now, earlier: [{ at: 20, shown: now }], baseline });
  expect(decide(input)).toMatchObject({
    verdict: 'live',
    messages: ['Deployment payments/worker is Missing, as before the change; it is not part of the change.'],
  });
});

test('what a Helm value may go into as well is waited for: only containers of its repository are known', () => {
  const edit = imageEdit({ type: 'helm-value', path: 'image.tag', holds: 'tag' });
  const given = { settings, at: 200, shown: shown('Degraded'), baseline: wasDegraded };
  const earlier = [{ at: 20, shown: shown('Degraded') }];
  expect(decide(situation({ ...given, earlier }))).toMatchObject({ verdict: 'live' });
  expect(decide(situation({ ...given, earlier, edits: [edit] }))).not.toMatchObject({ verdict: 'live' });
});
