import type { RunResult } from '@sluice/testbed/runner';
import { expect, it } from 'vitest';
import { workspaceOfEach } from './workspace-setup.ts';

const { bump, put, read } = workspaceOfEach();

interface Result {
  readonly files: readonly { readonly path: string; readonly edits: readonly { readonly place: string }[] }[];
  readonly skipped: readonly { readonly path: string; readonly message: string }[];
}
const resultOf = (run: RunResult): Result => JSON.parse(run.outputs.result ?? '');

/** One file each with the place in it, as `result` names it. */
const PLACES: Readonly<Record<string, readonly [content: string, place: string]>> = {
  'apps/application.yaml': [
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\n  namespace: argocd\nspec:\n  source:\n    helm:\n      values: |\n        image: # ours\n          repository: registry.example/shop\n          tag: 1.4.1 # now\n',
    'Application/argocd/shop spec.source.helm.values image.tag',
  ],
  'apps/set.yaml': [
    "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: shops}\nspec:\n  template:\n    metadata: {name: '{{name}}'}\n    spec:\n      source:\n        path: apps/{{name}}\n        kustomize:\n          images: ['web=registry.example/shop:1.4.1']\n",
    'ApplicationSet/shops spec.template.spec.source.kustomize.images[=web]',
  ],
  'flux/release.yaml': [
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop}\nspec:\n  values:\n    image: registry.example/shop:1.4.1 # {"$imagepolicy": "flux-system:shop"}\n',
    'HelmRelease/shop spec.values.image',
  ],
  'crd/shop.yaml': [
    'apiVersion: example.io/v1\nkind: Shop\nmetadata: {name: shop}\nspec:\n  front:\n    containers:\n    - {name: app, image: "registry.example/shop:1.4.1"}\n',
    'Shop/shop container app',
  ],
  'helm/values.yaml': ['front: registry.example/shop\nversions: [1.4.0, 1.4.1]\n', 'versions.1'],
};

const inputs = {
  'crd-paths': 'example.io/v1/Shop: spec.front',
  'image-replace-paths': '{{ .Values.front }}:{{ .Values.versions.1 }}',
};

it('sets the image in Applications, ApplicationSets, HelmReleases, custom resources and values by templates', async () => {
  put(Object.fromEntries(Object.entries(PLACES).map(([path, [content]]) => [path, content])));
  const run = await bump(inputs);
  expect([run.exitCode, run.outputs.verdict]).toEqual([0, 'updated']);
  for (const [path, [content]] of Object.entries(PLACES)) {
    expect(read(path)).toBe(content.replace('1.4.1', '1.4.2'));
  }
  const { files, skipped } = resultOf(run);
  expect(Object.fromEntries(files.map(({ path, edits }) => [path, edits.map(({ place }) => place)]))).toEqual(
    Object.fromEntries(Object.entries(PLACES).map(([path, [, place]]) => [path, [place]])),
  );
  expect(skipped).toEqual([]);
  expect((await bump(inputs)).outputs.verdict).toBe('unchanged');
});

it('says which line of crd-paths would find an image in a kind that it does not know', async () => {
  const [content] = PLACES['crd/shop.yaml'] ?? [''];
  put({ 'crd/shop.yaml': content });
  const run = await bump({});
  const line = '`example.io/v1/Shop: spec.front`';
  expect([run.exitCode, run.outputs.verdict, run.outputs.reason]).toEqual([
    1,
    'not-found',
    'image-not-found',
  ]);
  expect(run.outputs.summary).toContain(`\`crd-paths\` needs the line ${line}`);
  expect(read('crd/shop.yaml')).toBe(content);
  const found = await bump({ 'crd-paths': line.slice(1, -1) });
  expect(found.outputs.verdict).toBe('updated');
});

it('leaves the expressions of an ApplicationSet alone and tells them', async () => {
  const set =
    "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: shops}\nspec:\n  template:\n    spec:\n      source:\n        helm:\n          parameters:\n          - {name: web.image, value: registry.example/shop:1.4.1}\n          - {name: db.image, value: 'registry.example/shop:{{.tag}}'}\n";
  put({ 'set.yaml': set });
  const run = await bump({});
  expect(run.outputs.verdict).toBe('updated');
  expect(read('set.yaml')).toBe(set.replace('1.4.1', '1.4.2'));
  expect(resultOf(run).skipped).toMatchObject([
    {
      path: 'set.yaml',
      message: expect.stringContaining('parameters[name=db.image].value has an expression'),
    },
  ]);
});
