import { describe, expect, test } from 'vitest';
import { inGit, manifest, named, one, own, plain, shop } from './manifests.testing.ts';

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
  test('of another API are none', async () => {
    const other = yaml('production').replace('argoproj.io/v1alpha1', 'app.k8s.io/v1beta1');
    expect((await inGit({ 'a.yaml': other })).applications).toEqual([]);
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
