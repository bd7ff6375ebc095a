import { expect, test } from 'vitest';
import { hooksOf } from './hooks.ts';

const application = { destination: { namespace: 'payments' } };
const job = (annotations: Readonly<Record<string, string>>, metadata: object = { name: 'migrate' }) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { ...metadata, annotations },
});

test.each([
  [{ 'argocd.argoproj.io/hook': 'PreSync' }, true],
  [{ 'argocd.argoproj.io/hook': 'SyncFail, PostSync' }, true],
  [{ 'argocd.argoproj.io/hook': 'Skip' }, false],
  [{ 'argocd.argoproj.io/hook': 'PostDelete' }, false],
  [{ 'helm.sh/hook': 'pre-install,pre-upgrade' }, true],
  [{ 'helm.sh/hook': 'test' }, false],
  [{}, false],
])('%j: run by a sync is %s', (annotations, expected) => {
  expect(hooksOf([job(annotations)], application)).toHaveLength(expected ? 1 : 0);
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
