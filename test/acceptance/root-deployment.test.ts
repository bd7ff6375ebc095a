import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { deployment, type Fixture, gitops, image, live, manifest, withFixture } from './root-setup.ts';

/** The statuses of a Deployment, oldest first. */
function statesOf({ github }: Fixture, id: string | undefined): readonly string[] {
  const found = github.repository('acme/app').deployments.get(Number(id));
  return (found?.statuses ?? []).map(({ state }) => state);
}

/** The job that plans: what the job behind the environment's rules is given. */
async function queued(fixture: Fixture, inputs: Record<string, string> = {}) {
  const run = await fixture.run({ deployment: 'queue', 'argocd-server': '', 'argocd-token': '', ...inputs });
  expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'pending' });
  const { 'deployment-id': id = '', 'plan-digest': digest = '' } = run.outputs;
  return { 'deployment-id': id, 'expect-plan': digest };
}

group.concurrent('a Deployment', { timeout: 60_000 }, () => {
  it('is queued with the plan, and nothing is written to Git', () =>
    withFixture(async (fixture) => {
      const { github } = fixture;
      const head = await github.head(gitops);
      const run = await fixture.run({ deployment: 'queue', 'argocd-server': '', 'argocd-token': '' });
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'pending', reason: 'dry-run', ok: 'unknown' });
      expect(run.outputs.changed).toBe('false');
      expect(run.summary).toContain(`+          image: ${image('1.4.2')}`);
      const { deployments } = github.repository('acme/app');
      expect([...deployments.keys()].map(String)).toEqual([run.outputs['deployment-id']]);
      expect([...deployments.values()]).toMatchObject([
        {
          ...{ task: 'deploy:payments', environment: 'production', sha: await github.head('acme/app') },
          payload: {
            ...{
              schema: 'sluice.deployment.v1',
              project: 'payments',
              environment: 'production',
              tenant: null,
            },
            images: [{ image: image('1.4.2') }],
            plan: run.outputs['plan-digest'],
            change: { files: [{ path: manifest }] },
            run: { id: 42, attempt: 1, workflow: 'deploy', repository: 'acme/app' },
            partial: false,
          },
          statuses: [{ state: 'queued', logUrl: `${github.url}/acme/app/actions/runs/42` }],
        },
      ]);
      expect(await github.head(gitops)).toBe(head);
      expect(await fixture.ours()).toEqual([]);
    }));

  it('is in_progress before the first write, success at the end, and retires its predecessor alone', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const { github } = fixture;
      const { deployments } = github.repository('acme/app');
      const before = await queued(fixture, { images: image('1.4.0') });
      const other = await queued(fixture, { project: 'orders' });
      const elsewhere = await queued(fixture, { environment: 'staging' });
      for (const { 'deployment-id': id } of [before, other, elsewhere]) {
        const old = deployments.get(Number(id));
        const [status] = old?.statuses ?? [];
        if (status !== undefined)
          old?.statuses.push({ ...status, id: status.id + 1_000_000, state: 'success' });
      }
      const approved = await queued(fixture);
      const run = await fixture.run(approved);
      expect(seen(run)).toEqual(live);
      expect(run.outputs['deployment-id']).toBe(approved['deployment-id']);
      expect(statesOf(fixture, approved['deployment-id'])).toEqual(['queued', 'in_progress', 'success']);
      expect(statesOf(fixture, before['deployment-id'])).toEqual(['queued', 'success', 'inactive']);
      expect(statesOf(fixture, other['deployment-id'])).toEqual(['queued', 'success']);
      expect(statesOf(fixture, elsewhere['deployment-id'])).toEqual(['queued', 'success']);
      const writes = github.requests.filter(
        ({ method, path }) => method === 'POST' && path.startsWith('/api/'),
      );
      const ofRun = writes.map(({ path }) => path).slice(-4);
      expect(ofRun).toEqual([
        `/api/v3/repos/acme/app/deployments/${approved['deployment-id']}/statuses`,
        '/api/graphql',
        `/api/v3/repos/acme/app/deployments/${approved['deployment-id']}/statuses`,
        `/api/v3/repos/acme/app/deployments/${before['deployment-id']}/statuses`,
      ]);
      const success = deployments.get(Number(approved['deployment-id']))?.statuses.at(-1);
      expect(success?.description).toBe(run.outputs.summary?.slice(0, 140));
    }));

  it('is success in a second run, which changes nothing', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const approved = await queued(fixture);
      await fixture.run({ verify: 'committed' });
      const run = await fixture.run(approved);
      expect(seen(run)).toEqual(live);
      expect(statesOf(fixture, approved['deployment-id'])?.at(-1)).toBe('success');
    }));

  it('is a failure where the deployment failed', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const approved = await queued(fixture);
        const run = await fixture.run(approved);
        expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed' });
        expect(statesOf(fixture, approved['deployment-id'])).toEqual(['queued', 'in_progress', 'failure']);
      },
      { badImages: [image('1.4.2')] },
    ));

  it('is a failure where the plan is stale, and was never in_progress', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const approved = await queued(fixture);
      await fixture.commit({ [manifest]: deployment('1.4.0') });
      const run = await fixture.run(approved);
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'plan-stale' });
      expect(statesOf(fixture, approved['deployment-id'])).toEqual(['queued', 'failure']);
      expect(await fixture.ours()).toEqual([]);
    }));

  it.each([
    ['Argo CD is not there', { 'argocd-server': 'http://127.0.0.1:9' }],
    ['Argo CD does not know the token', { 'argocd-token': 'nonsense' }],
    ['no application reads the change', { applications: 'nobody' }],
  ])('is an error where %s, and nothing is written', (_, inputs) =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const approved = await queued(fixture);
      const run = await fixture.run({ ...approved, ...inputs });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', ok: 'unknown' });
      expect(statesOf(fixture, approved['deployment-id'])).toEqual(['queued', 'error']);
      expect(await fixture.ours()).toEqual([]);
    }));

  it('is an error where the run is cancelled', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const approved = await queued(fixture);
      const after = fixture.requested('refresh=normal');
      const run = await fixture.run(approved, { kill: { signal: 'SIGINT', after } });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'cancelled' });
      expect(statesOf(fixture, approved['deployment-id'])).toEqual(['queued', 'in_progress', 'error']);
    }));

  it('that may not be written stops the run before it changes anything, and says which permission', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const approved = await queued(fixture);
      const mayNot = fixture.github.githubToken('acme/app', { contents: 'read', deployments: 'read' });
      const run = await fixture.run({ ...approved, 'deployment-token': mayNot });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', ok: 'unknown' });
      expect(run.outputs.summary).toContain('deployments: write');
      expect(await fixture.ours()).toEqual([]);
    }));
});
