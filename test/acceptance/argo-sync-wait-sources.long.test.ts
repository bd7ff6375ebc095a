import { createHash } from 'node:crypto';
import { expect, describe as group, it } from 'vitest';
import { type Fixture, folder, image, resultOf, seen, startFixture } from './argo-sync-wait-setup.ts';

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
