import { expect, describe as group, it } from 'vitest';
import {
  certificate,
  configMap,
  deployment,
  folder,
  gitops,
  imageEdit,
  manifest,
  resultOf,
  seen,
  startFixture,
} from './argo-sync-wait-setup.ts';

const trailers = (run: number, project = 'payments') =>
  `\n\nSluice-Project: ${project}\nSluice-Environment: production\nSluice-Run: acme/app/${run}/1\n`;

group.concurrent('live', { timeout: 60_000 }, () => {
  const live = { exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' };

  it('after a status that stayed stale, and not before', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    fixture.argocd.faults.staleStatus('payments', 7000);
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual(live);
    expect(run.ms).toBeGreaterThan(6000);
  });

  it('after refreshes that were lost', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    fixture.argocd.faults.loseRefresh('payments', 2);
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual(live);
  });

  it('at an unrelated later commit', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    const later = await fixture.commit({ 'apps/other/notes.yaml': 'a: 1\n' });
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual(live);
    expect(run.outputs.revision).toBe(later);
  });

  it("after somebody else's operation, which was in the way of ours", async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    fixture.argocd.faults.busy('payments', 6000);
    const token = fixture.argocd.token();
    const run = await fixture.run({
      change: JSON.stringify(change),
      sync: 'when-manual',
      'argocd-token': token,
    });
    expect(seen(run)).toEqual(live);
  });

  it('after a Degraded that passed within the grace time', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    await fixture.argocd.poll('payments');
    await fixture.argocd.idle('payments');
    fixture.argocd.faults.healthFor('payments', 'payments-api', 'Degraded', 6000);
    const run = await fixture.run({ change: JSON.stringify(change), 'degraded-grace': '10s' });
    expect(seen(run)).toEqual(live);
    expect(run.ms).toBeGreaterThan(5500);
  });

  it("with somebody else's Degraded object, which is a warning", async () => {
    await using fixture = await startFixture({
      files: { [`${folder}/worker.yaml`]: deployment('1', 'worker') },
    });
    await fixture.deployed();
    fixture.argocd.setHealth('payments', 'Deployment/worker', 'Degraded', 'crash loop');
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual(live);
    expect(run.summary).toMatch(/Deployment payments\/worker is Degraded/);
  });

  it('through an outage of the Kubernetes API, cut connections and 5xx', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    const { faults } = fixture.argocd;
    const one = /^GET \/api\/v1\/applications\/payments/;
    faults.http(one, { type: 'cut', when: 'in-body' }, 2);
    faults.http(one, { type: 'reply', status: 503, body: '<html>', contentType: 'text/html' }, 2);
    setTimeout(() => faults.kubernetesDown(true), 2000);
    setTimeout(() => faults.kubernetesDown(false), 6000);
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual(live);
  });

  it('in every application that the change touches', async () => {
    await using fixture = await startFixture();
    for (const name of ['payments-eu', 'payments-us']) await fixture.deployed({ name });
    await fixture.deployed({ name: 'elsewhere', path: 'apps/elsewhere' });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), expect: '2' });
    expect(seen(run)).toEqual(live);
    expect(resultOf(run).applications).toMatchObject([{ name: 'payments-eu' }, { name: 'payments-us' }]);
  });

  it('for a field that is no image, when what is rendered shows a difference', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    const path = `${folder}/settings.yaml`;
    const commit = await fixture.commit({ [path]: configMap('red') });
    const edit = { place: { type: 'value', document: 0, path: 'data.color' }, from: 'blue', to: 'red' };
    const set = { ...change, base: change.commit, commit, files: [{ path, edits: [edit] }] };
    const run = await fixture.run({ change: JSON.stringify(set) });
    expect(seen(run)).toEqual(live);
  });

  it('for such a field in a second run, which has nothing left to commit', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    const path = `${folder}/settings.yaml`;
    const commit = await fixture.commit({ [path]: configMap('red') });
    const edit = { place: { type: 'value', document: 0, path: 'data.color' }, from: 'red', to: 'red' };
    const set = { ...change, base: commit, commit, files: [{ path, edits: [edit] }] };
    const run = await fixture.run({ change: JSON.stringify(set) });
    expect(seen(run)).toEqual(live);
  });

  it('behind a private certificate authority, which is given as text or as a file', async () => {
    const tls = await certificate();
    await using fixture = await startFixture({ tls });
    await fixture.deployed();
    const change = JSON.stringify(await fixture.change());
    const run = await fixture.run({ change, 'argocd-ca': tls.cert });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    const without = await fixture.run({ change });
    expect(seen(without)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'argocd-certificate' });
  });

  it('below a base path', async () => {
    await using fixture = await startFixture({ basePath: '/argocd' });
    await fixture.deployed();
    const change = await fixture.change();
    const run = await fixture.run({
      change: JSON.stringify(change),
      'argocd-server': `main=${fixture.argocd.url}/`,
    });
    expect(seen(run)).toEqual(live);
  });

  it('for a bare revision, in the applications that are named', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const { commit } = await fixture.change();
    const run = await fixture.run({ revision: commit, applications: 'argocd/payments' });
    expect(seen(run)).toEqual(live);
  });

  it('at one look, when nothing has changed for long', async () => {
    await using fixture = await startFixture();
    const change = await fixture.change();
    await fixture.deployed();
    const run = await fixture.run({ change: JSON.stringify(change), mode: 'once' });
    expect(seen(run)).toEqual(live);
  });
});

group.concurrent('overwritten', { timeout: 60_000 }, () => {
  it('by a newer deployment of the same key: superseded', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    await fixture.commit({ [manifest]: deployment('1.5.0') }, { message: `Deploy 1.5.0${trailers(43)}` });
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual({ exitCode: 0, verdict: 'superseded', reason: 'superseded', ok: 'unknown' });
  });

  it.each([
    ['an older run', trailers(41)],
    ['another project', trailers(43, 'orders')],
  ])('by %s: drifted', async (_, trailer) => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    await fixture.commit({ [manifest]: deployment('1.5.0') }, { message: `Deploy 1.5.0${trailer}` });
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'drifted' });
  });

  it('by the squash of its own pull request, which lost it: drifted', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const base = await fixture.github.head(gitops);
    const message = `Deploy 1.4.2${trailers(42)}`;
    const files = { [manifest]: deployment('1.4.2') };
    const ours = await fixture.github.commitFiles(gitops, 'sluice/payments', files, { message });
    await fixture.commit(
      { [manifest]: deployment('1.3.8') },
      { message: `Deploy 1.4.2 (#1)\n\n* ${message}\n\n* Not this one` },
    );
    const edits = [imageEdit('1.3.9', '1.4.2')];
    const change = {
      ...(await fixture.change('1.3.8')),
      base,
      commit: ours,
      files: [{ path: manifest, edits }],
    };
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'drifted', reason: 'overwritten' });
  });

  it('not where the object only moved to another file', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    await fixture.commit({ [manifest]: '', [`${folder}/api.yaml`]: deployment('1.4.2') });
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
  });
});
