import { describe, expect, test } from 'vitest';
import { evaluateChange } from '../../contains.ts';
import { plan } from '../plan-edits.testing.ts';

const D1 = `sha256:${'a'.repeat(64)}`;
const D2 = `sha256:${'b'.repeat(64)}`;
const HEAD =
  'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argocd}\nspec:\n';
const application = (source: string): string =>
  `${HEAD}  source:\n    repoURL: https://x.example/a\n${source}`;
const at = (path: string): string => `Application/argocd/shop ${path}`;

describe('an Application sets images of what it deploys', () => {
  test.each([
    [
      'helm.valuesObject',
      'nginx:b',
      '    helm:\n      valuesObject:\n        image: {repository: nginx, tag: a}\n        sidecarImage: nginx:a\n',
      '    helm:\n      valuesObject:\n        image: {repository: nginx, tag: b}\n        sidecarImage: nginx:b\n',
      ['spec.source.helm.valuesObject.image.tag', 'spec.source.helm.valuesObject.sidecarImage'],
    ],
    [
      'helm.values, a text of YAML',
      'nginx:1.10',
      '    helm:\n      values: |\n        # the shop\n        image:\n          repository: nginx\n          tag: 1.9 # nginx:1.9\n        other: nginx:1.9\n',
      '    helm:\n      values: |\n        # the shop\n        image:\n          repository: nginx\n          tag: "1.10" # nginx:1.9\n        other: nginx:1.9\n',
      ['spec.source.helm.values image.tag'],
    ],
    [
      'helm.values in double quotes',
      'nginx:b',
      '    helm: {values: "image:\\n  repository: nginx\\n  tag: a\\n"}\n',
      '    helm: {values: "image:\\n  repository: nginx\\n  tag: b\\n"}\n',
      ['spec.source.helm.values image.tag'],
    ],
    [
      'a tag in helm.parameters, with the repository beside it',
      'nginx:b',
      '    helm:\n      parameters:\n      - {name: image.repository, value: nginx}\n      - name: image.tag\n        value: a\n        forceString: true\n      - {name: other.tag, value: a}\n',
      '    helm:\n      parameters:\n      - {name: image.repository, value: nginx}\n      - name: image.tag\n        value: b\n        forceString: true\n      - {name: other.tag, value: a}\n',
      ['spec.source.helm.parameters[name=image.tag].value'],
    ],
    [
      'a tag in helm.parameters, with the repository in the values',
      'nginx:b',
      '    helm: {parameters: [{name: image.tag, value: a}], valuesObject: {image: {repository: nginx}}}\n',
      '    helm: {parameters: [{name: image.tag, value: b}], valuesObject: {image: {repository: nginx}}}\n',
      ['spec.source.helm.parameters[name=image.tag].value'],
    ],
    [
      'a reference in helm.parameters',
      `nginx:b@${D2}`,
      `    helm: {parameters: [{name: web.image, value: "nginx:a@${D1}"}, {name: x, value: "nginx:a"}]}\n`,
      `    helm: {parameters: [{name: web.image, value: "nginx:b@${D2}"}, {name: x, value: "nginx:a"}]}\n`,
      ['spec.source.helm.parameters[name=web.image].value'],
    ],
    [
      'kustomize.images that name an image and its tag',
      'nginx:b',
      '    kustomize:\n      images:\n      - redis:7\n      - nginx:a # now\n',
      '    kustomize:\n      images:\n      - redis:7\n      - nginx:b # now\n',
      ['spec.source.kustomize.images[=nginx]'],
    ],
    [
      'kustomize.images that give another name',
      'registry.example:5000/nginx:b',
      '    kustomize: {images: ["web=registry.example:5000/nginx:a", nginx:a]}\n',
      '    kustomize: {images: ["web=registry.example:5000/nginx:b", nginx:a]}\n',
      ['spec.source.kustomize.images[=web]'],
    ],
    [
      'kustomize.images with a digest',
      `nginx@${D2}`,
      `    kustomize:\n      images:\n      - web=nginx@${D1}\n`,
      `    kustomize:\n      images:\n      - web=nginx@${D2}\n`,
      ['spec.source.kustomize.images[=web]'],
    ],
    [
      'kustomize.images by the name of the entry, as in a kustomization',
      'nginx=registry.example/nginx:b',
      '    kustomize: {images: [nginx:a]}\n',
      '    kustomize: {images: [nginx=registry.example/nginx:b]}\n',
      ['spec.source.kustomize.images[=nginx]'],
    ],
    [
      'a strategic patch in kustomize.patches',
      'nginx:b',
      '    kustomize:\n      patches:\n      - target: {kind: Deployment}\n        patch: |-\n          kind: Deployment\n          metadata: {name: web}\n          spec:\n            template:\n              spec:\n                containers:\n                - name: c # nginx:a\n                  image: nginx:a\n',
      '    kustomize:\n      patches:\n      - target: {kind: Deployment}\n        patch: |-\n          kind: Deployment\n          metadata: {name: web}\n          spec:\n            template:\n              spec:\n                containers:\n                - name: c # nginx:a\n                  image: nginx:b\n',
      ['spec.source.kustomize.patches[0].patch spec.template.spec.containers[name=c].image'],
    ],
    [
      'an operation of a patch in kustomize.patches',
      'nginx:b',
      '    kustomize:\n      patches:\n      - patch: |\n          - op: add\n            path: /metadata/labels/image\n            value: nginx:a\n          - {op: replace, path: /spec/template/spec/containers/0/image, value: "nginx:a"}\n',
      '    kustomize:\n      patches:\n      - patch: |\n          - op: add\n            path: /metadata/labels/image\n            value: nginx:a\n          - {op: replace, path: /spec/template/spec/containers/0/image, value: "nginx:b"}\n',
      ['spec.source.kustomize.patches[0].patch 1.value'],
    ],
    [
      'containers that a patch in kustomize.patches adds and replaces',
      'nginx:b',
      '    kustomize:\n      patches:\n      - patch: |\n          - {op: add, path: /spec/template/spec/containers/-, value: {name: c, image: "nginx:a"}}\n          - {op: replace, path: /spec/template/spec/initContainers, value: [{name: i, image: "nginx:a"}]}\n',
      '    kustomize:\n      patches:\n      - patch: |\n          - {op: add, path: /spec/template/spec/containers/-, value: {name: c, image: "nginx:b"}}\n          - {op: replace, path: /spec/template/spec/initContainers, value: [{name: i, image: "nginx:b"}]}\n',
      [
        'spec.source.kustomize.patches[0].patch 0.value.image',
        'spec.source.kustomize.patches[0].patch 1.value[name=i].image',
      ],
    ],
    [
      'a source that renders before it is written to Git',
      'nginx:b',
      '  sourceHydrator:\n    drySource:\n      helm: {valuesObject: {image: nginx:a}}\n',
      '  sourceHydrator:\n    drySource:\n      helm: {valuesObject: {image: nginx:b}}\n',
      ['spec.sourceHydrator.drySource.helm.valuesObject.image'],
    ],
  ])('%s', (_, image, before, after, places) => {
    const planned = plan({ 'a.yaml': application(before) }, [image]);
    expect([planned.problems, planned.skipped]).toEqual([[], []]);
    expect(planned.files[0]?.after).toBe(application(after));
    expect(planned.images[0]?.places.map(({ place }) => place)).toEqual(places.map(at));
    const edits = planned.files[0]?.edits ?? [];
    const holds = (text: string) =>
      evaluateChange({ files: [{ path: 'a.yaml', edits }] }, new Map([['a.yaml', text]]));
    expect(holds(application(after)).contained).toBe(true);
    expect(holds(application(before)).contained).toBe(false);
    expect(plan({ 'a.yaml': application(after) }, [image]).images[0]?.status).toBe('already');
  });

  test('of several sources each is told by its name, or by what no other has', () => {
    const sources = (list: string[]): string =>
      `${HEAD}  sources:\n${list.map((one) => `  - ${one}\n`).join('')}`;
    const list = (tag: string) => [
      `{name: web, helm: {valuesObject: {image: nginx:${tag}}}}`,
      `{chart: nginx, repoURL: x, helm: {valuesObject: {image: nginx:${tag}}}}`,
      `{path: a, helm: {valuesObject: {image: nginx:${tag}}}}`,
      `{repoURL: y, helm: {valuesObject: {image: nginx:${tag}}}}`,
    ];
    const [file] = plan({ 'a.yaml': sources(list('a')) }, ['nginx:b']).files;
    expect(file?.after).toBe(sources(list('b')));
    expect(file?.edits.map(({ place }) => (place.type === 'object-value' ? place.path : ''))).toEqual(
      ['[name=web]', '[chart=nginx]', '[path=a]', '[3]'].map(
        (one) => `spec.sources${one}.helm.valuesObject.image`,
      ),
    );
    const change = { files: [{ path: 'a.yaml', edits: file?.edits.slice(0, 3) ?? [] }] };
    const shuffled = sources(list('b').toReversed());
    expect(evaluateChange(change, new Map([['a.yaml', shuffled]])).contained).toBe(true);
  });

  test.each([
    [
      'a tag whose repository nobody says',
      '    helm: {parameters: [{name: image.tag, value: a}, {name: x, value: nginx}]}\n',
    ],
    ['values that are no YAML', '    helm: {values: "image: [nginx:a"}\n'],
    ['another image', '    kustomize: {images: [nginx=redis:a]}\n'],
    ['a list that is none', '    kustomize: {images: {nginx: a}}\n'],
  ])('%s is left alone', (_, source) => {
    expect(plan({ 'a.yaml': application(source) }, ['nginx:b']).files).toEqual([]);
  });
});

test('a patch in an Application that tests for the image in place is refused, and not half changed', () => {
  const source =
    '    kustomize:\n      patches:\n      - patch: |\n          - {op: test, path: /spec/containers/0/image, value: "nginx:a"}\n          - {op: replace, path: /spec/containers/0/image, value: "nginx:a"}\n';
  expect(plan({ 'a.yaml': application(source) }, ['nginx:b']).problems).toMatchObject([
    { kind: 'refused', code: 'tested-value' },
  ]);
});

test('a patch of several documents in an Application is told', () => {
  const documents =
    '          kind: Deployment\n          metadata: {name: web}\n          spec: {template: {spec: {containers: [{name: c, image: "nginx:a"}]}}}\n';
  const source = `    kustomize:\n      patches:\n      - patch: |\n${documents}          ---\n${documents}`;
  expect(plan({ 'a.yaml': application(source) }, ['nginx:b']).skipped).toMatchObject([
    { reason: 'unknown-kind', message: expect.stringContaining('several documents') },
  ]);
});
