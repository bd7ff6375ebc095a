import { expect, describe as group, it } from 'vitest';
import {
  deployment,
  folder,
  image,
  manifest,
  resultOf,
  runAlone,
  seen,
  startFixture,
} from './argo-sync-wait-setup.ts';

group.concurrent('not live', { timeout: 60_000 }, () => {
  it('an override of the Application hides it: not-effective, and which', async () => {
    const kustomization = 'resources: [deployment.yaml]\n';
    await using fixture = await startFixture({ files: { [`${folder}/kustomization.yaml`]: kustomization } });
    await fixture.deployed({ kustomize: { images: [image('1.3.0')] } });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'not-effective', reason: 'overridden', ok: 'false' });
    expect(run.outputs.summary).toContain('kustomize.images');
  });

  it('a values file that nothing refers to: not-effective, and which', async () => {
    const chart = {
      'charts/api/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 0.1.0\n',
      'charts/api/values.yaml': 'image:\n  repository: registry.example/payments-api\n  tag: 1.3.9\n',
      'charts/api/templates/deployment.yaml': deployment('0').replace(
        image('0'),
        '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
      ),
    };
    await using fixture = await startFixture({ files: chart });
    await fixture.deployed({ path: 'charts/api' });
    const change = await fixture.change();
    const path = 'charts/api/values-prod.yaml';
    const commit = await fixture.commit({ [path]: 'image:\n  tag: 1.4.2\n' });
    const edit = {
      place: { type: 'helm-value', path: 'image.tag', holds: 'tag' },
      from: '1.3.9',
      to: '1.4.2',
      image: image('1.4.2'),
    };
    const helm = { ...change, commit, files: [{ path, edits: [edit] }] };
    const run = await fixture.run({ change: JSON.stringify(helm) });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'not-effective' });
    expect(run.outputs.summary).toContain(path);
  });

  it('auto-sync off and not asked to sync: needs-sync, at once', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), timeout: '10m' });
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'needs-sync', ok: 'false' });
  });

  it("a dry run's images are no proof", async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    await fixture.argocd.poll('payments');
    fixture.argocd.faults.writeOperation('payments', {
      sync: { revision: change.commit, dryRun: true },
      initiatedBy: { username: 'someone-else' },
      retry: {},
    });
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', reason: 'needs-sync' });
  });

  it('the cluster refuses an object: failed, with its words', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    fixture.argocd.faults.refuseApply('payments', 'payments-api', 'spec.replicas: Invalid value: -1');
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', ok: 'false' });
    expect(run.summary).toContain('Invalid value: -1');
  });

  it('an image that never becomes healthy: failed after the grace time', async () => {
    await using fixture = await startFixture({ badImages: [image('1.4.2')] });
    await fixture.deployed();
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'degraded', ok: 'false' });
  });

  it('auto-sync that never comes: timed-out, with what was missing', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    fixture.argocd.faults.neverSync('payments');
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), timeout: '7s' });
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'timed-out', reason: 'timed-out', ok: 'false' });
    expect(resultOf(run).applications).toMatchObject([{ missing: expect.arrayContaining(['synced']) }]);
  });

  it('a status that stays stale: never live', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    fixture.argocd.faults.staleStatus('payments', 60_000);
    const run = await fixture.run({ change: JSON.stringify(change), timeout: '6s' });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
  });

  it('one of two: the worst speaks, and both are told', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ name: 'payments-eu' });
    await fixture.deployed({ name: 'payments-us', automated: false });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', reason: 'needs-sync' });
    expect(resultOf(run).applications).toMatchObject([{ verdict: 'live' }, { verdict: 'failed' }]);
  });

  it('at one look, while it is under way: unknown, and nothing is synced', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    const token = fixture.argocd.token();
    const inputs = { mode: 'once', sync: 'always', 'argocd-token': token };
    const run = await fixture.run({ change: JSON.stringify(change), ...inputs });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'not-yet' });
    expect(fixture.argocd.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

group.concurrent('could not tell', { timeout: 60_000 }, () => {
  const unknown = { exitCode: 1, verdict: 'unknown', ok: 'unknown' };
  const outputs = ['verdict', 'ok', 'reason', 'summary', 'result', 'revision'];

  it('no application reads the changed files', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ path: 'apps/elsewhere' });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual({ ...unknown, reason: 'no-application' });
    expect(run.outputs.summary).toContain(manifest);
    expect(Object.keys(run.outputs)).toEqual(expect.arrayContaining(outputs));
  });

  it('a name that no application has', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), applications: 'payments\npayment' });
    expect(seen(run)).toEqual({ ...unknown, reason: 'no-application' });
    expect(run.outputs.summary).toMatch(/no Application `payment` to this token/);
  });

  it('fewer applications than expected', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), expect: '2' });
    expect(seen(run)).toEqual({ ...unknown, reason: 'too-few-applications' });
  });

  it('a token that may not sync', async () => {
    await using fixture = await startFixture();
    await fixture.deployed({ automated: false });
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), sync: 'when-manual' });
    expect(seen(run)).toEqual({ ...unknown, reason: 'sync-forbidden' });
    expect(run.outputs.summary).toContain('applications, sync, default/payments');
  });

  it('a token that expires while it waits', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    fixture.argocd.faults.neverSync('payments');
    const token = fixture.argocd.token();
    const change = await fixture.change();
    const running = fixture.run({ change: JSON.stringify(change), 'argocd-token': token });
    await fixture.requested('refresh=normal');
    fixture.argocd.faults.expireToken(token);
    const run = await running;
    expect(seen(run)).toEqual({ ...unknown, reason: 'could-not-ask' });
    expect(run.outputs.summary).toContain('does not accept argocd-token');
    expect(run.log.replace(/^::add-mask::.*$/gm, '')).not.toContain(token);
  });

  it('a server that is not there', async () => {
    await using fixture = await startFixture();
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), 'argocd-server': 'http://127.0.0.1:9' });
    expect(seen(run)).toEqual({ ...unknown, reason: 'argocd-unreachable' });
    expect(Object.keys(run.outputs)).toEqual(expect.arrayContaining(outputs));
    expect(run.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('a server that speaks HTML', async () => {
    await using fixture = await startFixture();
    const change = await fixture.change();
    fixture.argocd.faults.html('/api/v1/applications', 100);
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual({ ...unknown, reason: 'argocd-not-an-api' });
  });

  it('a GitOps repository that the token does not reach', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change), token: 'ghs_nothing' });
    expect(seen(run)).toMatchObject({ ...unknown });
    expect(run.outputs.summary).toContain(change.repository);
  });

  it.each([
    ['an unknown enum value', { sync: 'maybe' }, /sync: "maybe": allowed: never, when-manual, always/],
    ['a duration without unit', { timeout: '90' }, /timeout: "90"/],
    [
      'several servers without names',
      { 'argocd-server': 'https://a.example\nhttps://b.example' },
      /argocd-server: .*`name=URL` for each/,
    ],
    ['a change that is no JSON', { change: '{' }, /change: .*it is no JSON/],
    ['neither change nor revision', { change: '' }, /`change` is empty/],
    ['a shortened revision', { change: '', revision: 'abc1234' }, /revision: "abc1234": allowed: a commit/],
    ['a name that none can be', { applications: 'Payments_*' }, /applications: .*allowed: the name/],
  ])('%s: one error that names the input', async (_, inputs, message) => {
    const run = await runAlone({
      change: '{}',
      'argocd-server': 'https://argocd.example',
      'argocd-token': 't',
      ...inputs,
    });
    expect(seen(run)).toEqual({ ...unknown, reason: 'invalid-input' });
    expect(run.outputs.summary).toMatch(message);
    expect(Object.keys(run.outputs)).toEqual(expect.arrayContaining(outputs));
  });
});
