import { describe, expect, test } from 'vitest';
import { inGit, manifest, named, one, own, plain, server } from './manifests.testing.ts';

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

describe('a hydrator', () => {
  test('renders its dry source, and that is what people change', async () => {
    const hydrator = {
      drySource: { repoURL: own.repoURL, path: 'charts/web', targetRevision: 'main' },
      syncSource: { targetBranch: 'environments/production', path: 'web' },
    };
    const object = { ...manifest({ status: { sourceType: 'Directory' } }) };
    const text = JSON.stringify({ ...object, spec: { sourceHydrator: hydrator } });
    const { targets } = await inGit({ 'a.yaml': text });
    expect(targets).toMatchObject([{ branch: 'main', scopes: [{ content: { path: 'charts/web' } }] }]);
    expect(targets[0]?.scopes[0]?.content).not.toHaveProperty('sourceType');
  });
});
