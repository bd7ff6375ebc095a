import { silentLog } from '@sluice/core/log';
import { describe, expect, test } from 'vitest';
import { findScopes } from './find-scopes.ts';
import { snapshotOf } from './snapshot.testing.ts';
import type { DeploymentKey, FoundScopes } from './types.ts';

const server = 'https://github.example';
const shop = { project: 'shop', environment: 'production', tenant: '' };

interface Given {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly source?: object;
  readonly sources?: readonly object[];
  readonly status?: object;
}

const plain = { 'sluice.dev/project': 'shop', 'sluice.dev/environment': 'production' };
const own = { repoURL: `${server}/acme/gitops`, path: 'apps', targetRevision: 'main' };
const manifest = ({ annotations = plain, source = own, sources, status }: Given) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd', annotations },
  spec: {
    project: 'team',
    ...(sources === undefined ? { source } : { sources }),
    destination: { namespace: 'shop' },
  },
  ...(status && { status }),
});

/** Manifests in Git, as JSON: that is YAML as well. */
const inGit = (texts: Readonly<Record<string, string>>, key: DeploymentKey = shop): Promise<FoundScopes> =>
  findScopes({
    ...{ key, serverUrl: server, defaultRegistry: 'docker.io', log: silentLog },
    from: { type: 'git', snapshot: snapshotOf(texts), paths: ['.'], where: 'acme/gitops' },
  });
const one = (given: Given, key?: DeploymentKey) => inGit({ 'a.yaml': JSON.stringify(manifest(given)) }, key);

/** The scopes of annotations `.values` and `.chart`. */
const named = (name: string, prefix = 'sluice.dev') => ({
  [`${prefix}/project.${name}`]: 'shop',
  [`${prefix}/environment.${name}`]: 'production',
});

