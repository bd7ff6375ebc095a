import { fileURLToPath } from 'node:url';
import {
  type ApplicationOptions,
  type ArgoCdStandIn,
  type StandInOptions,
  startArgoCd,
} from '@sluice/testbed/argocd/stand-in';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import { jobEnvironment, type RunResult, runBundle } from '@sluice/testbed/runner';
import { describe, expect, test } from 'vitest';
import { shownLog } from './image-tag-bump-setup.ts';

const action = fileURLToPath(new URL('../../actions/image-tag-bump', import.meta.url));

const chart = {
  'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'web/templates/none.yaml': '',
};
const values = (tag: string): string =>
  `# of the web\r\nimage:\r\n  repository: registry.example/web  # keep\r\n  tag: "${tag}"\r\n`;
const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - {name: web, image: ${image}}\n`;

const production = { project: 'shop', environment: 'production' };
/** `sluice.dev/project.<source>: shop` and so on. */
const annotated = (environment: string, source = '', prefix = 'sluice.dev'): Record<string, string> => ({
  [`${prefix}/project${source && `.${source}`}`]: 'shop',
  [`${prefix}/environment${source && `.${source}`}`]: environment,
});

interface Fixture extends AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly argocd: ArgoCdStandIn;
  readonly url: (repository: string) => string;
  readonly create: (options: Partial<ApplicationOptions> & { readonly name: string }) => Promise<void>;
  readonly run: (inputs?: Record<string, string>) => Promise<RunResult>;
  readonly text: (repository: string, path: string) => Promise<string | undefined>;
  /** How many commits of ours there are. */
  readonly commits: () => Promise<number>;
}

const repositories = ['acme/charts', 'acme/envs', 'acme/plain'];

/** A chart, its values by environment, and manifests, each in a repository of its own; the token reaches these alone. */
async function startFixture(options: StandInOptions = {}): Promise<Fixture> {
  const github = await startGitHub();
  await github.createRepository('acme/app', { 'README.md': '# app\n' });
  await github.createRepository('acme/charts', { ...chart, 'web/values.yaml': values('1.0.0') });
  await github.createRepository('acme/envs', {
    'prod/web.yaml': values('1.0.0'),
    'prod/unread.yaml': values('1.0.0'),
    'qa/web.yaml': values('1.0.0'),
  });
  await github.createRepository('acme/plain', {
    'prod/pod.yaml': pod('registry.example/web:1.0.0'),
    'qa/pod.yaml': pod('registry.example/web:1.0.0'),
    'mirrored/pod.yaml': pod('team/web:1.0.0'),
  });
  const argocd = await startArgoCd({ gitBase: github.root, ...options });
  const token = github.createToken({ repositories, permissions: { contents: 'write' } });
  const argocdToken = argocd.token({ actions: ['get'] });
  const url = (repository: string) => `${github.url}/${repository}.git`;
  return {
    github,
    argocd,
    url,
    create: (application) =>
      argocd.createApplication({ repoURL: url('acme/plain'), path: 'prod', ...application }),
    run: (inputs = {}) =>
      runBundle({
        action,
        token,
        env: jobEnvironment(github, 'acme/app', { GITHUB_RUN_ID: '42' }),
        inputs: {
          ...{ images: 'registry.example/web:1.1.0', 'applications-from': 'argocd', ...production },
          ...{ 'argocd-server': argocd.url, 'argocd-token': argocdToken, ...inputs },
        },
      }),
    text: async (repository, path) => (await github.readFile(repository, 'main', path))?.toString('utf8'),
    commits: async () => {
      const logs = await Promise.all(repositories.map((repository) => github.log(repository)));
      return logs.flat().filter(({ message }) => message.includes('Sluice-Change:')).length;
    },
    async [Symbol.asyncDispose]() {
      await argocd.close();
      await github.close();
    },
  };
}

/** A chart in one repository with the values of an environment in another. */
const twoSources = ({ url }: Fixture, environment: 'prod' | 'qa') => [
  {
    repoURL: url('acme/charts'),
    path: 'web',
    name: 'chart',
    helm: { valueFiles: [`$envs/${environment}/web.yaml`] },
  },
  { repoURL: url('acme/envs'), targetRevision: 'main', ref: 'envs', name: 'values' },
];

/** Nothing was asked of Argo CD or GitHub that they do not know, and its token is shown nowhere. */
function expectClean({ argocd, github }: Fixture, result: RunResult): void {
  expect(argocd.violations).toEqual([]);
  github.expectNoViolations();
  for (const shown of [shownLog(result), result.summary, ...Object.values(result.outputs)])
    expect(shown).not.toMatch(/eyJ[\w-]{10,}/);
}

describe.concurrent('image-tag-bump with `applications-from: argocd`', { timeout: 60_000 }, () => {
  test('what Argo CD refuses ends `unknown` with a documented reason, and writes nothing', async () => {
    await using fixture = await startFixture();
    const login = await fixture.run({ 'argocd-token': 'expired' });
    expect(login.outputs).toMatchObject({ verdict: 'unknown', ok: 'unknown', reason: 'argocd-token' });
    const address = await fixture.run({ 'argocd-server': `${fixture.argocd.url}/wrong` });
    expect(address.outputs).toMatchObject({ verdict: 'unknown', ok: 'unknown', reason: 'argocd-not-an-api' });
    expect(await fixture.commits()).toBe(0);
  });

  test('changes what the annotated sources are made from, in each repository, and nothing of another environment', async () => {
    await using stage = await startFixture();
    await stage.create({
      name: 'web-prod',
      sources: twoSources(stage, 'prod'),
      annotations: annotated('production', 'values'),
    });
    await stage.create({
      name: 'web-qa',
      sources: twoSources(stage, 'qa'),
      annotations: annotated('qa', 'values'),
    });
    await stage.create({ name: 'pod-prod', annotations: annotated('production') });
    await stage.create({ name: 'pod-qa', path: 'qa', annotations: annotated('qa') });
    const result = await stage.run();
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { verdict: 'updated', ok: 'true', changed: 'true' },
    });
    expect(await stage.text('acme/envs', 'prod/web.yaml')).toBe(values('1.1.0'));
    expect(await stage.text('acme/plain', 'prod/pod.yaml')).toBe(pod('registry.example/web:1.1.0'));
    expect(await stage.text('acme/envs', 'prod/unread.yaml')).toBe(values('1.0.0'));
    expect(await stage.text('acme/envs', 'qa/web.yaml')).toBe(values('1.0.0'));
    expect(await stage.text('acme/plain', 'qa/pod.yaml')).toBe(pod('registry.example/web:1.0.0'));
    expect(await stage.text('acme/charts', 'web/values.yaml')).toBe(values('1.0.0'));
    expect(await stage.commits()).toBe(2);
    expectClean(stage, result);
    const again = await stage.run();
    expect(again).toMatchObject({ exitCode: 0, outputs: { verdict: 'unchanged', changed: 'false' } });
    expect(await stage.commits()).toBe(2);
  });

  test('takes the annotations of Octopus as they stand, with the templates at the Helm source', async () => {
    await using stage = await startFixture();
    const annotations = {
      ...annotated(' Production ', 'values', 'argo.octopus.com'),
      'argo.octopus.com/image-replace-paths.chart': '{{ .Values.image.repository }}:{{ .Values.image.tag }}',
    };
    await stage.create({ name: 'web', sources: twoSources(stage, 'prod'), annotations });
    const result = await stage.run();
    expect(result.outputs).toMatchObject({ verdict: 'updated' });
    expect(await stage.text('acme/envs', 'prod/web.yaml')).toBe(values('1.1.0'));
    expectClean(stage, result);
  });

  test('without these templates changes nothing of theirs, and says what is missing', async () => {
    await using stage = await startFixture();
    const annotations = annotated('production', 'values', 'argo.octopus.com');
    await stage.create({ name: 'web', sources: twoSources(stage, 'prod'), annotations });
    const result = await stage.run();
    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: 'not-found', changed: 'false' } });
    expect(result.log).toContain('the annotation image-replace-paths of its Helm source is missing');
    expect(await stage.commits()).toBe(0);
  });

  test('honours the default registry that is annotated at the cluster', async () => {
    const annotations = { 'argo.octopus.com/default-container-registry': 'mirror.example' };
    const clusters = [{ name: 'east', server: 'https://east.example', annotations }];
    await using stage = await startFixture({ clusters });
    const east = { destination: { name: 'east' }, annotations: annotated('production') };
    await stage.create({ name: 'web', path: 'mirrored', ...east });
    const result = await stage.run({ images: 'mirror.example/team/web:1.1.0' });
    expect(result.outputs).toMatchObject({ verdict: 'updated' });
    expect(await stage.text('acme/plain', 'mirrored/pod.yaml')).toContain('image: team/web:1.1.0}');
    expect((await stage.run({ images: 'docker.io/team/web:1.2.0' })).outputs).toMatchObject({
      verdict: 'not-found',
    });
    expectClean(stage, result);
  });

  test('finds no Application: exit 1, and which annotations to add', async () => {
    await using stage = await startFixture();
    await stage.create({
      name: 'tenant',
      annotations: { ...annotated('production'), 'sluice.dev/tenant': 'acme' },
    });
    await stage.create({
      name: 'named',
      sources: twoSources(stage, 'prod'),
      annotations: annotated('production'),
    });
    const result = await stage.run();
    expect(result).toMatchObject({
      exitCode: 1,
      outputs: { verdict: 'not-found', reason: 'no-application', ok: 'false', changed: 'false' },
    });
    expect(result.summary).toContain('sluice.dev/project: shop, sluice.dev/environment: production');
    expect(result.log).toContain('sluice.dev/project.<source name>');
    expect(await stage.commits()).toBe(0);
  });

  test.each([
    ['a source that follows a tag', { targetRevision: 'refs/tags/v1' }, 'refused', 'pinned-revision'],
    [
      'a source on another server',
      { repoURL: 'https://gitlab.example/a/b' },
      'not-found',
      'no-writable-source',
    ],
  ])('writes nothing for %s', async (_, source, verdict, reason) => {
    await using stage = await startFixture();
    await stage.create({ name: 'web', ...source, annotations: annotated('production') });
    await stage.create({ name: 'other', path: 'qa', annotations: annotated('qa') });
    const result = await stage.run();
    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict, reason, changed: 'false' } });
    expect(await stage.commits()).toBe(0);
  });

  test.each([
    [
      'without a login',
      { 'argocd-token': '' },
      /`applications-from: argocd` needs `argocd-server` and `argocd-token`/,
    ],
    ['without an environment', { environment: '' }, /`applications-from` needs `project` and `environment`/],
  ])('%s is one input problem', async (_, inputs, says) => {
    await using stage = await startFixture();
    const result = await stage.run(inputs);
    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown', reason: 'invalid-input' } });
    expect(result.annotations.map(({ message }) => message).join()).toMatch(says);
    expect(stage.argocd.requests).toEqual([]);
  });
});

describe.concurrent('image-tag-bump with `applications-from: git`', () => {
  const application = (repoURL: string, path: string, environment: string): string =>
    [
      'apiVersion: argoproj.io/v1alpha1',
      'kind: Application',
      `metadata: {name: web-${environment}, namespace: argocd, annotations: ${JSON.stringify(annotated(environment))}}`,
      `spec: {project: default, destination: {}, source: {repoURL: "${repoURL}", path: ${path}, targetRevision: HEAD}}`,
      '',
    ].join('\n');

  test('reads the manifests in `path`, and needs no Argo CD', async () => {
    await using stage = await startFixture();
    const plain = stage.url('acme/plain');
    await stage.github.commitFiles('acme/envs', 'main', {
      'argocd/apps.yaml': `${application(plain, 'prod', 'production')}---\n${application(plain, 'qa', 'qa')}`,
    });
    const result = await stage.run({
      'applications-from': 'git',
      repository: 'acme/envs',
      path: 'argocd',
      'argocd-server': '',
    });
    expect(result).toMatchObject({ exitCode: 0, outputs: { verdict: 'updated' } });
    expect(await stage.text('acme/plain', 'prod/pod.yaml')).toBe(pod('registry.example/web:1.1.0'));
    expect(await stage.text('acme/plain', 'qa/pod.yaml')).toBe(pod('registry.example/web:1.0.0'));
    expect(await stage.commits()).toBe(1);
    expectClean(stage, result);
  });
});
