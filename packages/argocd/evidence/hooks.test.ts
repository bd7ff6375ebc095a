import { expect, test } from 'vitest';
import { hooksOf } from './hooks.ts';

const application = { destination: { namespace: 'payments' } };
const job = (annotations: Readonly<Record<string, string>>, metadata: object = { name: 'migrate' }) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { ...metadata, annotations },
});

test.each([
  [{ 'argocd.argoproj.io/hook': 'PreSync' }, [{ hook: true }]],
  [{ 'argocd.argoproj.io/hook': 'SyncFail, PostSync' }, [{ hook: true }]],
  [{ 'argocd.argoproj.io/hook': 'Skip' }, [{ hook: true, dormant: true }]],
  [{ 'argocd.argoproj.io/hook': 'SyncFail' }, [{ hook: true, dormant: true }]],
  [{ 'helm.sh/hook': 'pre-install,pre-upgrade' }, [{ hook: true }]],
  [{ 'helm.sh/hook': 'test' }, [{ hook: true, dormant: true }]],
  [{}, []],
])('%j is a hook, which no sync runs when it is dormant: %j', (annotations, expected) => {
  const found = hooksOf([job(annotations)], application);
  expect(found.map(({ hook, dormant }) => ({ hook, ...(dormant && { dormant }) }))).toEqual(expected);
});

test('a hook has the namespace of the destination and the beginning of a generated name', () => {
  const [hook] = hooksOf([job({ 'helm.sh/hook': 'pre-upgrade' }, { generateName: 'migrate-' })], application);
  expect(hook).toMatchObject({
    group: 'batch',
    kind: 'Job',
    namespace: 'payments',
    name: 'migrate-',
    hook: true,
  });
});
