import { parseInputs } from '@sluice/core/contract';
import { expect, test } from 'vitest';
import type { Snapshot } from '../git/repository.ts';
import { bumpInputs } from '../inputs.ts';
import { readBumpFiles, type Where } from './bump-files.ts';

const branch: Where = { repository: 'acme/gitops', branch: 'main' };
const snapshotOf = (...paths: readonly string[]): Snapshot => ({
  commit: '',
  list: async (path) =>
    paths.filter((file) => path === '.' || file === path).map((file) => ({ path: file, mode: '100644' })),
  read: async (wanted) => new Map(wanted.map((path) => [path, ''])),
});

test.each<[string, string, Where, readonly string[], RegExp, RegExp]>([
  [
    'an empty workspace',
    '.',
    'workspace',
    [],
    /^There is no file in the workspace: nothing is checked out\.$/,
    /actions\/checkout/,
  ],
  [
    'an empty workspace, a folder',
    'apps',
    'workspace',
    [],
    /^There is no "apps" in the workspace: nothing is checked out\.$/,
    /actions\/checkout/,
  ],
  [
    'a workspace',
    'apps',
    'workspace',
    ['a.yaml'],
    /^There is no file or folder "apps" in the workspace\.$/,
    /`path`/,
  ],
  [
    'a branch',
    'apps',
    branch,
    ['a.yaml'],
    /^There is no file or folder "apps" in acme\/gitops, branch main\.$/,
    /`path`/,
  ],
])('a path that is not there, in %s: where it was looked for, and what to do', async (_, path, where, files, message, hint) => {
  const inputs = parseInputs(bumpInputs, { INPUT_PATH: path, INPUT_IMAGES: 'registry.example/shop:1' });
  await expect(readBumpFiles(inputs, snapshotOf(...files), where)).rejects.toMatchObject({
    code: 'path-not-found',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

test.each([
  ['names the image itself', 'registry.example/shop:{{ .Values.tag }}', ['shop.yaml']],
  ['leaves that to the values', '{{ .Values.image }}:{{ .Values.tag }}', []],
])('with a template that %s, a file without its name is read', async (_, template, paths) => {
  const content = Buffer.from('tag: 1\n');
  const snapshot: Snapshot = {
    ...snapshotOf('shop.yaml'),
    read: async (wanted, takes) =>
      new Map(
        wanted.filter((path) => takes?.(path, content) ?? true).map((path) => [path, content.toString()]),
      ),
  };
  const inputs = parseInputs(bumpInputs, {
    INPUT_IMAGES: 'registry.example/shop:2',
    'INPUT_IMAGE-REPLACE-PATHS': template,
  });
  const { inPath } = await readBumpFiles(inputs, snapshot, branch);
  expect([...inPath.keys()]).toEqual(paths);
});

test('a values file with a tag is read, whatever image it names: it may lie over one that names it', async () => {
  const texts: Readonly<Record<string, string>> = {
    'values-prod.yaml': 'image: {tag: a}\n',
    'values-more.yaml': 'replicas: 1\n',
    'other.yaml': 'image: {tag: a}\n',
  };
  const paths = Object.keys(texts);
  const snapshot: Snapshot = {
    ...snapshotOf(...paths),
    read: async (wanted, keep) =>
      new Map(
        wanted
          .filter((path) => keep?.(path, Buffer.from(texts[path] ?? '')) !== false)
          .map((path) => [path, texts[path] ?? '']),
      ),
  };
  const inputs = parseInputs(bumpInputs, { INPUT_IMAGES: 'registry.example/shop:1' });
  const { inPath } = await readBumpFiles(inputs, snapshot, branch);
  expect([...inPath.keys()]).toEqual(['values-prod.yaml']);
});

test('a patch whose ending does not tell is read where a kustomization names it', async () => {
  const texts = new Map([
    ['k/kustomization.yaml', 'patches:\n- path: ./deploy.patch\npatchesStrategicMerge:\n- other.txt\n'],
    ['k/deploy.patch', 'image: registry.example/shop:0'],
    ['k/other.txt', 'image: registry.example/shop:0'],
    ['k/README.md', 'image: registry.example/shop:0'],
  ]);
  const snapshot: Snapshot = {
    ...snapshotOf(...texts.keys()),
    read: async (wanted) => new Map(wanted.map((path) => [path, texts.get(path) ?? ''])),
  };
  const inputs = parseInputs(bumpInputs, { INPUT_IMAGES: 'registry.example/shop:1' });
  const { inPath } = await readBumpFiles(inputs, snapshot, 'workspace');
  expect([...inPath.keys()]).toEqual(['k/kustomization.yaml', 'k/deploy.patch', 'k/other.txt']);
});
