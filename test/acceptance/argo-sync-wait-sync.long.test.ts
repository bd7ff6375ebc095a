import { expect, describe as group, it } from 'vitest';
import {
  configMap,
  type Fixture,
  folder,
  image,
  resultOf,
  seen,
  startFixture,
} from './argo-sync-wait-setup.ts';

/** The bodies of all requests to sync. */
const asked = ({ argocd }: Fixture): readonly Record<string, unknown>[] =>
  argocd.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body ?? '{}'));

group.concurrent('a sync window', { timeout: 60_000 }, () => {
  it('that keeps auto-sync away, which shows nothing of it, is told with the time at which it opens', async () => {
    await using fixture = await startFixture();
    // It began a minute or two ago, by the clocks of Berlin.
    const now = new Date(Date.now() - 60_000);
    const wall = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' }).format(
      now,
    );
    const opens = new Date(now.getTime() + 2 * 3_600_000).toISOString().slice(11, 16);
    const [hour, minute] = wall.split(':').map(Number);
    const schedule = `${minute} ${hour} * * *`;
    const window = {
      kind: 'deny',
      schedule,
      duration: '2h',
      manualSync: true,
      timeZone: 'Europe/Berlin',
    } as const;
    fixture.argocd.createProject('frozen', [window]);
    await fixture.deployed({ project: 'frozen' });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), timeout: '18s' });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
    expect(run.outputs.summary).toContain(`${opens} UTC: the sync windows are closed for auto-sync`);
    expect(run.outputs.summary).toContain(`(deny \`${schedule}\` for 2h Europe/Berlin)`);
  });

  it('that would allow and is not open is told without a time where the token may not see the project', async () => {
    await using fixture = await startFixture();
    const window = { kind: 'allow', schedule: '0 3 29 2 *', duration: '1h', manualSync: false } as const;
    fixture.argocd.createProject('frozen', [], [window]);
    await fixture.deployed({ project: 'frozen', automated: false });
    const change = await fixture.change();
    const token = fixture.argocd.token({ projects: false, project: 'frozen', actions: ['get', 'sync'] });
    const inputs = { sync: 'when-manual', 'argocd-token': token, timeout: '8s' };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
    expect(run.outputs.summary).toContain(
      'The sync windows are closed for a sync (allow `0 3 29 2 *` for 1h)',
    );
    expect(asked(fixture)).toHaveLength(1);
  });
});

group.concurrent('a request to sync', { timeout: 60_000 }, () => {
  it('falls back to what the branch holds where the token may not override, and is proven all the same', async () => {
    await using fixture = await startFixture({ requireOverride: true });
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    const token = fixture.argocd.token({ actions: ['get', 'sync'] });
    const inputs = { sync: 'when-manual', 'argocd-token': token };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(asked(fixture).map(({ revision }) => revision)).toEqual([change.commit, undefined]);
  });

  it('of the objects of the change alone leaves the others as they are, and tells them', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    await fixture.commit({ [`${folder}/settings.yaml`]: configMap('red') });
    const inputs = {
      sync: 'when-manual',
      'sync-resources': 'changed',
      'argocd-token': fixture.argocd.token(),
    };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(asked(fixture)).toMatchObject([
      { resources: [{ group: 'apps', kind: 'Deployment', name: 'payments-api', namespace: 'payments' }] },
    ]);
    expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
    expect(fixture.argocd.live('payments').get('ConfigMap/settings')).toMatchObject({
      data: { color: 'blue' },
    });
    expect(resultOf(run)).toMatchObject({
      applications: [
        {
          messages: expect.arrayContaining([
            'ConfigMap payments/settings is OutOfSync; it is not part of the change.',
          ]),
        },
      ],
    });
  });

  it('with options has those of the Application as well', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false, syncOptions: ['CreateNamespace=true', 'PruneLast=false'] });
    const change = await fixture.change();
    const options = 'PruneLast=true\nRespectIgnoreDifferences=true';
    const inputs = { sync: 'when-manual', 'sync-options': options, 'argocd-token': fixture.argocd.token() };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(asked(fixture)).toMatchObject([
      { syncOptions: { items: ['CreateNamespace=true', 'PruneLast=true', 'RespectIgnoreDifferences=true'] } },
    ]);
  });

  it('whose answer is cut is not sent twice', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    fixture.argocd.faults.http('POST ', { type: 'lose-answer' }, 1);
    const inputs = { sync: 'when-manual', 'argocd-token': fixture.argocd.token(), timeout: '40s' };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(asked(fixture)).toHaveLength(1);
  });
});

group.concurrent('manifests', { timeout: 60_000 }, () => {
  it('that Argo CD keeps of an older commit are rendered anew by one hard refresh', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    fixture.argocd.faults.keepManifests('payments');
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), timeout: '40s' });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(fixture.argocd.requests.filter(({ path }) => path.includes('refresh=hard'))).toHaveLength(1);
    expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
  });

  it('that an override hides are no reason for one', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const name = `${folder}/.argocd-source-payments.yaml`;
    await fixture.commit({
      [name]: `kustomize:\n  images: ['${image('9.9.9')}']\n`,
      [`${folder}/kustomization.yaml`]: 'resources: [deployment.yaml, settings.yaml]\n',
    });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'not-effective', reason: 'overridden' });
    expect(fixture.argocd.requests.filter(({ path }) => path.includes('refresh=hard'))).toEqual([]);
    expect(fixture.argocd.requests.some(({ path }) => path.includes('noCache=true'))).toBe(true);
  });
});
