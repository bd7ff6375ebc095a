import { expect, describe as group, it } from 'vitest';
import {
  configMap,
  deployment,
  folder,
  image,
  imageEdit,
  manifest,
  resultOf,
  seen,
  startFixture,
} from './argo-sync-wait-setup.ts';

const live = { exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' };
const applicationPath = /^GET \/api\/v1\/applications\/payments/;
const minutes = 60_000;

group.concurrent('weather', { timeout: 60_000 }, () => {
  it('an answer of 503 at the start is waited out, and told once', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = JSON.stringify(await fixture.change());
    const away = {
      type: 'reply',
      status: 503,
      body: 'no healthy upstream',
      contentType: 'text/plain',
    } as const;
    fixture.argocd.faults.http('GET /api/v1/applications?', away, 6);
    const run = await fixture.run({ change, timeout: '40s' });
    expect(seen(run)).toEqual(live);
    expect(run.log.match(/waiting: http/g)).toHaveLength(1);
  });

  it('an Argo CD that hangs does not hold a wait much longer than its time', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    fixture.argocd.faults.neverSync('payments');
    const change = JSON.stringify(await fixture.change());
    const running = fixture.run({ change, timeout: '5s' });
    await fixture.requested('refresh=normal');
    fixture.argocd.faults.http('/api/v1/', { type: 'hang' }, 1000);
    fixture.argocd.faults.dropStreams('cut');
    const run = await running;
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'could-not-ask', ok: 'unknown' });
    // One request alone may take twenty seconds.
    expect(run.ms).toBeLessThan(15_000);
  });

  it('an Argo CD that hangs from the start is no longer asked than there is time', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = JSON.stringify(await fixture.change());
    fixture.argocd.faults.http('/api/v1/', { type: 'hang' }, 1000);
    const run = await fixture.run({ change, timeout: '4s' });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'argocd-unreachable' });
    expect(run.ms).toBeLessThan(15_000);
  });

  it('a login page and a refused token in the middle, while Argo CD restarts, are waited out', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    fixture.argocd.faults.neverSync('payments');
    const change = JSON.stringify(await fixture.change());
    const running = fixture.run({ change, timeout: '40s' });
    await fixture.requested('refresh=normal');
    fixture.argocd.faults.html(applicationPath, 2);
    const body = JSON.stringify({ code: 16, error: 'x', message: 'no session information' });
    const refused = { type: 'reply', status: 401, body, contentType: 'application/json' } as const;
    fixture.argocd.faults.http(applicationPath, refused, 3);
    fixture.argocd.faults.neverSync('payments', false);
    await fixture.argocd.poll('payments');
    expect(seen(await running)).toEqual(live);
  });

  it.each([
    ['ahead', 5 * minutes],
    ['behind', -5 * minutes],
  ])('clocks that are five minutes %s of the runner change nothing', async (_, offset) => {
    await using fixture = await startFixture({ now: () => Date.now() + offset });
    await fixture.deployed();
    const change = JSON.stringify(await fixture.change());
    fixture.argocd.faults.loseRefresh('payments', 1);
    expect(seen(await fixture.run({ change }))).toEqual(live);
  });
});

group.concurrent('what is claimed', { timeout: 60_000 }, () => {
  const nested = `${folder}/nested/worker.yaml`;
  const more = async (fixture: Awaited<ReturnType<typeof startFixture>>, path: string, text: string) => {
    const change = await fixture.change();
    const commit = await fixture.commit({ [path]: text });
    const edit = { ...imageEdit('1.3.9', '1.4.2') };
    const worker = { ...edit, place: { ...edit.place, name: 'worker' } };
    return JSON.stringify({ ...change, commit, files: [...change.files, { path, edits: [worker] }] });
  };

  it('a file that no application reads: the rest is live, the change is not', async () => {
    await using fixture = await startFixture({ files: { [nested]: deployment('1.3.9', 'worker') } });
    await fixture.deployed();
    const change = await more(fixture, nested, deployment('1.4.2', 'worker'));
    const run = await fixture.run({ change });
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'unread-files', ok: 'unknown' });
    expect(run.outputs.summary).toContain(nested);
    expect(resultOf(run).applications).toMatchObject([{ name: 'payments', verdict: 'live' }]);
    const named = await fixture.run({ change, applications: 'payments' });
    expect(seen(named)).toEqual(live);
    expect(named.log).toMatch(/::warning::.*nested\/worker\.yaml/);
  });

  it('two sources of one application are one application, and both are proven', async () => {
    const other = 'apps/worker/deployment.yaml';
    await using fixture = await startFixture({ files: { [other]: deployment('1.3.9', 'worker') } });
    const from = { repoURL: `${fixture.github.url}/acme/gitops.git`, targetRevision: 'main' };
    const sources = [
      { ...from, path: folder },
      { ...from, path: 'apps/worker' },
    ];
    await fixture.deployed({ sources });
    const change = await more(fixture, other, deployment('1.4.2', 'worker'));
    const run = await fixture.run({ change });
    expect(seen(run)).toEqual(live);
    expect(resultOf(run).applications).toMatchObject([{ name: 'payments', verdict: 'live' }]);
    expect(run.summary).toContain('1 application ');
    expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2'), image('1.4.2')]);
    const two = await fixture.run({ change, expect: '2' });
    expect(seen(two)).toMatchObject({ exitCode: 1, reason: 'too-few-applications' });
  });

  it("somebody's later commit is no effect of a change that has none", async () => {
    const chart = {
      'charts/x/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 0.1.0\n',
      'charts/x/values.yaml': 'unused: red\ncolor: a\n',
      'charts/x/templates/settings.yaml': configMap('{{ .Values.color }}'),
    };
    await using fixture = await startFixture({ files: chart });
    await fixture.deployed({ path: 'charts/x' });
    const base = await fixture.change();
    const path = 'charts/x/values.yaml';
    const commit = await fixture.commit({ [path]: 'unused: blue\ncolor: a\n' });
    await fixture.commit({ [path]: 'unused: blue\ncolor: b\n' }, { author: 'bob' });
    const edit = { place: { type: 'value', document: 0, path: 'unused' }, from: 'red', to: 'blue' };
    const change = { ...base, base: base.commit, commit, files: [{ path, edits: [edit] }] };
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'no-rendered-difference' });
  });

  it('an image of Docker Hub under another of its names is the same image', async () => {
    const named = (text: string) => deployment('0').replace(image('0'), text);
    await using fixture = await startFixture({ files: { [manifest]: named('nginx:1.26') } });
    await fixture.deployed();
    const change = await fixture.change();
    const commit = await fixture.commit({ [manifest]: named('index.docker.io/library/nginx:1.27') });
    const edit = { ...imageEdit('0', '0'), image: 'docker.io/library/nginx:1.27' };
    const edits = [{ ...edit, from: 'nginx:1.26', to: 'index.docker.io/library/nginx:1.27' }];
    const hub = { ...change, base: change.commit, commit, files: [{ path: manifest, edits }] };
    expect(seen(await fixture.run({ change: JSON.stringify(hub) }))).toEqual(live);
  });
});
