import { createHash } from 'node:crypto';
import type { ApplicationOptions } from '@sluice/testbed/argocd/stand-in';
import { expect, describe as group, it } from 'vitest';
import {
  configMap,
  deployment,
  type Fixture,
  folder,
  gitops,
  image,
  imageEdit,
  manifest,
  resultOf,
  seen,
  startFixture,
} from './argo-sync-wait-setup.ts';

/** The digest under which the stand-in shows a commit of an artifact. */
const digestOf = (commit: string): string => `sha256:${createHash('sha256').update(commit).digest('hex')}`;

/** An application that is rendered from an artifact, of which the repository is what it was built from. */
const fromArtifact = (fixture: Fixture) =>
  fixture.deployed({ repoURL: 'oci://registry.example/acme/gitops', path: folder, targetRevision: 'main' });

group.concurrent('an application that is rendered from an OCI artifact', { timeout: 60_000 }, () => {
  it('is live at a digest, and it is said that the digest is the proof', async () => {
    await using fixture = await startFixture();
    await fromArtifact(fixture);
    const { commit } = await fixture.change();
    const run = await fixture.run({ revision: digestOf(commit), applications: 'payments' });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(run.outputs.revision).toBe(digestOf(commit));
    expect(JSON.stringify(resultOf(run))).toContain(
      'What oci://registry.example/acme/gitops holds was not read',
    );
  });

  it('waits for the digest that was pushed, and does not take the one before it', async () => {
    await using fixture = await startFixture();
    await fromArtifact(fixture);
    const run = await fixture.run({
      revision: `sha256:${'0'.repeat(64)}`,
      applications: 'payments',
      timeout: '6s',
    });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
  });

  it('shows a change of an image in what is rendered from it', async () => {
    await using fixture = await startFixture();
    await fromArtifact(fixture);
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), applications: 'payments' });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(JSON.stringify(resultOf(run))).toContain(
      'the objects that are rendered from it, and the images that run',
    );
    expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
  });

  it('that does not hold it yet may still come', async () => {
    await using fixture = await startFixture();
    await fromArtifact(fixture);
    await fixture.change();
    const change = await fixture.change('1.5.0');
    await fixture.change('1.4.3');
    const run = await fixture.run({
      change: JSON.stringify(change),
      applications: 'payments',
      timeout: '8s',
    });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
    expect(run.outputs.summary).toContain('which does not render to the change');
  });

  it('is not known to hold another value, beside an image that was there before', async () => {
    await using fixture = await startFixture();
    await fromArtifact(fixture);
    const base = await fixture.github.head(gitops);
    fixture.argocd.faults.cachedRevision('payments', base, 1000);
    const path = `${folder}/settings.yaml`;
    await fixture.commit({ [path]: configMap('green') });
    const color = { place: { type: 'value', document: 0, path: 'data.color' }, from: 'blue', to: 'green' };
    const files = [
      { path: manifest, edits: [imageEdit('1.3.9', '1.3.9')] },
      { path, edits: [color] },
    ];
    const change = { ...(await fixture.change('1.3.9')), base, files };
    const run = await fixture.run({ change: JSON.stringify(change), applications: 'payments' });
    expect(seen(run)).toEqual({
      ...{ exitCode: 1, verdict: 'unknown', reason: 'nothing-to-verify', ok: 'unknown' },
    });
    expect(run.outputs.summary).toContain('not all of the change is of images');
  });

  it.each([
    ['a commit is of no artifact', 'a'.repeat(40), 'whose revisions are digests and versions'],
    ['a tag says nothing by itself', 'main', 'sha256:'],
  ])('%s', async (_, revision, words) => {
    await using fixture = await startFixture();
    await fromArtifact(fixture);
    const run = await fixture.run({ revision, applications: 'payments' });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'invalid-input' });
    expect(run.outputs.summary).toContain(words);
  });
});

group.concurrent('an application that is rendered from Git', { timeout: 60_000 }, () => {
  it('has no digests', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const run = await fixture.run({ revision: digestOf('x'), applications: 'payments' });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'invalid-input' });
    expect(run.outputs.summary).toContain('is rendered from Git');
  });
});

/** A chart of one repository, with values of another. */
async function ofChart(fixture: Fixture, more: Partial<ApplicationOptions> = {}) {
  const values = (tag: string): string =>
    `image:\n  repository: registry.example/payments-api\n  tag: ${tag}\n`;
  await fixture.github.createRepository('acme/charts', {
    'pay/Chart.yaml': 'apiVersion: v2\nname: pay\nversion: 1.0.0\n',
    'pay/values.yaml': values('none'),
    'pay/templates/deployment.yaml': deployment('x').replace(
      image('x'),
      '{{ .Values.image.repository }}:{{ .Values.image.tag }}',
    ),
  });
  const path = 'values/production.yaml';
  await fixture.commit({ [path]: values('1.3.9') });
  const url = (name: string): string => `${fixture.github.url}/${name}.git`;
  const chart = { repoURL: url('acme/charts'), path: 'pay', targetRevision: 'main' };
  await fixture.deployed({
    sources: [
      { ...chart, helm: { valueFiles: [`$values/${path}`] } },
      { repoURL: url(gitops), targetRevision: 'main', ref: 'values' },
    ],
    ...more,
  });
  const base = await fixture.github.head(gitops);
  const commit = await fixture.commit({ [path]: values('1.4.2') });
  const edit = {
    place: { type: 'helm-value', path: 'image.tag', holds: 'tag' },
    from: '1.3.9',
    to: '1.4.2',
    image: image('1.4.2'),
  };
  const files = [{ path, edits: [edit] }];
  const repository = `${fixture.github.url}/${gitops}`;
  return { schema: 'sluice.change.v1', repository, branch: 'main', commit, base, files };
}

group.concurrent('an application of a chart with values from another repository', { timeout: 60_000 }, () => {
  it('is synced at the commit of the values, in their position, and live', async () => {
    await using fixture = await startFixture();
    const change = await ofChart(fixture, { automated: false });
    const inputs = { sync: 'when-manual', 'argocd-token': fixture.argocd.token() };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    const [post] = fixture.argocd.requests.filter(({ method }) => method === 'POST');
    expect(JSON.parse(post?.body ?? '')).toMatchObject({ revisions: [change.commit], sourcePositions: [2] });
    expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
  });

  it('in a namespace of its own is asked for there', async () => {
    await using fixture = await startFixture();
    const change = await ofChart(fixture, { automated: false, appNamespace: 'team' });
    const inputs = { sync: 'when-manual', 'argocd-token': fixture.argocd.token() };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    const [post] = fixture.argocd.requests.filter(({ method }) => method === 'POST');
    expect(JSON.parse(post?.body ?? '')).toMatchObject({ appNamespace: 'team' });
  });
});