describe('a source', () => {
  test('leads to the repository, the branch and the folder', async () => {
    const found = await one({});
    expect(found).toMatchObject({
      targets: [
        {
          repository: 'acme/gitops',
          branch: 'main',
          scopes: [
            { application: { name: 'shop', namespace: 'argocd' }, content: { type: 'folder', path: 'apps' } },
          ],
        },
      ],
      applications: [
        {
          name: 'shop',
          sources: [
            { index: 0, repository: 'acme/gitops', branch: 'main', path: 'apps', status: 'in-scope' },
          ],
        },
      ],
      warnings: [],
      refusals: [],
    });
    expect(found.none).toBeUndefined();
  });

  test.each<[string, object, RegExp]>([
    [
      'on another server is left out',
      { repoURL: 'https://u:secret@gitlab.example/a/b' },
      /left out: https:\/\/gitlab.example\/a\/b is not a repository/,
    ],
    ['without a path is left out', { path: undefined }, /left out: it has no path/],
    [
      'that is a chart of a registry is left out',
      { chart: 'web', path: undefined },
      /its chart comes from a registry/,
    ],
    ['of a plugin is left out', { plugin: { name: 'x' } }, /a plugin renders it/],
    ['of an own type is what the Application says', { helm: {}, directory: {} }, /^$/],
  ])('%s', async (_, source, says) => {
    const found = await one({ source: { ...own, ...source } });
    expect(found.warnings.join('\n')).toMatch(says);
    expect(found.none?.reason).toBe(says.source === '^$' ? undefined : 'no-writable-source');
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test.each<[string, object, string, RegExp]>([
    [
      'that follows a tag',
      { targetRevision: 'refs/tags/v1' },
      'pinned-revision',
      /follows a tag, "refs\/tags\/v1"/,
    ],
    ['that follows a commit', { targetRevision: 'a'.repeat(40) }, 'pinned-revision', /follows a commit/],
    ['with a path out of the repository', { path: '../x' }, 'invalid-application', /without `\.\.`/],
    [
      'with values out of the repository',
      { helm: { valueFiles: ['../../x.yaml'] } },
      'invalid-application',
      /lies outside/,
    ],
  ])('%s is refused', async (_, source, reason, says) => {
    const found = await one({ source: { ...own, ...source } });
    expect(found.refusals).toMatchObject([{ reason, message: expect.stringMatching(says) }]);
    expect(found.targets).toEqual([]);
  });

  test('with a template that is none is refused', async () => {
    const annotations = { ...plain, 'sluice.dev/image-replace-paths': '{{ .Values.a | default "b" }}' };
    expect((await one({ annotations })).refusals).toMatchObject([{ reason: 'invalid-application' }]);
  });

  test('that Argo CD calls a plugin is left out, whatever lies there', async () => {
    const { warnings } = await one({ status: { sourceType: 'Plugin' } });
    expect(warnings).toEqual([expect.stringContaining('a plugin renders it')]);
  });
});

describe('values files', () => {
  const braced = '{ARGOCD_APP_NAMESPACE}'.replace('{', '${');
  const files = async (valueFiles: readonly string[], more: object = {}) => {
    const { targets } = await one({ source: { ...own, path: 'charts/web', helm: { valueFiles, ...more } } });
    const content = targets[0]?.scopes[0]?.content;
    return content?.valueFiles.map(({ path, mayMiss }) => `${path}${mayMiss ? '?' : ''}`);
  };
  test.each<[string, readonly string[], object, readonly string[]]>([
    [
      'lie in the folder of the source',
      ['prod.yaml', './a/../b.yaml'],
      {},
      ['charts/web/prod.yaml', 'charts/web/b.yaml'],
    ],
    ['or above it', ['../../envs/prod.yaml'], {}, ['envs/prod.yaml']],
    ['or below the root with `/`', ['/envs/prod.yaml'], {}, ['envs/prod.yaml']],
    ['from the web are not in Git', ['https://x.example/v.yaml'], {}, []],
    [
      'may miss where the Application says so',
      ['a.yaml'],
      { ignoreMissingValueFiles: true },
      ['charts/web/a.yaml?'],
    ],
    [
      'have the names that Argo CD puts in',
      [`$ARGOCD_APP_NAME-${braced}-$X.yaml`],
      {},
      ['charts/web/shop-shop-.yaml'],
    ],
  ])('%s', async (_, given, more, expected) => {
    expect(await files(given, more)).toEqual(expected);
  });
});

describe('a ref', () => {
  const chart = {
    repoURL: 'https://charts.example',
    chart: 'web',
    name: 'chart',
    helm: { valueFiles: ['own.yaml', '$vals/web/prod.yaml', '$other/x.yaml'] },
  };
  const second = {
    repoURL: 'https://charts.example',
    chart: 'api',
    name: 'second',
    helm: { valueFiles: ['$vals/api.yaml'], ignoreMissingValueFiles: true },
  };
  const vals = { repoURL: `${server}/acme/values`, ref: 'vals', name: 'values' };

  test('is the files that Helm sources name by it, with the templates of each', async () => {
    const annotations = {
      ...named('values'),
      'sluice.dev/image-replace-paths.chart': '{{ .Values.a }}, {{ .Values.b }}:{{ .Values.c }}',
      'sluice.dev/image-replace-paths.values': '{{ .Values.never }}',
    };
    const found = await one({ annotations, sources: [chart, second, vals] });
    const scopes = found.targets[0]?.scopes.map(({ content, imageReplacePaths }) => [
      content.valueFiles.map(({ path }) => path),
      imageReplacePaths.map(({ text }) => text),
    ]);
    expect(found.targets).toMatchObject([{ repository: 'acme/values', branch: '' }]);
    expect(scopes).toEqual([
      [['web/prod.yaml'], ['{{ .Values.a }}', '{{ .Values.b }}:{{ .Values.c }}']],
      [['api.yaml'], []],
    ]);
  });
  test('with a path of its own is those files all the same, and that is said', async () => {
    const sources = [chart, { ...vals, path: 'apps' }];
    const found = await one({
      annotations: named('values'),
      sources,
      status: { sourceTypes: ['Helm', 'Helm'] },
    });
    expect(found.targets[0]?.scopes.map(({ content }) => content.type)).toEqual(['values']);
    expect(found.warnings).toEqual([expect.stringContaining('and nothing below its path')]);
  });
  test('that nothing names is left out', async () => {
    const found = await one({ annotations: named('values'), sources: [second, { ...vals, ref: 'unused' }] });
    expect(found.warnings).toEqual([
      'Application argocd/shop, source 1 (values) was left out: no values file names it by $unused/.',
    ]);
  });
  test('of Octopus is read by templates alone', async () => {
    const found = await one({ annotations: named('values', 'argo.octopus.com'), sources: [chart, vals] });
    expect(found.targets[0]?.scopes).toMatchObject([{ templatesOnly: true }]);
    expect((await one({})).targets[0]?.scopes).toMatchObject([{ templatesOnly: false }]);
  });
});

describe('several sources and Applications', () => {
  test('of one repository and branch are one target, whatever the spelling of its address', async () => {
    const texts = [
      'https://github.example/Acme/GitOps.git',
      'git@github.example:acme/gitops.git',
      'ssh://git@github.example/acme/gitops',
    ].map((repoURL, index) =>
      JSON.stringify(manifest({ source: { ...own, repoURL, path: `apps/${index}` } })),
    );
    const found = await inGit({ 'all.yaml': texts.join('\n---\n') });
    expect(found.targets.map(({ repository, scopes }) => [repository, scopes.length])).toEqual([
      ['Acme/GitOps', 3],
    ]);
  });
  test('of other branches and repositories are targets of their own', async () => {
    const sources = ['main', 'release', ''].map((targetRevision, index) => ({
      ...own,
      targetRevision,
      name: `s${index}`,
    }));
    const annotations = { ...named('s0'), ...named('s1'), ...named('s2') };
    expect((await one({ annotations, sources })).targets.map(({ branch }) => branch)).toEqual([
      'main',
      'release',
      '',
    ]);
  });
  test('with one name are refused', async () => {
    const sources = [own, own].map((source) => ({ ...source, name: 'twin' }));
    const { refusals } = await one({ annotations: named('twin'), sources });
    expect(refusals).toMatchObject([
      {
        reason: 'invalid-application',
        message: expect.stringContaining('several sources with the name "twin"'),
      },
    ]);
  });
  test('whose types Argo CD has told for others are refused', async () => {
    const sources = [
      { ...own, name: 'a' },
      { ...own, name: 'b' },
    ];
    const { refusals } = await one({ annotations: named('a'), sources, status: { sourceTypes: ['Helm'] } });
    expect(refusals).toMatchObject([{ reason: 'invalid-application' }]);
  });
  test('with annotations that name none of them are told of', async () => {
    const sources = [
      { ...own, name: 'a' },
      { ...own, name: 'b' },
    ];
    const found = await one({ sources });
    expect(found.none).toMatchObject({
      reason: 'no-application',
      message: expect.stringContaining('sluice.dev/project, sluice.dev/environment.'),
    });
    expect((await one({ sources }, { ...shop, project: 'other' })).warnings).toEqual([]);
  });
});

describe('manifests in Git', () => {
  const yaml = (environment: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: a\n  annotations:\n    argo.octopus.com/project: shop\n    argo.octopus.com/environment: ${environment}\nspec:\n  source: {repoURL: ${own.repoURL}, path: apps}\n`;

  test('are read from every document and every List', async () => {
    const list = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [manifest({}), { kind: 'ConfigMap' }],
    });
    const found = await inGit({
      'a.yaml': `# none\n---\n${yaml('production')}---\n${yaml('qa')}`,
      'b.json': list,
      'c.txt': yaml('production'),
    });
    expect(found.applications.map(({ name }) => name)).toEqual(['a', 'shop']);
  });
  test('that hold no YAML are told of, where they name a deployment', async () => {
    const found = await inGit({
      'a.yaml': `{{ if x }}\n${yaml('production')}`,
      'b.yaml': '{{ nothing of ours }}',
    });
    expect(found.warnings).toEqual([expect.stringMatching(/^a\.yaml was left out: it is a template/)]);
  });
  test('of an ApplicationSet are not expanded, and that is said', async () => {
    const set = (annotations: object) =>
      JSON.stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'ApplicationSet',
        metadata: { name: 'many' },
        spec: {
          generators: [],
          template: { metadata: { name: '{{name}}', annotations }, spec: { source: own } },
        },
      });
    const found = await inGit({
      'same.json': set(plain),
      'any.json': set({ 'sluice.dev/project': 'shop', 'sluice.dev/environment': '{{env}}' }),
      'other.json': set({ 'sluice.dev/project': 'shop', 'sluice.dev/environment': 'qa' }),
    });
    expect(found.warnings.map((sentence) => sentence.split(':')[0])).toEqual(['same.json', 'any.json']);
    expect(found.none?.reason).toBe('no-application');
  });
  test('without the annotations say which to add', async () => {
    const found = await one({}, { project: 'shop', environment: 'qa', tenant: 'acme' });
    expect(found.none).toMatchObject({
      message:
        'No Application in acme/gitops has the annotations of project shop, environment qa, tenant acme.',
      hint: expect.stringContaining(
        'sluice.dev/project: shop, sluice.dev/environment: qa, sluice.dev/tenant: acme.',
      ),
    });
    expect((await inGit({})).none?.message).toBe('acme/gitops shows no Application at all.');
  });
  test('may name a default registry themselves', async () => {
    const annotations = { ...plain, 'argo.octopus.com/default-container-registry': 'mirror.example' };
    expect((await one({ annotations })).targets[0]?.scopes).toMatchObject([
      { defaultRegistry: 'mirror.example' },
    ]);
  });
});
