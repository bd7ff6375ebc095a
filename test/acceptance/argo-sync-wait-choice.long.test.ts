import { setTimeout as delay } from 'node:timers/promises';
import { startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { expect, describe as group, it } from 'vitest';
import { resultOf, seen, startFixture } from './argo-sync-wait-setup.ts';

const live = { exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' };

/** Name, namespace and verdict of all that were watched, in the order of their names. */
function watched(run: Parameters<typeof resultOf>[0]) {
  const { applications } = resultOf(run);
  if (!Array.isArray(applications)) throw new Error('no applications');
  return applications.map(({ name, server, verdict }) => ({ name, server, verdict }));
}

const names = (run: Parameters<typeof resultOf>[0]) =>
  watched(run)
    .map(({ name }) => name)
    .toSorted();

group.concurrent('which applications are watched', { timeout: 60_000 }, () => {
  it.each([
    ['a pattern', { applications: 'payments-e*' }, ['payments-eu']],
    ['labels', { selector: 'region in (eu, us),!old' }, ['payments-eu']],
    ['annotations', { project: 'pay', environment: 'production' }, ['payments-us']],
    ['all that the change touches', { expect: '2' }, ['payments-eu', 'payments-us']],
  ])('by %s', async (_, inputs, wanted) => {
    await using fixture = await startFixture();
    await fixture.deployed({ name: 'payments-eu', labels: { region: 'eu' } });
    await fixture.deployed({
      name: 'payments-us',
      labels: { region: 'us', old: 'true' },
      annotations: { 'sluice.dev/project': 'pay', 'sluice.dev/environment': 'production' },
    });
    await fixture.deployed({ name: 'payments-e-other', path: 'apps/elsewhere' });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toEqual(live);
    expect(names(run)).toEqual(wanted);
    const lists = fixture.argocd.requests.filter(({ path }) => /\/v1\/(stream\/)?applications\?/.test(path));
    expect(lists.length).toBeGreaterThan(0);
    for (const { path } of lists) expect(path).toMatch(/[?&](name|projects|repo|selector)=[^&]/);
  });

  it('one that appears after the commit is waited for', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ name: 'payments-eu' });
    const change = await fixture.change();
    const running = fixture.run({ change: JSON.stringify(change), expect: '2' });
    await fixture.requested('/api/v1/applications?');
    await delay(1000);
    await fixture.deployed({ name: 'payments-us', deployed: false });
    const run = await running;
    expect(seen(run)).toEqual(live);
    expect(names(run)).toEqual(['payments-eu', 'payments-us']);
  });
});

group('two servers in one run', { timeout: 60_000 }, () => {
  it('each is asked with its own token, and applications of one name are told apart', async () => {
    await using fixture = await startFixture();
    const other = await startArgoCd({ gitBase: fixture.github.root });
    await fixture.deployed();
    await other.createApplication({
      ...{ name: 'payments', repoURL: `${fixture.github.url}/acme/gitops.git` },
      ...{ path: 'apps/payments/production', targetRevision: 'main', deployed: true },
    });
    const change = await fixture.change();
    const servers = { 'argocd-server': `eu=${fixture.argocd.url}\nus=${other.url}` };
    const tokens = { 'argocd-token': `eu=${fixture.argocd.token()}\nus=${other.token()}` };
    const run = await fixture.run({ change: JSON.stringify(change), ...servers, ...tokens });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', reason: 'needs-sync' });
    expect(watched(run)).toEqual([
      { name: 'payments', server: fixture.argocd.url, verdict: 'live' },
      { name: 'payments', server: other.url, verdict: 'failed' },
    ]);
    await other.close();
    expect(other.violations).toEqual([]);
  });
});
