import { describe, expect, test } from 'vitest';
import { plan } from '../plan-edits.testing.ts';

const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n    image: ${image}\n`;
const set = { kustomizeImages: 'set' } as const;
const digest = `sha256:${'a'.repeat(64)}`;

/** The files that change, and what they are then. */
function after(
  files: Readonly<Record<string, string>>,
  images: readonly string[],
  named: readonly string[] = [],
) {
  const planned = plan(files, images, { ...set, named: new Set(named) });
  expect(planned.problems).toEqual([]);
  expect(planned.images.map(({ status }) => status)).toEqual(images.map(() => 'updated'));
  return Object.fromEntries(planned.files.map((file) => [file.path, file.after]));
}

describe('`kustomize-images: set` adds the entry that is not there', () => {
  test.each<[string, string, string, string]>([
    [
      'without images',
      'resources:\n- pod.yaml\n',
      'shop:2',
      'resources:\n- pod.yaml\nimages:\n- name: shop\n  newTag: "2"\n',
    ],
    [
      'whose lists are indented',
      'resources:\n  - pod.yaml\n',
      'shop:v2',
      'resources:\n  - pod.yaml\nimages:\n  - name: shop\n    newTag: v2\n',
    ],
    [
      'with others, behind them',
      'images:\n- name: a # keep\n  newTag: "1"\nnamespace: x\n',
      'shop:v2',
      'images:\n- name: a # keep\n  newTag: "1"\n- name: shop\n  newTag: v2\nnamespace: x\n',
    ],
    [
      'with an empty list',
      'images: []\nnamespace: x\n',
      'shop:v2',
      'images:\n- name: shop\n  newTag: v2\nnamespace: x\n',
    ],
    ['that is empty', '', 'shop:v2', 'images:\n- name: shop\n  newTag: v2\n'],
    [
      'in flow style',
      '{images: [{name: a, newTag: b}]}\n',
      'shop:v2',
      '{images: [{name: a, newTag: b}, {name: shop, newTag: v2}]}\n',
    ],
    [
      'in JSON',
      '{\n  "resources": ["pod.yaml"]\n}\n',
      'shop:v2',
      '{\n  "resources": ["pod.yaml"],\n  "images": [{"name": "shop", "newTag": "v2"}]\n}\n',
    ],
    [
      'with Windows line ends',
      'namespace: x\r\n',
      'shop:v2',
      'namespace: x\r\nimages:\r\n- name: shop\r\n  newTag: v2\r\n',
    ],
    [
      'without a last line end',
      'namespace: x',
      'shop:v2',
      'namespace: x\nimages:\n- name: shop\n  newTag: v2',
    ],
    [
      'that ends in a patch',
      'patches:\n- patch: |\n    a: b',
      'shop:v2',
      'images:\n- name: shop\n  newTag: v2\npatches:\n- patch: |\n    a: b',
    ],
    [
      'for another name',
      'namespace: x\n',
      'shop=registry.example:5000/acme/shop:v2',
      'namespace: x\nimages:\n- name: shop\n  newName: registry.example:5000/acme/shop\n  newTag: v2\n',
    ],
    [
      'with a digest',
      'namespace: x\n',
      `shop@${digest}`,
      `namespace: x\nimages:\n- digest: ${digest}\n  name: shop\n`,
    ],
  ])('to a kustomization %s', (_, text, image, expected) => {
    expect(after({ 'kustomization.yaml': text }, [image])).toEqual({ 'kustomization.yaml': expected });
    const again = plan({ 'kustomization.yaml': expected }, [image], set);
    expect([again.images[0]?.status, again.files[0]?.after]).toEqual(['already', expected]);
  });

  test('for each of several images, under one key', () => {
    expect(after({ 'kustomization.yaml': 'namespace: x\n' }, ['a:v1', 'b:v2'])['kustomization.yaml']).toBe(
      'namespace: x\nimages:\n- name: a\n  newTag: v1\n- name: b\n  newTag: v2\n',
    );
  });

  test('and leaves a bare name in a manifest, which is a placeholder then', () => {
    const files = { 'kustomization.yaml': 'resources: [pod.yaml]\n', 'pod.yaml': pod('shop') };
    expect(Object.keys(after(files, ['shop:2']))).toEqual(['kustomization.yaml']);
  });

  test('to the root, not to what it brings in', () => {
    const files = {
      'overlay/kustomization.yaml': 'resources: [../base]\n',
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': pod('shop'),
    };
    expect(Object.keys(after(files, ['shop:2']))).toEqual(['overlay/kustomization.yaml']);
  });

  test('of several roots to those that bring the image in', () => {
    const files = {
      'a/kustomization.yaml': 'resources: [pod.yaml]\n',
      'a/pod.yaml': pod('shop'),
      'b/kustomization.yaml': 'resources: [other.yaml]\n',
    };
    expect(Object.keys(after(files, ['shop:2']))).toEqual(['a/kustomization.yaml']);
  });

  test('of several roots to those whose manifests have the name that stands for it', () => {
    const files = {
      'a/kustomization.yaml': 'resources: [pod.yaml]\n',
      'a/pod.yaml': pod('web'),
      'b/kustomization.yaml': 'resources: [pod.yaml]\n',
      'b/pod.yaml': pod('web-2'),
    };
    expect(after(files, ['web=registry.example/acme/shop:v2'])).toEqual({
      'a/kustomization.yaml':
        'resources: [pod.yaml]\nimages:\n- name: web\n  newName: registry.example/acme/shop\n  newTag: v2\n',
    });
  });

  test('of several roots, where the image stands in none, to the one above the others', () => {
    const files = {
      'k/kustomization.yaml': 'resources: [https://example.com/base?ref=v1]\n',
      'k/later/kustomization.yaml': 'resources: []\n',
    };
    expect(Object.keys(after(files, ['shop:2']))).toEqual(['k/kustomization.yaml']);
  });

  test('to no root where it is not clear to which', () => {
    const files = { 'a/kustomization.yaml': 'resources: []\n', 'b/kustomization.yaml': 'resources: []\n' };
    expect(plan(files, ['shop:2'], set).images[0]?.status).toBe('not-found');
  });

  test('to the kustomization that the user names', () => {
    const files = { 'a/kustomization.yaml': 'resources: []\n', 'b/kustomization.yaml': 'resources: []\n' };
    expect(Object.keys(after(files, ['shop:2'], ['b/kustomization.yaml']))).toEqual(['b/kustomization.yaml']);
  });

  test('where a kustomization of the tree has one, that one is set', () => {
    const files = {
      'overlay/kustomization.yaml': 'resources: [../base]\n',
      'base/kustomization.yaml': 'images: [{name: shop, newTag: "1"}]\n',
    };
    expect(Object.keys(after(files, ['shop:2']))).toEqual(['base/kustomization.yaml']);
  });
});

test('without it nothing is added', () => {
  expect(plan({ 'kustomization.yaml': 'namespace: x\n' }, ['shop:2']).images[0]?.status).toBe('not-found');
});

test('an entry of that name that stands for another image is refused, not doubled', () => {
  const files = { 'kustomization.yaml': 'images: [{name: shop, newName: acme/shop, newTag: "1"}]\n' };
  expect(plan(files, ['shop:2'], set).problems).toMatchObject([
    { kind: 'refused', place: 'images[name=shop]' },
  ]);
});

test('a kustomization that is not YAML is an error, and nothing is added to it', () => {
  expect(plan({ 'kustomization.yaml': 'a: [\n' }, ['shop:2'], set).problems).toMatchObject([
    { kind: 'input', code: 'not-yaml' },
  ]);
});
