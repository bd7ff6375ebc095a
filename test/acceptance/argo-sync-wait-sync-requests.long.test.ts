import { expect, describe as group, it } from 'vitest';
import { seen, startFixture } from './argo-sync-wait-setup.ts';

const closed = { kind: 'deny', schedule: '* * * * *', duration: '1h', manualSync: false } as const;

group.concurrent('a sync that is asked for', { timeout: 60_000 }, () => {
  it('names no revision where auto-sync is on: Argo CD refuses one, even the head', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    fixture.argocd.faults.neverSync('payments');
    const change = await fixture.change();
    const token = fixture.argocd.token({ actions: ['get', 'sync'] });
    const inputs = { sync: 'always', prune: 'true', 'argocd-token': token };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    const [post] = fixture.argocd.requests.filter(({ method }) => method === 'POST');
    const body = JSON.parse(post?.body ?? '');
    expect(body).toMatchObject({ name: 'payments', project: 'default', prune: true });
    expect(body).not.toHaveProperty('revision');
  });

  it('waits until a sync window opens, and says so', async () => {
    await using fixture = await startFixture();
    fixture.argocd.createProject('frozen', [closed]);
    await fixture.deployed({ automated: false, project: 'frozen' });
    const change = await fixture.change();
    const token = fixture.argocd.token();
    const inputs = { sync: 'when-manual', 'argocd-token': token, timeout: '40s' };
    const running = fixture.run({ change: JSON.stringify(change), ...inputs });
    await fixture.requested('/syncwindows');
    fixture.argocd.createProject('frozen');
    const run = await running;
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(run.log).toContain('sync windows are closed for a sync (deny `* * * * *` for 1h)');
  });

  it('goes on when the repo-server was away', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    await fixture.argocd.poll('payments');
    fixture.argocd.faults.http(
      'POST ',
      {
        type: 'reply',
        status: 400,
        contentType: 'application/json',
        body: JSON.stringify({
          code: 9,
          message: 'error resolving repo revision: rpc error: code = Unavailable desc = x',
        }),
      },
      1,
    );
    const token = fixture.argocd.token();
    const inputs = { sync: 'when-manual', 'argocd-token': token, timeout: '40s' };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
  });
});

group.concurrent('cancelled', { timeout: 60_000 }, () => {
  it('stops at once, with outputs', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    fixture.argocd.faults.neverSync('payments');
    const change = await fixture.change();
    const after = fixture.requested('refresh=normal');
    const inputs = { change: JSON.stringify(change), timeout: '10m' };
    const run = await fixture.run(inputs, { kill: { signal: 'SIGINT', after } });
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'cancelled', ok: 'unknown' });
    expect(run.outputs.revision).toBe('');
  });
});
