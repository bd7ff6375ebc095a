import { expect, it } from 'vitest';
import { workspaceOfEach } from './workspace-setup.ts';

const { bump, put, read } = workspaceOfEach();

const FILES = {
  'overlay/kustomization.yaml': [
    'resources: [../base]',
    'patches:',
    '- target: {kind: Deployment, name: shop}',
    '  patch: |- # ours',
    '    - op: replace # keep',
    '      path: /spec/template/spec/containers/0/image',
    '      value: \'registry.example/shop:1.4.1\' # {"$imagepolicy": "flux-system:shop"}',
    '- path: shop.patch',
    '  target: {kind: Deployment, labelSelector: app=shop}',
    '',
  ].join('\r\n'),
  'overlay/shop.patch':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: any}\nspec: {template: {spec: {initContainers: [{name: init, image: registry.example/shop:1.4.1}]}}}\n',
  'base/kustomization.yaml': 'images:\n- digest: sha256:1\n  name: registry.example/shop\n  newTag: 1.4.1\n',
};

it('edits patches of every form in their own bytes, and takes the digest out that is not wanted', async () => {
  put(FILES);
  const run = await bump();
  expect([run.exitCode, run.outputs.verdict]).toEqual([0, 'updated']);
  const bumped = (path: keyof typeof FILES) => FILES[path].replaceAll('1.4.1', '1.4.2');
  expect(read('overlay/kustomization.yaml')).toBe(bumped('overlay/kustomization.yaml'));
  expect(read('overlay/shop.patch')).toBe(bumped('overlay/shop.patch'));
  expect(read('base/kustomization.yaml')).toBe('images:\n- name: registry.example/shop\n  newTag: 1.4.2\n');
  const again = await bump();
  expect(again.outputs.verdict).toBe('unchanged');
});

it('adds the entry that a kustomization lacks where that is asked for, and nothing otherwise', async () => {
  put({ 'kustomization.yaml': 'resources:\n  - ../base # shared\n' });
  const asked = { images: 'shop=registry.example/shop:1.4.2' };
  const without = await bump(asked);
  expect([without.exitCode, without.outputs.verdict]).toEqual([1, 'not-found']);
  expect(JSON.parse(without.outputs.result ?? '')).toMatchObject({ skipped: [{ reason: 'outside' }] });
  const run = await bump({ ...asked, 'kustomize-images': 'set' });
  expect([run.exitCode, run.outputs.verdict]).toEqual([0, 'updated']);
  expect(read('kustomization.yaml')).toBe(
    'resources:\n  - ../base # shared\nimages:\n  - name: shop\n    newName: registry.example/shop\n    newTag: 1.4.2\n',
  );
});
