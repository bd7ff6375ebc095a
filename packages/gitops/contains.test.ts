import { describe, expect, test } from 'vitest';
import type { Edit, Place } from './change.ts';
import { evaluateChange, relocate } from './contains.ts';

const container = {
  type: 'container',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  list: 'containers',
  container: 'app',
} as const satisfies Place;

const deployment = (
  image: string,
  { namespace = 'shop', name = 'web', apiVersion = 'apps/v1', app = 'app' } = {},
): string =>
  `apiVersion: ${apiVersion}\nkind: Deployment\nmetadata:\n  name: ${name}\n${namespace === '' ? '' : `  namespace: ${namespace}\n`}spec:\n  template:\n    spec:\n      containers:\n      - name: ${app}\n        image: ${image}\n`;

function holds(place: Place, to: Edit['to'], text: string | undefined, path = 'f.yaml') {
  const change = { files: [{ path, edits: [{ place, from: 'old', to }] }] };
  return evaluateChange(change, new Map(text === undefined ? [] : [[path, text]]));
}

describe('a container is looked up by name', () => {
  test.each([
    ['as it was written', deployment('nginx:2')],
    ['in quotes', deployment('"nginx:2"')],
    ['behind another document', `${deployment('nginx:1', { name: 'other' })}---\n${deployment('nginx:2')}`],
    [
      'behind another container',
      deployment('nginx:2').replace('      - name', '      - {name: side, image: "nginx:1"}\n      - name'),
    ],
    ['in another version of its group', deployment('nginx:2', { apiVersion: 'apps/v2' })],
    ['with its namespace taken away', deployment('nginx:2', { namespace: '' })],
    [
      'beside one of the same name in another namespace',
      `${deployment('nginx:1', { namespace: 'x' })}---\n${deployment('nginx:2')}`,
    ],
  ])('%s', (_, text) => {
    expect(holds(container, 'nginx:2', text).contained).toBe(true);
  });

  test.each([
    ['another tag', deployment('nginx:1'), 'nginx:1'],
    ['the same image spelled otherwise', deployment('docker.io/nginx:2'), 'docker.io/nginx:2'],
    ['a digest more', deployment(`nginx:2@sha256:${'a'.repeat(64)}`), `nginx:2@sha256:${'a'.repeat(64)}`],
    ['another container', deployment('nginx:2', { app: 'other' }), undefined],
    ['another namespace', deployment('nginx:2', { namespace: 'x' }), undefined],
    ['another group', deployment('nginx:2', { apiVersion: 'example.com/v1' }), undefined],
    ['one of two that bear the name', `${deployment('nginx:2')}---\n${deployment('nginx:1')}`, 'nginx:1'],
    ['a key that stands there twice', `${deployment('nginx:2')}        image: nginx:2\n`, undefined],
    ['text that is not YAML', 'a: b: c', undefined],
    ['no file', undefined, undefined],
  ])('%s is not it', (_, text, found) => {
    expect(holds(container, 'nginx:2', text)).toMatchObject({
      contained: false,
      places: [{ found, exact: false, wanted: 'nginx:2' }],
    });
  });
});

describe('strings, numbers and booleans are told apart', () => {
  const tag: Place = { type: 'helm-value', path: 'image.tag', holds: 'tag' };
  test.each<[Edit['to'], string, boolean]>([
    ['1.10', '"1.10"', true],
    ['1.10', "'1.10'", true],
    ['1.10', '!!str 1.10', true],
    ['1.10', '1.10', false],
    ['1.10', '1.1', false],
    ['1.1', '1.1', false],
    [1.1, '1.10', true],
    [1.1, '"1.1"', false],
    ['on', 'on', false],
    ['on', '"on"', true],
    [true, 'true', true],
    ['true', 'true', false],
    [null, '', true],
    [null, '~', true],
    ['', '""', true],
    ['', '', false],
  ])('%j in "tag: %s": %s', (to, text, contained) => {
    expect(holds(tag, to, `image:\n  tag: ${text}\n`).contained).toBe(contained);
  });

  test('an alias is read as what it stands for', () => {
    expect(holds(tag, 'v2', 'x: &t v2\nimage: {tag: *t}\n').contained).toBe(true);
    expect(holds(tag, 'v2', 'x: &i {tag: v2}\nimage: {<<: *i}\n').contained).toBe(true);
  });
});

describe('a kustomization is looked up by the entry that has the name', () => {
  const field = (name: 'newTag' | 'digest') =>
    ({ type: 'kustomize-image', name: 'nginx', field: name }) as const;
  test.each<[Place, string, string, boolean]>([
    [field('newTag'), 'v2', '- {name: redis, newTag: v1}\n- {name: nginx, newTag: v2}', true],
    [field('newTag'), 'v2', '- {name: redis, newTag: v2}\n- {name: nginx, newTag: v1}', false],
    [field('newTag'), 'v2', '- {name: nginx}', false],
    [field('newTag'), 'v2', '- {name: redis, newTag: v2}', false],
    [field('digest'), '', '- {name: nginx, newTag: v2, digest: ""}', true],
    [field('digest'), '', '- {name: nginx, newTag: v2}', true],
    [field('digest'), '', '- {name: nginx, newTag: v2, digest: "sha256:a"}', false],
    [field('digest'), '', '- {name: redis}', false],
  ])('%j: %j in %j: %s', (place, to, entries, contained) => {
    expect(holds(place, to, `images:\n${entries}\n`, 'kustomization.yaml').contained).toBe(contained);
  });
});

test('a value is bound to its document', () => {
  const place: Place = { type: 'value', document: 1, path: 'spec.replicas' };
  expect(holds(place, 3, 'spec: {replicas: 2}\n---\nspec: {replicas: 3}\n').contained).toBe(true);
  expect(holds(place, 3, 'spec: {replicas: 3}\n---\nspec: {replicas: 2}\n').contained).toBe(false);
  expect(holds(place, 3, 'spec: {replicas: 3}\n').contained).toBe(false);
});

test('a change without edits is contained in nothing', () => {
  expect(evaluateChange({ files: [] }, new Map())).toEqual({ contained: false, places: [] });
});

test('every place must hold its value', () => {
  const edits: Edit[] = [
    { place: container, from: 'nginx:1', to: 'nginx:2' },
    { place: { ...container, container: 'side' }, from: 'x:1', to: 'x:2' },
  ];
  const change = { files: [{ path: 'f.yaml', edits }] };
  const files = new Map([['f.yaml', deployment('nginx:2')]]);
  expect(evaluateChange(change, files)).toMatchObject({
    contained: false,
    places: [
      { exact: true, found: 'nginx:2' },
      { exact: false, found: undefined },
    ],
  });
});

test('a container gone from its file is found in another; a kustomize entry or a value is not', () => {
  const files = new Map([
    ['b.yaml', deployment('nginx:2')],
    ['c.yaml', deployment('nginx:2', { name: 'other' })],
    ['kustomization.yaml', 'images:\n- {name: nginx, newTag: v2}\n'],
    ['broken.yaml', 'app: Deployment: x'],
  ]);
  expect(relocate(container, files)).toEqual([{ path: 'b.yaml', found: 'nginx:2' }]);
  expect(relocate({ type: 'kustomize-image', name: 'nginx', field: 'newTag' }, files)).toEqual([]);
});
