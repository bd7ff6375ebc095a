import { describe, expect, it } from 'vitest';
import type { Listed } from '../api/port.ts';
import { selectApplications } from './select.ts';
import { application, argocdOf, changeOf, repositoryOf, repoURL, source } from './test-select.ts';

/** The names of the applications that read the changed paths, each with what it reads. */
async function touched(
  applications: readonly Listed[],
  paths: readonly string[],
  files: Readonly<Record<string, string>> = {},
  names: readonly string[] = [],
) {
  const all = { ...Object.fromEntries(paths.map((path) => [path, ''])), ...files };
  const selection = await selectApplications({
    servers: [argocdOf(applications)],
    choice: names.length > 0 ? { type: 'names', names } : { type: 'touched' },
    change: changeOf(...paths),
    repository: repositoryOf(all),
    commit: 'c'.repeat(40),
  });
  return {
    ...selection,
    found: selection.selected.map(({ application: { name }, sourceIndex, paths: read }) => [
      name,
      sourceIndex,
      ...read,
    ]),
  };
}

describe('what the change touches', () => {
  const manifest = 'apps/pay/deployment.yaml';

  it('a plain folder reads its own files', async () => {
    const { found } = await touched(
      [application('pay', { source: source('apps/pay') }), application('root', { source: source('apps') })],
      [manifest],
    );
    expect(found).toEqual([['pay', 0, manifest]]);
  });

  it('and those below it only with directory.recurse', async () => {
    const { found } = await touched(
      [application('root', { source: source('./apps/', { directory: { recurse: true } }) })],
      [manifest],
    );
    expect(found).toEqual([['root', 0, manifest]]);
  });

  it.each([
    [{ include: '*/other.yaml' }, false],
    [{ include: '*.yaml' }, true],
    [{ exclude: 'pay/*' }, false],
    [{ include: '*', exclude: '{a,b}.yaml' }, true],
  ])('with directory %j it is read: %s', async (directory, reads) => {
    const root = application('root', {
      source: source('apps', { directory: { recurse: true, ...directory } }),
    });
    const pay = application('pay', { source: source('apps/pay') });
    const { found } = await touched([root, pay], [manifest]);
    expect(found.map(([name]) => name)).toEqual(reads ? ['root', 'pay'] : ['pay']);
  });

  it.each([
    ['git@github.com:acme/gitops.git', 'main', true],
    ['https://github.com/acme/other', 'main', false],
    [repoURL, 'HEAD', true],
    [repoURL, '', true],
    [repoURL, 'refs/heads/main', true],
    [repoURL, 'release', false],
    [repoURL, 'v1.2.3', false],
  ])('%s at %j: %s', async (url, targetRevision, reads) => {
    const { found } = await touched(
      [application('pay', { source: { repoURL: url, path: 'apps/pay', targetRevision } })],
      [manifest],
    );
    expect(found).toHaveLength(reads ? 1 : 0);
  });

  it('a kustomization reads its bases, components and patches, and not its neighbours', async () => {
    const files = {
      'apps/pay/prod/kustomization.yaml':
        'resources: [../base]\ncomponents: [../../common]\npatches:\n  - path: patch.yaml\n',
      'apps/pay/base/kustomization.yml': 'resources: [deployment.yaml, "https://example.com/x.yaml"]\n',
      'apps/common/kustomization.yaml': 'images: [{ name: pay, newTag: "1" }]\n',
    };
    const changed = [
      'apps/pay/base/deployment.yaml',
      'apps/common/kustomization.yaml',
      'apps/pay/prod/patch.yaml',
      'apps/pay/prod/notes.yaml',
    ];
    const { found } = await touched(
      [application('pay', { source: source('apps/pay/prod') })],
      changed,
      files,
    );
    expect(found).toEqual([['pay', 0, ...changed.slice(0, 3)]]);
  });

  it('a kustomization that refers to itself ends', async () => {
    const files = {
      'a/kustomization.yaml': 'resources: [../b]\n',
      'b/kustomization.yaml': 'resources: [../a, x.yaml]\n',
    };
    const { found } = await touched([application('a', { source: source('a') })], ['b/x.yaml'], files);
    expect(found).toEqual([['a', 0, 'b/x.yaml']]);
  });

  it('a Helm chart reads values.yaml and the values files that are named', async () => {
    const files = { 'charts/api/Chart.yaml': 'name: api\n' };
    const helm = {
      helm: {
        valueFiles: ['values-prod.yaml', '../../env/prod.yaml', '/root.yaml', 'https://example.com/v.yaml'],
      },
    };
    const changed = [
      'charts/api/values.yaml',
      'charts/api/values-prod.yaml',
      'env/prod.yaml',
      'root.yaml',
      'charts/api/values-dev.yaml',
    ];
    const { found } = await touched(
      [application('api', { source: source('charts/api', helm) })],
      changed,
      files,
    );
    expect(found).toEqual([['api', 0, ...changed.slice(0, 4)]]);
  });

  it('a values file of another source is read by its ref', async () => {
    const sources = [
      {
        repoURL: 'https://charts.example',
        chart: 'api',
        targetRevision: '1.0.0',
        helm: { valueFiles: ['$values/env/prod.yaml'] },
      },
      { repoURL, targetRevision: 'main', ref: 'values' },
    ];
    const { found } = await touched([application('api', { sources })], ['env/prod.yaml', 'env/dev.yaml']);
    expect(found).toEqual([['api', 1, 'env/prod.yaml']]);
  });

  it('manifest-generate-paths adds what no tool names', async () => {
    const annotations = { 'argocd.argoproj.io/manifest-generate-paths': '.;../shared;/global' };
    const { found } = await touched(
      [application('pay', { source: source('apps/pay') }, { annotations })],
      ['apps/shared/a.yaml', 'global/b.yaml', 'apps/other/c.yaml'],
    );
    expect(found).toEqual([['pay', 0, 'apps/shared/a.yaml', 'global/b.yaml']]);
  });

  it('a values file that nobody names belongs to the application in whose folder it lies', async () => {
    const files = { 'charts/api/Chart.yaml': 'name: api\n' };
    const { found } = await touched(
      [
        application('api', { source: source('charts/api') }),
        application('web', { source: source('charts/web') }),
      ],
      ['charts/api/values-prod.yaml'],
      files,
    );
    expect(found).toEqual([['api', 0, 'charts/api/values-prod.yaml']]);
  });

  it('nothing found says what was looked for', async () => {
    const { found, sentence } = await touched(
      [application('web', { source: source('apps/web') })],
      [manifest],
    );
    expect(found).toEqual([]);
    expect(sentence).toBe(
      `The one application that https://argocd.example shows to this token does not read ${manifest} of https://github.com/acme/gitops at main.`,
    );
  });

  it('a token that sees no application is told which right it lacks', async () => {
    const { sentence, hint } = await touched([], [manifest]);
    expect(sentence).toBe('https://argocd.example shows no Application at all to this token.');
    expect(hint).toContain('`applications, get`');
  });
});

