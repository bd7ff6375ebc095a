import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { situation } from './testing.ts';

describe('clause 6, spec', () => {
  const SOURCE = { repoURL: 'https://git.example/gitops.git', path: 'apps/payments', targetRevision: 'main' };

  test.each([
    ['another path', { source: { ...SOURCE, path: 'apps/other' } }],
    ['another branch', { source: { ...SOURCE, targetRevision: 'next' } }],
    ['a new parameter', { source: { ...SOURCE, kustomize: { images: ['a:1'] } } }],
    ['several sources now', { sources: [SOURCE] }],
    ['another namespace', { destination: { server: 'https://kubernetes.default.svc', namespace: 'other' } }],
    ['another cluster', { destination: { server: 'https://other', namespace: 'payments' } }],
  ])('%s is not what was compared with', (_, spec) => {
    expect(decide(situation({ shown: { spec } }))).toMatchObject({ type: 'wait', clause: 'spec' });
  });

  test('an Application that is being deleted runs nothing for long', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    expect(decide(situation({ shown: { metadata } }))).toMatchObject({ type: 'wait', clause: 'spec' });
  });

  test('a cluster that is given by name has no server in the spec', () => {
    const spec = { destination: { name: 'in-cluster', namespace: 'payments' } };
    expect(decide(situation({ shown: { spec } }))).toMatchObject({ verdict: 'live' });
  });
});
