import { describe, expect, test } from 'vitest';
import { parseImageTemplate } from '../image-replace-paths.ts';
import { filesOfTarget } from './files.ts';
import { snapshotOf } from './snapshot.testing.ts';
import type { Scope, SourceContent } from './types.ts';

type Folder = Extract<SourceContent, { type: 'folder' }>;

const scope = (content: SourceContent, more: Partial<Scope> = {}): Scope => ({
  application: { name: 'shop', namespace: 'argocd' },
  index: 0,
  source: 'Application argocd/shop',
  content,
  imageReplacePaths: [],
  templatesOnly: false,
  defaultRegistry: 'docker.io',
  ...more,
});
const folder = (path: string, more: Partial<Folder> = {}): Folder => ({
  type: 'folder',
  path,
  directory: { recurse: undefined, include: '', exclude: '' },
  valueFiles: [],
  components: [],
  ...more,
});
const at = (paths: readonly string[], contents: Readonly<Record<string, string>> = {}) =>
  snapshotOf({ ...Object.fromEntries(paths.map((path) => [path, ''])), ...contents });
const find = (scopes: readonly Scope[], snapshot: ReturnType<typeof snapshotOf>) =>
  filesOfTarget({ repository: 'acme/gitops', branch: '', scopes }, snapshot);
const paths = async (content: SourceContent, snapshot: ReturnType<typeof snapshotOf>) =>
  (await find([scope(content)], snapshot)).files.map(({ path }) => path).toSorted();

describe('of a directory', () => {
  const all = [
    'apps/a.yaml',
    'apps/b.json',
    'apps/c.txt',
    'apps/sub/d.yml',
    'apps/.hidden/e.yaml',
    'other/f.yaml',
  ];
  const directory = (options: Partial<Folder['directory']>) =>
    folder('apps', { directory: { recurse: undefined, include: '', exclude: '', ...options } });

  test.each<[string, Partial<Folder['directory']>, readonly string[]]>([
    ['only its own manifests are read, as by Argo CD', {}, ['apps/a.yaml', 'apps/b.json']],
    [
      'with `recurse` those below it too',
      { recurse: true },
      ['apps/a.yaml', 'apps/b.json', 'apps/sub/d.yml'],
    ],
    ['`exclude` takes out', { recurse: true, exclude: '{*.json,sub/*}' }, ['apps/a.yaml']],
    ['`include` takes in', { recurse: true, include: '*.yml' }, ['apps/sub/d.yml']],
    ['`exclude` goes before `include`', { include: '*', exclude: 'a.yaml' }, ['apps/b.json']],
    ['a pattern that is none takes nothing in', { include: '{a' }, []],
  ])('%s', async (_, options, expected) => {
    expect(await paths(directory(options), at(all))).toEqual(expected);
  });

  test('without a manifest of its own all below it is read, with a warning', async () => {
    const found = await find([scope(folder('apps'))], at(['apps/sub/d.yml', 'apps/c.txt']));
    expect(found.files.map(({ path }) => path)).toEqual(['apps/sub/d.yml']);
    expect(found.warnings).toEqual([expect.stringContaining('directory.recurse is not set')]);
    expect(await paths(directory({ recurse: false }), at(['apps/sub/d.yml']))).toEqual([]);
  });

  test('that is the whole repository', async () => {
    expect(await paths(folder('.'), at(['a.yaml', '.github/workflows/b.yml', 'c/d.yaml']))).toEqual([
      'a.yaml',
    ]);
  });

  test('that is not there is missing', async () => {
    const { missing } = await find([scope(folder('lost'))], at(all));
    expect(missing).toEqual([
      { text: 'lost', path: 'lost', message: expect.stringContaining('there is no lost, which') },
    ]);
  });
});

