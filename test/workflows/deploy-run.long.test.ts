import { expect, test, vi } from 'vitest';
import { deployment, image, manifest, withFixture } from '../acceptance/root-setup.ts';
import { deployments, results, ship, states } from './deploy-stage.ts';

// They run beside each other, each with two processes and a wait.
vi.setConfig({ testTimeout: 120_000 });

test.concurrent('what was planned is applied once it is approved, and the Deployment tells each step', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    const run = await ship(stage, {
      async gate(environment) {
        expect(environment).toBe('production');
        expect(deployments(stage).map(states)).toEqual([['queued']]);
        expect(await stage.text()).toBe(deployment('1.3.9'));
        // Unrelated: the plan stays what it is.
        await stage.commit({ 'docs/notes.md': 'later\n' });
        return 'approved';
      },
    });
    expect(results(run)).toEqual({ plan: 'success', apply: 'success', close: 'skipped' });
    const [made] = deployments(stage);
    expect(run).toMatchObject({
      result: 'success',
      outputs: {
        verdict: 'live',
        'commit-sha': await stage.github.head('acme/gitops'),
        'plan-digest': run.jobs.plan?.outputs['plan-digest'],
        'deployment-id': `${made?.id}`,
      },
    });
    expect(made).toMatchObject({
      task: 'deploy:payments',
      environment: 'production',
      payload: { schema: 'sluice.deployment.v1', plan: run.outputs['plan-digest'], run: { id: 42 } },
    });
    expect(states(made)).toEqual(['queued', 'in_progress', 'success']);
    expect(stage.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
  }));

test.concurrent('a field that changes before the approval makes the plan stale: red, and nothing is written', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    const run = await ship(stage, {
      async gate() {
        await stage.commit({ [manifest]: deployment('1.4.0') });
        return 'approved';
      },
    });
    expect(run).toMatchObject({ result: 'failure', outputs: { verdict: 'plan-stale', 'commit-sha': '' } });
    expect(deployments(stage).map(states)).toEqual([['queued', 'failure']]);
    expect(await stage.ours()).toEqual([]);
  }));

test.concurrent('an image that stands nowhere fails the plan: nobody is asked, and there is no Deployment', () =>
  withFixture(async (stage) => {
    const run = await ship(stage, {
      inputs: { images: 'registry.example/other:1.0.0' },
      gate: () => Promise.reject(new Error('nobody is asked')),
    });
    expect(results(run)).toEqual({ plan: 'failure', apply: 'skipped', close: 'skipped' });
    expect(run).toMatchObject({ result: 'failure', outputs: { verdict: '', 'deployment-id': '' } });
    expect(deployments(stage)).toEqual([]);
  }));

test.concurrent('a wrong input fails the plan: nobody is asked', () =>
  withFixture(async (stage) => {
    const gate = () => Promise.reject(new Error('nobody is asked'));
    const run = await ship(stage, { inputs: { timeout: '90' }, gate });
    expect(results(run)).toEqual({ plan: 'failure', apply: 'skipped', close: 'skipped' });
  }));

test.concurrent('a secret that is not set fails the approved job, and closes the Deployment', () =>
  withFixture(async (stage) => {
    const run = await ship(stage, { secrets: { 'argocd-token': '' } });
    expect(results(run)).toEqual({ plan: 'success', apply: 'failure', close: 'failure' });
    expect(run.outputs.summary).toContain('argocd-token');
    expect(deployments(stage).map(states)).toEqual([['queued', 'inactive']]);
  }));

test.concurrent.each([
  ['plan-digest', [['queued', 'inactive']]],
  ['deployment-id', [['queued']]],
])('an approved plan whose %s did not arrive is not applied', (dropped, deployed) =>
  withFixture(async (stage) => {
    const run = await ship(stage, { dropped });
    expect(results(run)).toMatchObject({ plan: 'success', apply: 'failure' });
    expect(run.jobs.apply?.outputs).toMatchObject({ verdict: 'unknown', reason: 'invalid-input' });
    expect(await stage.ours()).toEqual([]);
    expect(deployments(stage).map(states)).toEqual(deployed);
  }));

test.concurrent('with pull requests the Deployment stays pending, and nothing is claimed to be live', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    const run = await ship(stage, { inputs: { commit: 'pull-request' } });
    expect(run).toMatchObject({ result: 'success', outputs: { verdict: 'pending' } });
    expect(deployments(stage).map(states)).toEqual([['queued', 'in_progress', 'pending']]);
    expect(await stage.text()).toBe(deployment('1.3.9'));
  }));

test.concurrent.each([
  ['rejected' as const, 'failure'],
  ['cancelled' as const, 'cancelled'],
])('an approval that is %s closes the Deployment, and nothing is changed', (answer, apply) =>
  withFixture(async (stage) => {
    const run = await ship(stage, { gate: async () => answer });
    expect(results(run)).toEqual({ plan: 'success', apply, close: 'failure' });
    expect(run.outputs.verdict).toBe('refused');
    const [made] = deployments(stage);
    expect(states(made)).toEqual(['queued', 'inactive']);
    expect(made?.statuses.at(-1)?.description).toMatch(/not approved/);
    expect(await stage.ours()).toEqual([]);
  }));

test.concurrent('a runner that is lost while it waits leaves a Deployment that says so', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    const run = await ship(stage, { lost: stage.committed() });
    expect(results(run)).toEqual({ plan: 'success', apply: 'failure', close: 'failure' });
    expect(run.outputs.verdict).toBe('unknown');
    expect(deployments(stage).map(states)).toEqual([['queued', 'in_progress', 'error']]);
  }));
