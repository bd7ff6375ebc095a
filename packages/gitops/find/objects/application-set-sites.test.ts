import { describe, expect, test } from 'vitest';
import { evaluateChange } from '../../contains.ts';
import { plan } from '../plan-edits.testing.ts';

const D1 = `sha256:${'a'.repeat(64)}`;

describe('an ApplicationSet', () => {
  const set = (spec: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: shops}\nspec:\n${spec}`;

  test.each([
    [
      'the source of its template',
      "  template:\n    metadata: {name: '{{name}}-shop'}\n    spec:\n      source:\n        path: apps/{{name}}\n        helm: {valuesObject: {image: nginx:a}}\n",
      ['spec.template.spec.source.helm.valuesObject.image'],
    ],
    [
      'values, a text of YAML with expressions in other texts of it',
      "  template:\n    spec:\n      source:\n        helm:\n          values: |\n            host: shop.{{name}}.example\n            env: '{{env}}'\n            image: nginx:a\n",
      ['spec.template.spec.source.helm.values image'],
    ],
    [
      'the elements of a list generator',
      '  generators:\n  - list:\n      elements:\n      - cluster: one\n        image: {repository: nginx, tag: a}\n      - cluster: two\n        image: nginx:a\n',
      [
        'spec.generators[0].list.elements[cluster=one].image.tag',
        'spec.generators[0].list.elements[cluster=two].image',
      ],
    ],
    [
      'generators in a matrix, and the values of others',
      '  generators:\n  - matrix:\n      generators:\n      - list: {elements: [{env: one, image: nginx:a}]}\n      - clusters: {values: {image: nginx:a}}\n',
      [
        'spec.generators[0].matrix.generators[0].list.elements[env=one].image',
        'spec.generators[0].matrix.generators[1].clusters.values.image',
      ],
    ],
    [
      'the template of a generator',
      '  generators:\n  - list:\n      elements: []\n      template: {spec: {source: {kustomize: {images: [nginx:a]}}}}\n',
      ['spec.generators[0].list.template.spec.source.kustomize.images[=nginx]'],
    ],
  ])('sets images in %s', (_, spec, places) => {
    const planned = plan({ 'a.yaml': set(spec) }, ['nginx:b']);
    expect([planned.problems, planned.skipped]).toEqual([[], []]);
    expect(planned.files[0]?.after).toBe(
      set(spec).replaceAll('nginx:a', 'nginx:b').replace('tag: a', 'tag: b'),
    );
    expect(planned.images[0]?.places.map(({ place }) => place)).toEqual(
      places.map((place) => `ApplicationSet/shops ${place}`),
    );
  });

  test.each([
    ['a reference', "helm: {valuesObject: {image: 'docker.io/nginx:{{tag}}'}}"],
    ['a tag', "helm: {valuesObject: {image: {repository: nginx, tag: '{{.tag}}'}}}"],
    ['values that have one for a whole value', 'helm: {values: "image: nginx:a\\nhost: {{name}}\\n"}'],
    ['values', 'helm: {values: "image: {repository: nginx, tag: \'{{.tag}}\'}"}'],
    [
      'a parameter',
      "helm: {parameters: [{name: i.repository, value: nginx}, {name: i.tag, value: 'v{{tag}}'}]}",
    ],
    ['an image of kustomize', "kustomize: {images: ['nginx:{{tag}}']}"],
  ])('%s with an expression is left alone and told, and the rest is edited', (_, source) => {
    const spec = `  generators: [{list: {elements: [{env: one, image: nginx:a}]}}]\n  template: {spec: {source: {${source}}}}\n`;
    const planned = plan({ 'a.yaml': set(spec) }, ['nginx:b']);
    expect(planned.problems).toEqual([]);
    expect(planned.files[0]?.after).toBe(set(spec).replace('nginx:a', 'nginx:b'));
    expect(planned.skipped).toMatchObject([{ path: 'a.yaml', reason: 'expression' }]);
    expect(planned.skipped[0]?.message).toMatch(
      /^ApplicationSet\/shops.* has an expression \(`\{\{`\), which is left alone$/,
    );
  });

  test('a templatePatch that names the image is told', () => {
    const spec = '  templatePatch: |\n    spec:\n      source: {kustomize: {images: ["nginx:{{.tag}}"]}}\n';
    expect(plan({ 'a.yaml': set(spec) }, ['nginx:b']).skipped).toMatchObject([
      { reason: 'expression', message: expect.stringContaining('spec.templatePatch') },
    ]);
    expect(plan({ 'a.yaml': set(spec) }, ['acme/nginx:b']).skipped).toEqual([]);
  });

  test.each([
    [
      'an expression that stands for a whole value without quotes',
      '  template: {metadata: {name: x}, spec: {project: {{project}}, source: {helm: {valuesObject: {image: nginx:a}}}}}\n',
    ],
    [
      'values of a chart',
      '  goTemplate: true\n  x: a-{{ .Values.env }}\n  template: {spec: {source: {helm: {valuesObject: {image: nginx:a}}}}}\n',
    ],
  ])('%s makes the file a template', (_, spec) => {
    const planned = plan({ 'a.yaml': set(spec) }, ['nginx:b']);
    expect([planned.files, planned.skipped]).toMatchObject([[], [{ path: 'a.yaml', reason: 'template' }]]);
  });
});

describe('objects of Flux', () => {
  const release = (values: string): string =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, namespace: pay}\nspec:\n  valuesFrom: [{kind: ConfigMap, name: nginx}]\n${values}`;

  test('a HelmRelease: its values, with the marker of Flux left as it is', () => {
    const values =
      '  values:\n    image:\n      repository: nginx\n      tag: a # {"$imagepolicy": "pay:shop:tag"}\n';
    const planned = plan({ 'a.yaml': release(values) }, ['nginx:b']);
    expect(planned.files[0]?.after).toBe(release(values.replace('tag: a', 'tag: b')));
    expect(planned.images[0]?.places[0]?.place).toBe('HelmRelease/pay/shop spec.values.image.tag');
  });

  test('the images of its post renderers, and of a Kustomization', () => {
    const images = (indent: string, tag: string) =>
      `${indent}images:\n${indent}- name: web\n${indent}  newName: nginx\n${indent}  newTag: ${tag} # x\n`;
    const renderers = (tag: string) => release(`  postRenderers:\n  - kustomize:\n${images('      ', tag)}`);
    const kustomization = (tag: string) =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k}\nspec:\n  prune: true\n${images('  ', tag)}`;
    const planned = plan({ 'a.yaml': renderers('a'), 'b.yaml': kustomization('a') }, ['nginx:b']);
    expect(planned.files.map(({ after }) => after)).toEqual([renderers('b'), kustomization('b')]);
    expect(planned.images[0]?.places.map(({ place }) => place)).toEqual([
      'HelmRelease/pay/shop spec.postRenderers[0].kustomize.images[name=web].newTag',
      'Kustomization/k spec.images[name=web].newTag',
    ]);
  });

  test('a tag that is not there yet is added to a Kustomization, and a digest emptied', () => {
    const kustomization = (entry: string) =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k}\nspec:\n  images:\n${entry}`;
    const planned = plan({ 'a.yaml': kustomization(`  - name: nginx\n    digest: ${D1}\n`) }, ['nginx:b']);
    expect([planned.problems, planned.images[0]?.status]).toEqual([[], 'updated']);
    const { after = '', edits = [] } = planned.files[0] ?? {};
    expect(after).toContain('newTag: "b"');
    expect(after).not.toContain(D1);
    expect(
      evaluateChange({ files: [{ path: 'a.yaml', edits }] }, new Map([['a.yaml', after]])).contained,
    ).toBe(true);
  });
});