describe('files that nobody reads', () => {
  const [read, other] = ['apps/pay/deployment.yaml', 'apps/pay/nested/worker.yaml'];
  const pay = application('pay', { source: source('apps/pay') });

  it('are named, unless the applications were: that says what is to be looked at', async () => {
    expect((await touched([pay], [read, other])).unread).toEqual([other]);
    expect((await touched([pay], [read, other], {}, ['pay'])).unread).toEqual([]);
  });

  const files = {
    'charts/api/Chart.yaml': 'dependencies: [{ name: common, repository: "file://../common" }]\n',
    'apps/pay/kustomization.yaml': 'resources: []\n',
    'parts/x/kustomization.yaml': 'resources: [deployment.yaml]\n',
  };
  const api = (helm: object) => source('charts/api', { helm });
  it.each([
    ['a local dependency of a chart', 'charts/common/values.yaml', source('charts/api')],
    ['a pattern of values', 'charts/api/values-eu.yaml', api({ valueFiles: ['values-*.yaml'] })],
    ['a file parameter', 'charts/api/app.json', api({ fileParameters: [{ name: 'a', path: 'app.json' }] })],
    [
      'a component',
      'parts/x/deployment.yaml',
      source('apps/pay', { kustomize: { components: ['../../parts/x'] } }),
    ],
    ['what lies below a plugin', 'apps/lib/a/b.jsonnet', source('apps/lib', { plugin: { name: 'tanka' } })],
  ])('are not: %s', async (_, path, from) => {
    const { found, unread } = await touched([application('a', { source: from })], [path], files);
    expect([found, unread]).toEqual([[['a', 0, path]], []]);
  });
});

describe('by name', () => {
  const manifest = 'apps/pay/deployment.yaml';
  const pay = application('pay', { source: source('apps/pay') });
  const other = application('pay', { source: source('apps/pay') }, { namespace: 'team' });

  it('takes every namespace, or the one that is named', async () => {
    expect((await touched([pay, other], [manifest], {}, ['pay'])).selected).toHaveLength(2);
    const named = (await touched([pay, other], [manifest], {}, ['team/pay'])).selected;
    expect(named.map(({ application: { namespace } }) => namespace)).toEqual(['team']);
  });

  it('takes an application once, however often it is named, and each source that the change touches', async () => {
    const names = ['team/pay', 'pay', 'team/pay'];
    expect((await touched([other], [manifest], {}, names)).selected).toHaveLength(1);
    const sources = [source('apps/pay'), source('apps/web')];
    const both = [manifest, 'apps/web/deployment.yaml'];
    expect((await touched([application('pay', { sources })], both, {}, ['pay'])).found).toEqual([
      ['pay', 0, manifest],
      ['pay', 1, 'apps/web/deployment.yaml'],
    ]);
  });

  it('tells the names that nobody has', async () => {
    const { missing, sentence } = await touched([pay], [manifest], {}, ['pay', 'orders']);
    expect(missing).toEqual(['orders']);
    expect(sentence).toBe('https://argocd.example shows no Application `orders` to this token.');
  });

  it('takes an application at its word when it is of the repository', async () => {
    const plugin = application('pay', { source: source('rendered') });
    expect((await touched([plugin], [manifest], {}, ['pay'])).found).toEqual([['pay', 0, manifest]]);
  });

  it('finds nothing to verify in one of another repository', async () => {
    const strange = application('pay', { source: { repoURL: 'https://github.com/acme/x', path: '.' } });
    expect((await touched([strange], [manifest], {}, ['pay'])).found).toEqual([['pay', 0]]);
  });
});

describe('charts that a kustomization inflates', () => {
  const kustomization =
    'helmGlobals: { chartHome: ../charts }\nhelmCharts: [{ name: web, releaseName: us }]\n';
  it.each([
    'charts/web/values.yaml',
    'charts/web/templates/deployment.yaml',
  ])('are read with all that lies in them: %s', async (path) => {
    const { found } = await touched([application('us', { source: source('us') })], [path], {
      'us/kustomization.yaml': kustomization,
    });
    expect(found).toEqual([['us', 0, path]]);
  });
});
