import { parseInputs } from '@sluice/core/contract';
import { expect, it } from 'vitest';
import { imagePlaces } from './change-of.ts';
import { previewInputs } from './inputs.ts';

const image = 'registry.example/shop:1.0';
const folder = 'ephemeral/shop/pr-1';

function places(files: Readonly<Record<string, string>>, more: Record<string, string> = {}, given = image) {
  const {
    image: reference,
    'helm-values': helm,
    'crd-paths': crds,
    'default-registry': registry,
  } = previewInputs;
  const spec = { image: reference, 'helm-values': helm, 'crd-paths': crds, 'default-registry': registry };
  const env = Object.entries({ image: given, ...more }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const contents = Object.entries(files).map(([path, text]) => ({
    ...{ path: `${folder}/${path}`, mode: '100644' as const, text },
  }));
  return imagePlaces(contents, parseInputs(spec, Object.fromEntries(env)), folder).map(({ path, edits }) => [
    path.slice(folder.length + 1),
    edits.map((edit) => [edit.place.type, edit.to, edit.image]),
  ]);
}

const pod = (...images: readonly string[]): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n${images
    .map((one, index) => `    - { name: c${index}, image: "${one}" }\n`)
    .join('')}`;

it.each([
  ['a container', { 'a.yaml': pod(image) }, [['a.yaml', [['container', image, image]]]]],
  [
    'an image of a kustomization',
    { 'kustomization.yaml': 'images:\n  - name: registry.example/shop\n    newTag: "1.0"\n' },
    [['kustomization.yaml', [['kustomize-image', '1.0', image]]]],
  ],
  [
    'Helm values',
    { 'values.yaml': 'image:\n  repository: registry.example/shop\n  tag: "1.0"\n' },
    [['values.yaml', [['helm-value', '1.0', image]]]],
  ],
  [
    'another container with another image',
    { 'a.yaml': pod('nginx:1', image) },
    [['a.yaml', [['container', image, image]]]],
  ],
  [
    'another version of the image, which the template has itself',
    { 'a.yaml': pod('registry.example/shop:0.9') },
    [],
  ],
  ['no place at all', { 'a.yaml': `x: ${image}\n`, 'b.txt': image }, []],
])('the places of the image: %s', (_, files, expected) => {
  expect(places(files)).toEqual(expected);
});

it('a place that only an input tells is one as well; its file is relative to the template', () => {
  const files = { 'chart/values.yaml': 'web:\n  version: "1.0"\n  from: registry.example/shop\n' };
  expect(places(files)).toEqual([]);
  expect(places(files, { 'helm-values': 'chart/values.yaml: web.from / web.version' })).toHaveLength(1);
});

it('a digest that is given has to stand there', () => {
  const pinned = `${image}@sha256:${'a'.repeat(64)}`;
  expect(places({ 'a.yaml': pod(pinned) }, {}, pinned)).toHaveLength(1);
  expect(places({ 'a.yaml': pod(image) }, {}, pinned)).toEqual([]);
});

it('without an image there is nothing to look for', () => {
  expect(places({ 'a.yaml': pod(image) }, {}, '')).toEqual([]);
});
