import { describe, expect, test } from 'vitest';
import { evaluateChange } from '../../contains.ts';
import { plan } from '../plan-edits.testing.ts';

const D1 = `sha256:${'a'.repeat(64)}`;

const shop = (spec: string): string =>
  `apiVersion: example.io/v1\nkind: Shop\nmetadata: {name: web, namespace: pay}\nspec:\n${spec}`;

describe('crd-paths lead to images of custom resources', () => {
  test.each([
    [
      'a pod specification: its containers by name',
      'spec.template.spec',
      '  template:\n    spec:\n      initContainers: [{name: m, image: nginx:a}]\n      containers:\n      - name: app\n        image: nginx:a # x\n      - {name: other, image: redis:7}\n',
      ['Shop/pay/web init container m', 'Shop/pay/web container app'],
    ],
    [
      'a list of containers',
      'spec.containers',
      '  containers:\n  - {name: app, image: nginx:a}\n  - {name: b, image: redis:7}\n',
      ['Shop/pay/web container app'],
    ],
    [
      'a container',
      'spec.main',
      '  main: {image: nginx:a, args: [nginx:x]}\n',
      ['Shop/pay/web spec.main.image'],
    ],
    [
      'a container below every element of a list',
      'spec.templates.container',
      '  templates:\n  - {name: one, container: {image: nginx:a}}\n  - {name: two, script: {}}\n  - {name: three, container: {image: nginx:a}}\n',
      [
        'Shop/pay/web spec.templates[name=one].container.image',
        'Shop/pay/web spec.templates[name=three].container.image',
      ],
    ],
    [
      'a pod specification below every element of a list',
      'spec.jobs.template.spec',
      '  jobs:\n  - {name: one, template: {spec: {containers: [{name: c, image: nginx:a}]}}}\n  - {name: two, template: {spec: {containers: [{name: c, image: redis:7}]}}}\n',
      ['Shop/pay/web container c'],
    ],
    [
      'a map of repository and tag',
      'spec.image',
      '  image:\n    repository: nginx\n    tag: a\n',
      ['Shop/pay/web spec.image.tag'],
    ],
    [
      'a map of name and tag',
      'spec.proxy',
      '  proxy: {name: nginx, tag: a}\n',
      ['Shop/pay/web spec.proxy.tag'],
    ],
    [
      'what holds a map of repository and tag',
      'spec.proxy',
      '  proxy: {image: {repository: nginx, tag: a}}\n',
      ['Shop/pay/web spec.proxy.image.tag'],
    ],
    [
      'a list of maps',
      'spec.images',
      '  images:\n  - {name: x, repository: redis, tag: a}\n  - {name: y, repository: nginx, tag: a}\n',
      ['Shop/pay/web spec.images[name=y].tag'],
    ],
    ['a reference', 'spec.image', '  image: nginx:a\n', ['Shop/pay/web spec.image']],
    ['a reference without a tag', 'spec.image', '  image: nginx\n', ['Shop/pay/web spec.image']],
    [
      'a list of references, by the name of the image',
      'spec.images',
      '  images: [redis:7, nginx:a]\n',
      ['Shop/pay/web spec.images[=nginx]'],
    ],
    [
      'one element that is named',
      'spec.images[name=y].ref',
      '  images: [{name: x, ref: nginx:a}, {name: y, ref: nginx:a}]\n',
      ['Shop/pay/web spec.images[name=y].ref'],
    ],
    [
      'an element by its index',
      'spec.images.1',
      '  images: [nginx:a, nginx:a]\n',
      ['Shop/pay/web spec.images.1'],
    ],
  ])('%s', (_, path, spec, places) => {
    const files = { 'a.yaml': shop(spec) };
    const planned = plan(files, ['nginx:b'], { crd: [`example.io/v1/Shop: ${path}`] });
    expect(planned.problems).toEqual([]);
    expect(planned.images[0]?.places.map(({ place }) => place)).toEqual(places);
    const [file] = planned.files;
    const named = places.length === 1 && path.endsWith('.1') ? 1 : places.length;
    expect(file?.after.match(/nginx:b|tag: b/g)).toHaveLength(named);
    const change = { files: [{ path: 'a.yaml', edits: file?.edits ?? [] }] };
    expect(evaluateChange(change, new Map([['a.yaml', file?.after ?? '']])).contained).toBe(true);
    expect(evaluateChange(change, new Map([['a.yaml', files['a.yaml']]])).contained).toBe(false);
    const newer = file?.after.replace('example.io/v1', 'example.io/v2') ?? '';
    expect(evaluateChange(change, new Map([['a.yaml', newer]])).contained).toBe(true);
  });

  test.each([
    ['another group', 'example.com/v1/Shop: spec.image'],
    ['another version, which may hold it elsewhere', 'example.io/v2/Shop: spec.image'],
    ['another kind', 'example.io/v1/Store: spec.image'],
    ['a path that leads nowhere', 'example.io/v1/Shop: spec.other'],
  ])('%s finds nothing, and the line that would is told', (_, line) => {
    const planned = plan({ 'a.yaml': shop('  image: nginx:a\n') }, ['nginx:b'], { crd: [line] });
    expect(planned.files).toEqual([]);
    expect(planned.skipped).toEqual([
      {
        path: 'a.yaml',
        reason: 'unknown-kind',
        message:
          'Shop/pay/web holds nginx:a where it is not looked for: `crd-paths` needs the line `example.io/v1/Shop: spec.image`',
      },
    ]);
  });

  test('the line that is told finds the image', () => {
    const files = {
      'a.yaml': shop(
        `  jobs:\n  - {steps: [{run: {img: "nginx:a@${D1}"}}]}\n  proxy: {repository: docker.io/nginx, tag: a}\n`,
      ),
    };
    const lines = plan(files, ['nginx:b']).skipped.map(
      ({ message }) => /`(example[^`]*)`/.exec(message)?.[1] ?? '',
    );
    expect(lines).toEqual(['example.io/v1/Shop: spec.jobs.steps.run.img', 'example.io/v1/Shop: spec.proxy']);
    const planned = plan(files, ['nginx:b'], { crd: lines });
    expect([planned.skipped, planned.problems]).toEqual([[], []]);
    expect(planned.files[0]?.after).toBe(
      files['a.yaml'].replace(`nginx:a@${D1}`, 'nginx:b').replace('tag: a', 'tag: b'),
    );
  });

  test('of a container the line is that of its pod, which has others', () => {
    const spec =
      '  front:\n    initContainers: [{name: m, image: nginx:a}]\n    containers: [{name: c, image: nginx:a}]\n';
    const lines = plan({ 'a.yaml': shop(spec) }, ['nginx:b']).skipped.map(({ message }) => message);
    expect(lines).toEqual([expect.stringContaining('`example.io/v1/Shop: spec.front`')]);
  });

  test('what was found, another image, the status and kinds of Kubernetes are not told', () => {
    const tell = (text: string, crd: string[] = []) => plan({ 'a.yaml': text }, ['nginx:b'], { crd }).skipped;
    expect(tell(shop('  image: nginx:a\n'), ['example.io/v1/Shop: spec.image'])).toEqual([]);
    expect(tell(shop('  image: redis:nginx\n'))).toEqual([]);
    expect(tell(`${shop('  {}\n')}status: {image: nginx:a}\n`)).toEqual([]);
    expect(tell('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {IMAGE: nginx:a}\n')).toEqual(
      [],
    );
  });

  test('a line for a Rollout, which is known, makes no second edit', () => {
    const rollout = shop('  template: {spec: {containers: [{name: c, image: nginx:a}]}}\n')
      .replace('example.io/v1', 'argoproj.io/v1alpha1')
      .replace('Shop', 'Rollout');
    const crd = ['argoproj.io/v1alpha1/Rollout: spec.template.spec'];
    const planned = plan({ 'a.yaml': rollout }, ['nginx:b'], { crd });
    expect(planned.files[0]?.edits.map(({ place }) => place)).toEqual([
      {
        type: 'container',
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        namespace: 'pay',
        name: 'web',
        list: 'containers',
        container: 'c',
      },
    ]);
  });
});