describe('the type of a source that Argo CD has not told', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'a folder with a chart is a chart',
      ['s/Chart.yaml', 's/values.yaml', 's/templates/a.yaml'],
      ['s/values.yaml'],
    ],
    [
      'with a kustomization it is that, chart or not',
      ['s/Chart.yaml', 's/kustomization.yml', 's/a.yaml'],
      ['s/kustomization.yml'],
    ],
    ['a chart below it makes it none', ['s/a.yaml', 's/sub/Chart.yaml'], ['s/a.yaml']],
  ])('%s', async (_, files, expected) => {
    expect(await paths(folder('s'), at(files))).toEqual(expected);
  });

  test('is asked of the folder only then', async () => {
    expect(await paths(folder('s', { sourceType: 'Directory' }), at(['s/Chart.yaml', 's/a.yaml']))).toEqual([
      's/Chart.yaml',
      's/a.yaml',
    ]);
  });
});

describe('of a kustomization', () => {
  const kustomization = [
    'resources: [deployment.yaml, ./sub/, ../base, https://x.example/a.yaml, github.com/a/b?ref=v1]',
    'components: [tag]',
    'patches: [{path: patches/a.yaml}, {patch: "- op: replace"}]',
    'patchesStrategicMerge: ["kind: Pod\\nmetadata: {}", merge.yaml]',
    'patchesJson6902: [{target: {kind: Pod}, path: six.json}]',
    'helmCharts: [{name: c, valuesFile: v.yaml, additionalValuesFiles: [w.yaml]}]',
    'configMapGenerator: [{name: c, files: [unrelated.yaml]}]',
    'images: [{name: stray}]',
    '',
  ].join('\n');
  const files = at(
    [
      'deployment.yaml',
      'patches/a.yaml',
      'merge.yaml',
      'six.json',
      'v.yaml',
      'w.yaml',
      'unrelated.yaml',
      'stray/kustomization.yaml',
      'sub/pod.yaml',
      'sub/not-named.yaml',
    ].map((path) => `o/prod/${path}`),
    {
      'o/prod/kustomization.yaml': kustomization,
      'o/prod/sub/kustomization.yaml': 'resources: [pod.yaml, ../kustomization.yaml]\n',
      'o/prod/tag/kustomization.yaml': 'kind: Component\n',
      'o/base/kustomization.yaml': 'resources: [base.yaml]\n',
      'o/base/base.yaml': '',
    },
  );
  const own = [
    'deployment.yaml',
    'kustomization.yaml',
    'merge.yaml',
    'patches/a.yaml',
    'six.json',
    'sub/kustomization.yaml',
    'sub/pod.yaml',
    'tag/kustomization.yaml',
    'v.yaml',
    'w.yaml',
  ];

  test('what it brings in from its own folder is read, and nothing that only lies there', async () => {
    expect(await paths(folder('o/prod'), files)).toEqual(own.map((path) => `o/prod/${path}`));
  });
  test('a base elsewhere is left to those that it belongs to, and is named for an image that is not found', async () => {
    const found = await find([scope(folder('o/prod'))], files);
    expect(found.hints).toEqual([expect.stringContaining('it takes o/base as well')]);
    expect(found.warnings).toEqual([]);
  });
  test('a component that the Application adds is part of it', async () => {
    const added = folder('o/prod', { components: ['o/prod/stray', 'o/other'] });
    expect(await paths(added, files)).toContain('o/prod/stray/kustomization.yaml');
  });
  test('that is not there leaves the folder alone', async () => {
    const found = await find([scope(folder('k', { sourceType: 'Kustomize' }))], at(['k/pod.yaml']));
    expect(found.files).toEqual([]);
    expect(found.warnings).toEqual(['Application argocd/shop: there is no kustomization in k.']);
  });
  test('two that bring each other in end', async () => {
    const loop = at([], {
      'k/kustomization.yaml': 'resources: [a]',
      'k/a/kustomization.yaml': 'resources: [../, ../a]',
    });
    expect(await paths(folder('k'), loop)).toEqual(['k/a/kustomization.yaml', 'k/kustomization.yaml']);
  });
});

