import { expect, describe as group, it } from 'vitest';
import { deployment, image, manifest, resultOf, seen, startFixture } from './argo-sync-wait-setup.ts';

const _trailers = (run: number, project = 'payments') =>
  `\n\nSluice-Project: ${project}\nSluice-Environment: production\nSluice-Run: acme/app/${run}/1\n`;

group.concurrent('live', { timeout: 60_000 }, () => {
  const live = { exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' };

  it('when Argo CD has synced the change and the cluster runs it', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual(live);
    expect(run.outputs.revision).toBe(change.commit);
    expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
    expect(run.summary.split('\n')[0]).toMatch(
      /^\*\*payments-api 1\.4\.2 is live in production\*\* · 1 application · \d+ s$/,
    );
    expect(resultOf(run)).toMatchObject({
      schema: 'sluice.argo-sync-wait.v1',
      applications: [
        { name: 'payments', namespace: 'argocd', server: fixture.argocd.url, verdict: 'live', missing: [] },
      ],
    });
    expect(fixture.argocd.violations).toEqual([]);
    fixture.github.expectNoViolations();
  });

  it('with a sync that was asked for where auto-sync is off, marked as ours', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    const token = fixture.argocd.token({ actions: ['get', 'sync'] });
    const run = await fixture.run({
      change: JSON.stringify(change),
      sync: 'when-manual',
      'argocd-token': token,
    });
    expect(seen(run)).toEqual(live);
    const posts = fixture.argocd.requests.filter(({ method }) => method === 'POST');
    expect(posts).toHaveLength(1);
    expect(JSON.parse(posts[0]?.body ?? '')).toMatchObject({
      revision: change.commit,
      prune: false,
      infos: expect.arrayContaining([{ name: 'sluice-run', value: 'acme/app/42/1' }]),
    });
  });
});

group.concurrent('overwritten', { timeout: 60_000 }, () => {
  it('by somebody: drifted, and who', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    await fixture.commit({ 'README.md': '# more\n' }, { author: 'bob' });
    const commit = await fixture.commit(
      { [manifest]: deployment('1.3.9') },
      { author: 'alice', message: 'Back' },
    );
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'drifted', reason: 'overwritten', ok: 'false' });
    expect(resultOf(run).overwrittenBy).toMatchObject({
      commit,
      author: expect.stringContaining('alice'),
      path: manifest,
      place: 'Deployment/payments-api container app',
      from: image('1.4.2'),
      to: image('1.3.9'),
    });
    expect(run.summary).toMatch(
      /^\*\*payments-api 1\.4\.2 is not live in production: the change was overwritten\*\*/,
    );
  });
});
