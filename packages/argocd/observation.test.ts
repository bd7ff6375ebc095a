import { describe, expect, test } from 'vitest';
import { describeResource, keyOf, parseApplication } from './observation.ts';

const parse = (
  fields: Readonly<Record<string, unknown>> = {},
  spec: Readonly<Record<string, unknown>> = {},
) => parseApplication({ metadata: { name: 'demo' }, spec: { source: { repoURL: 'r' }, ...spec }, ...fields });

describe('an Application', () => {
  test.each([
    [undefined],
    [null],
    ['<html>'],
    [[]],
    [{}],
    [{ metadata: { name: 'x' } }],
    [{ spec: {} }],
  ])('is not read into %j', (body) => {
    expect(() => parseApplication(body)).toThrow(
      expect.objectContaining({ kind: 'platform', code: 'argocd-answer' }),
    );
  });

  test('that was never compared has nothing that could pass for a good state', () => {
    expect(parse()).toMatchObject({
      sync: { status: 'Unknown', revisions: [] },
      health: { status: 'Unknown' },
      resources: [],
      conditions: [],
      project: 'default',
    });
    expect(parse()).not.toHaveProperty('reconciledAt');
    expect(parse()).not.toHaveProperty('operation');
  });

  test.each([
    [undefined, { enabled: false, selfHeal: false, prune: false }],
    [{}, { enabled: false, selfHeal: false, prune: false }],
    [{ automated: {} }, { enabled: true, selfHeal: false, prune: false }],
    [{ automated: { selfHeal: true, prune: true } }, { enabled: true, selfHeal: true, prune: true }],
    [{ automated: { enabled: true } }, { enabled: true, selfHeal: false, prune: false }],
    [{ automated: { enabled: false, selfHeal: true } }, { enabled: false, selfHeal: false, prune: false }],
    [{ automated: null }, { enabled: false, selfHeal: false, prune: false }],
  ])('with the sync policy %j', (syncPolicy, expected) => {
    expect(parse({}, { syncPolicy }).autoSync).toEqual(expected);
  });

  test('has one revision for each source, in their order, also where one is empty', () => {
    const status = { sync: { status: 'Synced', revisions: ['1.2.3', '', 'abc'] } };
    expect(parse({ status }).sync.revisions).toEqual(['1.2.3', '', 'abc']);
    expect(parse({ status: { sync: { revision: 'abc' } } }).sync.revisions).toEqual(['abc']);
  });

  test('times are milliseconds; one that is none is absent', () => {
    expect(parse({ status: { reconciledAt: '2026-11-21T03:00:00Z' } }).reconciledAt).toBe(1_795_230_000_000);
    expect(parse({ status: { reconciledAt: 'soon' } })).not.toHaveProperty('reconciledAt');
  });

  test('statuses that nobody knows are Unknown, and such a phase is not done', () => {
    const resources = [{ kind: 'X', name: 'x', status: 'Fine', health: { status: 'Superb' } }];
    const status = { resources, sync: { status: 'Fine' }, health: {}, operationState: { phase: 'Done' } };
    expect(parse({ status })).toMatchObject({
      sync: { status: 'Unknown' },
      health: { status: 'Unknown' },
      resources: [{ sync: 'Unknown', health: 'Unknown' }],
      operationState: { phase: 'Running' },
    });
  });

  test('an operation says what was applied, and what was asked for where no result says', () => {
    const operation = {
      sync: { revision: 'main', resources: [{}] },
      info: [{ name: 'gha-run', value: 'o/r/1/1' }],
    };
    const asked = parse({ operation, status: { operationState: { operation, phase: 'Running' } } });
    expect(asked.operation).toEqual({
      revisions: ['main'],
      dryRun: false,
      automated: false,
      partial: true,
      info: { 'gha-run': 'o/r/1/1' },
    });
    expect(asked.operationState?.revisions).toEqual(['main']);
    const done = { operation, phase: 'Succeeded', syncResult: { revision: 'abc' } };
    expect(parse({ status: { operationState: done } }).operationState?.revisions).toEqual(['abc']);
  });

  test('a hydrated source that was not hydrated yet has no commits to compare with', () => {
    expect(parse({ status: { sourceHydrator: {} } })).not.toHaveProperty('hydrated');
    expect(parse({}, { sourceHydrator: {} }).hydrated).toEqual({ dry: '', rendered: '', path: '.' });
  });
});

test('resources have a key, and a name for people', () => {
  const deployment = { group: 'apps', kind: 'Deployment', namespace: 'pay', name: 'api' };
  expect(keyOf(deployment)).toBe('apps/Deployment/pay/api');
  expect(describeResource(deployment)).toBe('Deployment pay/api');
  expect(describeResource({ ...deployment, namespace: '' })).toBe('Deployment api');
});