describe('of a chart', () => {
  const chart = (names: readonly string[], mayMiss = false) =>
    folder('chart', { sourceType: 'Helm', valueFiles: names.map((path) => ({ path, mayMiss })) });
  const files = at([
    'chart/Chart.yaml',
    'chart/values.yaml',
    'chart/prod.yaml',
    'envs/a.yaml',
    'envs/b.yaml',
  ]);

  test('its own values and the files that are named are read, each once', async () => {
    expect(await paths(chart(['chart/prod.yaml', 'chart/values.yaml']), files)).toEqual([
      'chart/prod.yaml',
      'chart/values.yaml',
    ]);
  });
  test.each(['values.yml', 'Values.yaml', 'Values.yml'])('its own values may be named %s', async (name) => {
    expect(await paths(chart([]), at([`chart/${name}`]))).toEqual([`chart/${name}`]);
  });
  test('a glob stands for what it matches', async () => {
    expect(await paths(chart(['envs/*.yaml']), files)).toEqual([
      'chart/values.yaml',
      'envs/a.yaml',
      'envs/b.yaml',
    ]);
  });
  test('a file that is not there is missing, unless the Application says that it may be', async () => {
    const { missing } = await find([scope(chart(['chart/lost.yaml', 'chart/x*.yaml']))], files);
    expect(missing.map(({ path }) => path)).toEqual(['chart/lost.yaml', 'chart/x*.yaml']);
    expect((await find([scope(chart(['chart/lost.yaml'], true))], files)).missing).toEqual([]);
  });
});

describe('a file of several sources', () => {
  const values: SourceContent = { type: 'values', valueFiles: [{ path: 'v.yaml', mayMiss: false }] };
  const template = (name: string) => parseImageTemplate(`{{ .Values.${name} }}`);
  const [a, b] = [template('a'), template('b')];

  test('is read by the templates of all', async () => {
    const scopes = [scope(values, { imageReplacePaths: [a] }), scope(values, { imageReplacePaths: [a, b] })];
    const { files } = await find(scopes, at(['v.yaml']));
    expect(files).toMatchObject([{ path: 'v.yaml', imageReplacePaths: [a, b] }]);
  });
  test('is read by templates alone only where all say so', async () => {
    const octopus = scope(values, { templatesOnly: true, imageReplacePaths: [a] });
    expect((await find([octopus, octopus], at(['v.yaml']))).files).toMatchObject([{ templatesOnly: true }]);
    expect((await find([octopus, scope(values)], at(['v.yaml']))).files).toMatchObject([
      { templatesOnly: false },
    ]);
    expect((await find([scope(values), octopus], at(['v.yaml']))).files).toMatchObject([
      { templatesOnly: false },
    ]);
  });
  test('of clusters with different default registries has the first, and that is said', async () => {
    const { files, warnings } = await find(
      [scope(values), scope(values, { defaultRegistry: 'mirror.example' })],
      at(['v.yaml']),
    );
    expect(files).toMatchObject([{ defaultRegistry: 'docker.io' }]);
    expect(warnings).toEqual([expect.stringContaining('docker.io is taken, not mirror.example')]);
  });
});

test('what Octopus selects says so where no template tells the images of its values', async () => {
  const content: SourceContent = { type: 'values', valueFiles: [{ path: 'v.yaml', mayMiss: false }] };
  const { warnings } = await find([scope(content, { templatesOnly: true })], at(['v.yaml']));
  expect(warnings).toEqual([
    expect.stringContaining('the annotation image-replace-paths of its Helm source is missing'),
  ]);
  const kustomize = scope(folder('k'), { templatesOnly: true });
  const found = await find([kustomize], at(['k/kustomization.yaml']));
  expect([found.warnings, found.files]).toMatchObject([[], [{ templatesOnly: false }]]);
});
