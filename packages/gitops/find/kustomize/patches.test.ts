import { describe, expect, test } from 'vitest';
import { evaluateChange } from '../../contains.ts';
import { describePlace } from '../../describe.ts';
import { plan } from '../plan-edits.testing.ts';

const deployment = (image: string, name = 'name: shop'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {${name}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: ${image}\n`;
const indented = (text: string, by = 4): string => text.trimEnd().replace(/^(?=.)/gm, ' '.repeat(by));
const replace = (image: string): string =>
  `- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: ${image}\n`;

/** What is edited, by file, as `place: from -> to`; and whether the result is the text with the image replaced. */
function edited(files: Readonly<Record<string, string>>, image = 'shop:2'): Record<string, string[]> {
  const { files: planned, problems } = plan(files, [image]);
  expect(problems).toEqual([]);
  for (const { path, before, after, edits } of planned) {
    const { contained } = evaluateChange({ files: [{ path, edits }] }, new Map([[path, after]]));
    expect(contained, 'the places are found again').toBe(true);
    expect(after).toBe(before.replaceAll('shop:1', 'shop:2'));
  }
  return Object.fromEntries(
    planned.map(({ path, edits }) => [
      path,
      edits.map(({ place, from, to }) => `${describePlace(place)}: ${from} -> ${to}`),
    ]),
  );
}

const target = 'target: {kind: Deployment, name: shop}';
const container = 'Deployment/shop container app: shop:1 -> shop:2';
const pointer = 'patch of Deployment/shop /spec/template/spec/containers/0/image: shop:1 -> shop:2';

describe('a patch in a kustomization', () => {
  test.each<[string, string, string]>([
    [
      'strategic, literal',
      `patches:\n- ${target}\n  patch: |-\n${indented(deployment('shop:1'))}\n`,
      container,
    ],
    [
      'strategic, with Windows line ends',
      `patches:\n- ${target}\n  patch: |\n${indented(deployment('shop:1'))}\n`.replaceAll('\n', '\r\n'),
      container,
    ],
    ['strategic, without a target', `patches:\n- patch: |-\n${indented(deployment('shop:1'))}\n`, container],
    [
      'strategic, named by its target alone',
      `patches:\n- ${target}\n  patch: |-\n${indented(deployment('shop:1', 'name: any'))}\n`,
      container,
    ],
    [
      'strategic, whose target gives kind and name that it does not have itself',
      `patches:\n- ${target}\n  patch: |-\n    spec: {template: {spec: {containers: [{name: app, image: shop:1}]}}}\n`,
      container,
    ],
    [
      'in the old field',
      `patchesStrategicMerge:\n- other.yaml\n- |-\n${indented(deployment('shop:1'), 2)}\n`,
      container,
    ],
    [
      'of JSON 6902, literal',
      `patches:\n- ${target}\n  patch: |-\n${indented(replace('shop:1'))}\n`,
      pointer,
    ],
    [
      'of JSON 6902, in JSON in a literal block',
      `patches:\n- ${target}\n  patch: |-\n    [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "shop:1"}]\n`,
      pointer,
    ],
    [
      'of JSON 6902, in single quotes',
      `patches:\n- ${target}\n  patch: '[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "shop:1"}]'\n`,
      pointer,
    ],
    [
      'of JSON 6902, in double quotes',
      `patches:\n- patch: "- op: replace\\n  path: /spec/template/spec/containers/0/image\\n  value: shop:1\\n"\n  ${target}\n`,
      pointer,
    ],
    [
      'of JSON 6902, folded',
      `patches:\n- patch: >-\n    [{"op": "replace",\n    "path": "/spec/template/spec/containers/0/image",\n    "value": "shop:1"}]\n  ${target}\n`,
      pointer,
    ],
    [
      'of JSON 6902, in the old field',
      `patchesJson6902:\n- ${target}\n  patch: |\n${indented(replace('shop:1'))}\n`,
      pointer,
    ],
    [
      'in a JSON file',
      JSON.stringify({
        patches: [{ target: { kind: 'Deployment', name: 'shop' }, patch: replace('shop:1') }],
      }),
      pointer,
    ],
    [
      'whose objects a label selects',
      `patches:\n- target: {kind: Deployment, labelSelector: "app=shop"}\n  patch: |-\n${indented(deployment('shop:1'))}\n`,
      'patch of Deployment/* (app=shop) spec.template.spec.containers[name=app].image: shop:1 -> shop:2',
    ],
    [
      'whose objects an expression selects',
      `patches:\n- target: {kind: Deployment, name: "shop-.*"}\n  patch: |-\n${indented(deployment('shop:1'))}\n`,
      'patch of Deployment/shop-.* spec.template.spec.containers[name=app].image: shop:1 -> shop:2',
    ],
  ])('%s is edited in its own bytes', (_, text, place) => {
    expect(edited({ 'k/kustomization.yaml': text })).toEqual({ 'k/kustomization.yaml': [place] });
  });

  test('two patches of one kind are told apart by their targets', () => {
    const patch = (name: string, image: string) =>
      `- target: {kind: Deployment, name: ${name}}\n  patch: |-\n${indented(replace(image))}\n`;
    expect(
      edited({ 'kustomization.yaml': `patches:\n${patch('a', 'shop:1')}${patch('b', 'other:1')}` }),
    ).toEqual({
      'kustomization.yaml': [
        'patch of Deployment/a /spec/template/spec/containers/0/image: shop:1 -> shop:2',
      ],
    });
  });

  test('one whose text an anchor shares is edited once, for all who use it', () => {
    const text = `patches:\n- target: {kind: Deployment, name: a}\n  patch: &p |-\n${indented(replace('shop:1'))}\n- target: {kind: Deployment, name: b}\n  patch: *p\n`;
    expect(edited({ 'kustomization.yaml': text })['kustomization.yaml']).toHaveLength(2);
  });

  test('one that cannot be read stays, beside one that can', () => {
    const text = `patches:\n- ${target}\n  patch: |-\n    invalid: yaml: [\n- ${target}\n  patch: |-\n${indented(replace('shop:1'))}\n`;
    expect(edited({ 'kustomization.yaml': text })).toEqual({ 'kustomization.yaml': [pointer] });
  });
});

describe('an operation of a JSON patch', () => {
  const inContainers = '/spec/template/spec/containers';
  test.each<[string, string, readonly string[]]>([
    [
      'adds a container',
      `- {op: add, path: ${inContainers}/-, value: {name: app, image: shop:1}}\n`,
      [`${inContainers}/- [name=app].image`],
    ],
    [
      'adds two at one pointer',
      `- {op: add, path: ${inContainers}/-, value: {name: a, image: shop:1}}\n- {op: add, path: ${inContainers}/-, value: {name: b, image: redis:1}}\n`,
      [`${inContainers}/- [name=a].image`],
    ],
    [
      'sets all containers',
      `- op: replace\n  path: ${inContainers}\n  value:\n  - {name: a, image: redis:1}\n  - {name: b, image: shop:1}\n`,
      [`${inContainers} [name=b].image`],
    ],
    [
      'sets a pod',
      `- op: add\n  path: /spec/template/spec\n  value: {initContainers: [{name: i, image: shop:1}], containers: [{name: c, image: shop:1}]}\n`,
      ['/spec/template/spec initContainers[name=i].image', '/spec/template/spec containers[name=c].image'],
    ],
    [
      'is of an ephemeral container',
      '- {op: add, path: /spec/ephemeralContainers/0/image, value: shop:1}\n',
      ['/spec/ephemeralContainers/0/image'],
    ],
    [
      'is of another kind that calls it an image',
      '- {op: replace, path: /spec/proxyImage, value: shop:1}\n',
      ['/spec/proxyImage'],
    ],
    ['is about a part of an image alone', '- {op: replace, path: /spec/image, value: shop}\n', []],
    [
      'removes',
      `- {op: remove, path: ${inContainers}/0/image}\n- {op: copy, from: /spec/image, path: /spec/image2}\n`,
      [],
    ],
    [
      'is of a text that only looks like one',
      '- {op: add, path: /metadata/annotations/note, value: shop:1}\n',
      [],
    ],
    ['is of the data of a ConfigMap', '- {op: add, path: /data/image, value: shop:1}\n', []],
  ])('that %s is found as what it is', (_, text, places) => {
    const files = {
      'kustomization.yaml': 'patches: [{path: p.yaml, target: {kind: Deployment, name: shop}}]\n',
      'p.yaml': text,
    };
    expect(edited(files)).toEqual(
      places.length === 0 ? {} : { 'p.yaml': places.map((place) => `patch ${place}: shop:1 -> shop:2`) },
    );
  });

  test('that tests for the image in place is not changed behind its back', () => {
    const text = `- {op: test, path: ${inContainers}/0/image, value: shop:1}\n${replace('shop:1')}`;
    expect(plan({ 'p.yaml': text }, ['shop:2']).problems).toMatchObject([{ code: 'tested-value' }]);
    expect(plan({ 'p.yaml': text.replaceAll('shop:1', 'shop:2') }, ['shop:2']).problems).toEqual([]);
  });

  test('that tests for what an operation before it has set is changed with it', () => {
    const text = `${replace('shop:1')}- {op: test, path: ${inContainers}/0/image, value: shop:1}\n`;
    expect(edited({ 'p.yaml': text })['p.yaml']).toHaveLength(1);
  });
});

describe('a file that a kustomization names as a patch', () => {
  test.each<[string, string, string, string]>([
    [
      'of JSON 6902, in JSON',
      'p.json',
      JSON.stringify([{ op: 'replace', path: '/spec/image', value: 'shop:1' }]),
      'patch /spec/image: shop:1 -> shop:2',
    ],
    ['with the name of its object', 'p.yaml', deployment('shop:1'), container],
    [
      'without a name',
      'p.yaml',
      deployment('shop:1', ''),
      'patch of Deployment/* spec.template.spec.containers[name=app].image: shop:1 -> shop:2',
    ],
    [
      'with another name than its target',
      'p.yaml',
      deployment('shop:1', 'name: any'),
      'patch of Deployment/any spec.template.spec.containers[name=app].image: shop:1 -> shop:2',
    ],
    [
      'in JSON, without anything but what it sets',
      'p.json',
      JSON.stringify({ spec: { containers: [{ name: 'app', image: 'shop:1' }] } }),
      'patch spec.containers[name=app].image: shop:1 -> shop:2',
    ],
  ])('%s is edited', (_, name, text, place) => {
    const kustomization = `patches:\n- {path: patches/${name}, target: {kind: Deployment, name: shop}}\n`;
    expect(edited({ 'k/kustomization.yaml': kustomization, [`k/patches/${name}`]: text })).toEqual({
      [`k/patches/${name}`]: [place],
    });
  });

  test('leaves what it deletes alone', () => {
    const text =
      'kind: Pod\napiVersion: v1\nspec: {containers: [{name: app, $patch: delete, image: shop:1}]}\n';
    expect(edited({ 'p.yaml': text })).toEqual({});
  });

  test('with a bare name that the kustomization sets holds a placeholder', () => {
    const files = {
      'kustomization.yaml': 'images: [{name: shop, newTag: "2"}]\npatches: [{path: p.yaml}]\n',
      'p.yaml': deployment('shop'),
    };
    expect(Object.keys(edited(files))).toEqual(['kustomization.yaml']);
  });
});

describe('what a patch can hold that is no patch', () => {
  const ops = '/spec/template/spec/containers';
  test.each<[string, Record<string, string>, number]>([
    [
      'thousands of patches',
      {
        'kustomization.yaml': `patches:\n${Array.from({ length: 2000 }, (_, at) => `- target: {kind: Deployment, name: a${at}}\n  patch: |-\n${indented(replace('shop:1'))}\n`).join('')}`,
      },
      2000,
    ],
    [
      'thousands of operations at one pointer',
      {
        'p.yaml': Array.from(
          { length: 2000 },
          (_, at) => `- {op: add, path: ${ops}/-, value: {name: c${at}, image: shop:1}}\n`,
        ).join(''),
      },
      2000,
    ],
    [
      'one operation under thousands of aliases',
      {
        'p.yaml': `- &a {op: add, path: ${ops}, value: []}\n${'- *a\n'.repeat(5000)}- {op: add, path: /spec/image, value: shop:1}\n`,
      },
      1,
    ],
    [
      'a billion laughs, told and left alone',
      {
        'kustomization.yaml': `patches:\n- patch: |\n    shop: &a [x,x,x,x,x,x,x,x]\n${'bcdefghij'.replace(/./g, (key) => `    ${key}: &${key} [${Array(8).fill(`*${String.fromCharCode(key.charCodeAt(0) - 1)}`)}]\n`)}`,
      },
      0,
    ],
  ])(
    '%s',
    (_, files, count) => {
      const started = performance.now();
      const planned = plan(files, ['shop:2']);
      expect(planned.files.flatMap(({ edits }) => edits)).toHaveLength(count);
      expect(planned.problems).toEqual([]);
      expect(planned.skipped).toHaveLength(count === 0 ? 1 : 0);
      expect(performance.now() - started).toBeLessThan(20_000);
    },
    30_000,
  );
});
