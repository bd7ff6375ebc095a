import { expect, describe as group, it } from 'vitest';
import { deployment, folder, image, resultOf, seen, startFixture } from './argo-sync-wait-setup.ts';

const degraded = { exitCode: 1, verdict: 'failed', reason: 'degraded', ok: 'false' };

group.concurrent('what failed says why, in summary, page and log', { timeout: 90_000 }, () => {
  it.each([
    ['image', 'ImagePullBackOff: Back-off pulling image "registry.example/payments-api:1.4.2"'],
    ['crash', 'CrashLoopBackOff: back-off restarting failed container=app, restarted 4 times'],
    ['unschedulable', 'FailedScheduling: 0/3 nodes are available: 3 Insufficient memory'],
    ['quota', 'is forbidden: exceeded quota: compute'],
    ['admission', 'admission webhook "images.policy.example" denied the request'],
    ['probe', 'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503'],
  ] as const)('%s', async (trouble, words) => {
    await using fixture = await startFixture({ pods: true });
    await fixture.deployed();
    fixture.argocd.setTrouble('payments', 'Deployment/payments-api', trouble);
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual(degraded);
    expect(run.outputs.summary).toContain(words);
    expect(run.stdout).toContain(words);
    expect(run.summary.replaceAll('\\', '')).toContain(words);
    expect(run.summary).toContain(
      `(${fixture.argocd.url}/applications/argocd/payments?resource=health%3ADegraded)`,
    );
    expect(run.summary).toContain(`(${fixture.github.url}/acme/gitops/commit/${change.commit})`);
    expect(JSON.stringify(resultOf(run).applications)).toContain(JSON.stringify(words).slice(1, -1));
  });

  it('and stays failed, without another word, where tree and events cannot be read', async () => {
    await using fixture = await startFixture({ pods: true });
    await fixture.deployed();
    fixture.argocd.setTrouble('payments', 'Deployment/payments-api', 'crash');
    const change = await fixture.change();
    fixture.argocd.faults.http(
      /resource-tree|\/events/,
      { type: 'reply', status: 403, body: '{"code":7}', contentType: 'application/json' },
      99,
    );
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual(degraded);
    expect(run.stdout).not.toContain('CrashLoopBackOff');
  });

  it('of an object that admission refuses, its words', async () => {
    await using fixture = await startFixture();
    await fixture.deployed();
    fixture.argocd.faults.refuseApply(
      'payments',
      'payments-api',
      'admission webhook "images.policy.example" denied the request: not signed',
    );
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ verdict: 'failed', reason: 'operation-failed' });
    expect(run.outputs.summary).toContain('denied the request: not signed');
    expect(run.summary).toContain('/applications/argocd/payments?operation=true)');
  });

  it('of a hook, what its Pod says', async () => {
    const job = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: { argocd.argoproj.io/hook: PreSync }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: migrate, image: registry.example/migrate:1 }] }
`;
    await using fixture = await startFixture({ pods: true, files: { [`${folder}/job.yaml`]: job } });
    await fixture.deployed();
    fixture.argocd.faults.hooks('payments', 'fail');
    const change = await fixture.change();
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toMatchObject({ verdict: 'failed', reason: 'operation-failed' });
    expect(run.outputs.summary).toContain('container "migrate" failed with exit code 1');
    expect(run.summary).toContain('Job has reached the specified backoff limit');
  });
});

group.concurrent('the log of several applications', { timeout: 60_000 }, () => {
  it('has a line for each change of state as it happens, and no group at the end for what is live', async () => {
    const other = `${folder}-us`;
    await using fixture = await startFixture({
      files: { [`${other}/deployment.yaml`]: deployment('1.3.9') },
    });
    await fixture.deployed();
    await fixture.deployed({ name: 'payments-us', path: other });
    const change = await fixture.change();
    const both = {
      ...change,
      files: [
        ...change.files,
        ...change.files.map((file) => ({ ...file, path: `${other}/deployment.yaml` })),
      ],
    };
    const commit = await fixture.commit({ [`${other}/deployment.yaml`]: deployment('1.4.2') });
    const run = await fixture.run({ change: JSON.stringify({ ...both, commit }) });
    expect(seen(run)).toMatchObject({ verdict: 'live' });
    const lines = run.stdout.split('\n');
    expect(lines.filter((line) => line.startsWith('::group::'))).toEqual([]);
    expect(lines.some((line) => /^\+\d+ s payments-us: waiting: /.test(line))).toBe(true);
    const waits = lines.filter((line) => line.includes(' payments: '));
    expect(waits.length).toBeLessThan(15);
    expect(fixture.argocd.liveImages('payments-us')).toEqual([image('1.4.2')]);
  });
});
