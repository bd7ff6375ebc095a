import { setTimeout as delay } from 'node:timers/promises';
import { record } from '@sluice/argocd/json';
import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { folder, live, withFixture } from './root-setup.ts';

/** Rolls out what the Deployment describes: the Deployment itself has no Pods, and is Healthy at once. */
const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: stepwise
spec:
  workloadRef: { apiVersion: apps/v1, kind: Deployment, name: payments-api }
  strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } }
`;
const options = { files: { [`${folder}/rollout.yaml`]: rollout } };
const forever = 600_000;

group.concurrent('a Deployment that a Rollout refers to', { timeout: 120_000 }, () => {
  it('is not live while the Rollout is paused at a step', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const run = await fixture.run({ timeout: '8s' });
      expect(seen(run)).toMatchObject({ verdict: 'timed-out', ok: 'false' });
      expect(run.outputs.summary).toMatch(/Rollout payments\/stepwise is paused at step 2 of 2/);
    }, options));

  it('has failed when the Rollout is Degraded past the grace time', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.beforeReadBack(() =>
        fixture.argocd.faults.healthFor('payments', 'stepwise', 'Degraded', forever),
      );
      const run = await fixture.run({ settle: '3s' });
      expect(seen(run)).toMatchObject({ verdict: 'failed', reason: 'degraded', ok: 'false' });
      expect(run.outputs.summary).toMatch(/Rollout payments\/stepwise is Degraded/);
    }, options));

  it('is live when the Rollout has been promoted', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const running = fixture.run();
      while (!JSON.stringify(fixture.argocd.application('payments').status).includes('"Suspended"'))
        await delay(50);
      fixture.argocd.rollout('payments', 'Rollout/stepwise', 'promote');
      expect(seen(await running)).toMatchObject(live);
    }, options));
});

it('one comparison that failed in words that nobody knows is no verdict', { timeout: 120_000 }, () =>
  withFixture(async (fixture) => {
    await fixture.deployed();
    const { argocd } = fixture;
    const running = fixture.run({ 'degraded-grace': '60s' });
    await fixture.committed();
    await fixture.requested('refresh=normal');
    const application = argocd.application('payments');
    const status = record(application.status);
    const time = `${new Date(Date.now() + 6000).toISOString().slice(0, 19)}Z`;
    const message = 'Failed to load target state: rpc error: code = Unknown desc = something hiccuped';
    const conditions = [{ type: 'ComparisonError', message, lastTransitionTime: time }];
    const sync = { ...record(status.sync), status: 'Unknown' };
    const body = JSON.stringify({
      ...application,
      status: { ...status, sync, conditions, reconciledAt: time },
    });
    argocd.faults.http(
      /GET \/api\/v1\/applications\/payments\?/,
      { type: 'reply', status: 200, contentType: 'application/json', body },
      1,
    );
    expect(seen(await running)).toMatchObject(live);
  }),
);
