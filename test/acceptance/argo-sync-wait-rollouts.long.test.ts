import { setTimeout as delay } from 'node:timers/promises';
import type { Change, Edit } from '@sluice/gitops/change';
import type { RunResult } from '@sluice/testbed/runner';
import { expect, describe as group, it } from 'vitest';
import { type Fixture, gitops, image, manifest, seen, startFixture } from './argo-sync-wait-setup.ts';

const rollout = (tag: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: payments-api }
spec:
  replicas: 5
  strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }] } }
  selector: { matchLabels: { app: payments-api } }
  template:
    metadata: { labels: { app: payments-api } }
    spec:
      containers:
        - name: app
          image: ${image(tag)}
`;

const edit: Edit = {
  place: {
    type: 'container',
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    name: 'payments-api',
    list: 'containers',
    container: 'app',
  },
  ...{ from: image('1.3.9'), to: image('1.4.2'), image: image('1.4.2') },
};

/** A Rollout of version 1.3.9 that has long been through. */
async function started(): Promise<Fixture> {
  const fixture = await startFixture({
    ...{ files: { [manifest]: rollout('1.3.9') }, timing: { rollout: 300 }, pods: true },
  });
  await fixture.deployed();
  return fixture;
}

async function changed(fixture: Fixture): Promise<string> {
  const base = await fixture.github.head(gitops);
  const commit = await fixture.commit({ [manifest]: rollout('1.4.2') }, { message: 'Deploy 1.4.2' });
  const change: Change = {
    ...{ schema: 'sluice.change.v1', repository: `${fixture.github.url}/${gitops}`, branch: 'main' },
    ...{ commit, base, project: 'payments', environment: 'production', run: 'acme/app/42/1' },
    files: [{ path: manifest, edits: [edit] }],
  };
  return JSON.stringify(change);
}

async function untilHealth({ argocd }: Fixture, wanted: string): Promise<void> {
  while (JSON.stringify(argocd.application('payments').status).includes(`"status":"${wanted}"`) === false)
    await delay(50);
}

const rolling = { exitCode: 0, verdict: 'rolling-out', reason: 'rolling-out', ok: 'unknown' };
const paused = 'Rollout payments/payments-api is paused at step 2 of 3 (pause), 20 % of the traffic';

group.concurrent('a progressive rollout', { timeout: 90_000 }, () => {
  it('until: paused goes on at the pause, and says how far it is', async () => {
    await using fixture = await started();
    const run = await fixture.run({ change: await changed(fixture), until: 'paused' });
    expect(seen(run)).toEqual(rolling);
    expect(run.outputs.summary).toContain(paused);
    expect(run.summary).toMatch(/^\*\*payments-api 1\.4\.2 is rolling out in production\*\*/);
  });

  it('until: started goes on as soon as it has begun', async () => {
    await using fixture = await started();
    expect(seen(await fixture.run({ change: await changed(fixture), until: 'started' }))).toEqual(rolling);
  });

  it('until: complete waits through the pause; promoted, it is live', async () => {
    await using fixture = await started();
    const running = fixture.run({ change: await changed(fixture), timeout: '40s' });
    await untilHealth(fixture, 'Suspended');
    await delay(4000);
    fixture.argocd.rollout('payments', 'Rollout/payments-api', 'promote');
    const run: RunResult = await running;
    expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
    expect(run.stdout).toContain(`waiting: ${paused}`);
  });

  it('until: complete ends with the time where nobody promotes it, and says what it waits for', async () => {
    await using fixture = await started();
    const run = await fixture.run({ change: await changed(fixture), timeout: '12s' });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
    expect(run.outputs.summary).toContain(paused);
  });

  it.each([
    'complete',
    'paused',
  ])('that is aborted has failed, with the words of the analysis, until: %s', async (until) => {
    await using fixture = await started();
    const change = await changed(fixture);
    await fixture.argocd.poll('payments');
    await untilHealth(fixture, 'Suspended');
    const metric = 'Metric "success-rate" assessed Failed due to failed (2) > failureLimit (1)';
    fixture.argocd.rollout('payments', 'Rollout/payments-api', 'abort', metric);
    const run = await fixture.run({ change, until });
    expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'rollout-aborted', ok: 'false' });
    expect(run.outputs.summary).toContain(metric);
    expect(run.outputs.summary?.split('success-rate')).toHaveLength(2);
  });

  it('whose image cannot be pulled is Degraded, and says why', async () => {
    await using fixture = await started();
    fixture.argocd.setTrouble('payments', 'Rollout/payments-api', 'image');
    const run = await fixture.run({ change: await changed(fixture), until: 'paused' });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', reason: 'degraded' });
    expect(run.outputs.summary).toContain('ImagePullBackOff');
  });
});

it('until: paused waits for all of a Deployment, and says so', { timeout: 60_000 }, async () => {
  await using fixture = await startFixture();
  await fixture.deployed();
  const run = await fixture.run({ change: JSON.stringify(await fixture.change()), until: 'paused' });
  expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
  expect(run.summary).toContain('Nothing in scope is a Rollout');
});
