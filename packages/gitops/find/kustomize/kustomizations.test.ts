import { expect, test } from 'vitest';
import { plan } from '../plan-edits.testing.ts';

const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n    image: ${image}\n`;
const images = 'images: [{name: shop, newTag: "1"}]\n';

const edited = (files: Readonly<Record<string, string>>, image = 'shop:2'): readonly string[] =>
  plan(files, [image]).files.map(({ path }) => path);

test.each([
  ['beside it', { 'k/kustomization.yaml': `resources: [pod.yaml]\n${images}`, 'k/pod.yaml': pod('shop') }],
  [
    'that brings its folder in',
    {
      'k/kustomization.yaml': `resources: [../base/]\n${images}`,
      'base/kustomization.yml': 'resources: [./pod.yaml]\n',
      'base/pod.yaml': pod('docker.io/library/shop'),
    },
  ],
  [
    'with a component that sets it',
    {
      'k/kustomization.yaml': 'resources: [pod.yaml]\ncomponents: [../tag]\n',
      'k/pod.yaml': pod('shop'),
      'tag/kustomization.yaml': `kind: Component\n${images}`,
    },
  ],
])('an image without a tag that a kustomization %s sets is a placeholder, and stays', (_, files) => {
  const touched = edited(files);
  expect(touched).toHaveLength(1);
  expect(touched[0]).toMatch(/kustomization/);
});

test.each([
  ['with a tag', { 'kustomization.yaml': `resources: [pod.yaml]\n${images}`, 'pod.yaml': pod('shop:1') }],
  ['that no kustomization brings in', { 'k/kustomization.yaml': images, 'pod.yaml': pod('shop') }],
  [
    'that its kustomization does not set',
    { 'kustomization.yaml': 'resources: [pod.yaml]\n', 'pod.yaml': pod('shop') },
  ],
])('an image %s is a place like any other', (_, files) => {
  expect(edited(files)).toContain('pod.yaml');
});

test('where kustomizations bring each other in, it comes to an end', () => {
  const files = {
    'a/kustomization.yaml': 'resources: [../b, pod.yaml]\n',
    'b/kustomization.yaml': 'resources: [../a]\n',
    'a/pod.yaml': pod('shop'),
  };
  expect(edited(files)).toEqual(['a/pod.yaml']);
});

test('a placeholder for another name is no place: what is deployed has that name', () => {
  const files = {
    'kustomization.yaml': 'resources: [pod.yaml]\nimages: [{name: shop, newName: acme/shop, newTag: "1"}]\n',
    'pod.yaml': pod('shop'),
  };
  expect([edited(files), edited(files, 'acme/shop:2')]).toEqual([[], ['kustomization.yaml']]);
});

test('an image that is not found may stand in a base that is not looked at, which is said', () => {
  const files = {
    'overlays/a/kustomization.yaml':
      'resources: [../../base, ./own, https://example.com/x?ref=1, pod.yaml]\n',
    'overlays/a/own/kustomization.yaml': 'resources: []\n',
    'overlays/a/pod.yaml': pod('other:1'),
  };
  expect(plan(files, ['shop:2']).skipped).toEqual([
    {
      path: 'overlays/a/kustomization.yaml',
      reason: 'outside',
      message: 'it takes base, which is outside of what is looked at',
    },
  ]);
  expect(plan(files, ['other:2']).skipped).toEqual([]);
});
