import type { DeploymentState } from '@sluice/testbed/github/types';
import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import {
  deployment,
  type Fixture,
  gitops,
  image,
  live,
  manifest,
  unverified,
  withFixture,
} from './root-setup.ts';

/** The statuses of a Deployment, oldest first. */
function statesOf({ github }: Fixture, id: string | undefined): readonly string[] {
  const found = github.repository('acme/app').deployments.get(Number(id));
  return (found?.statuses ?? []).map(({ state }) => state);
}

/** A Deployment that an earlier job has made; resolves with its id. */
async function existing(
  fixture: Fixture,
  state: DeploymentState,
  key: Record<string, string> = {},
): Promise<string> {
  const { github } = fixture;
  const id = 100 + github.repository('acme/app').deployments.size;
  const { project = 'payments', environment = 'production', tenant = null } = key;
  const about = { environment, creator: 'github-actions[bot]', createdAt: 0, description: '' };
  const sha = await github.head('acme/app');
  github.repository('acme/app').deployments.set(id, {
    ...{
      ...about,
      id,
      sha,
      ref: sha,
      task: `deploy:${project}`,
      transient: false,
      production: false,
      updatedAt: 0,
    },
    payload: { schema: 'sluice.deployment.v1', project, environment, tenant },
    statuses: [{ ...about, id: id + 100, state, environmentUrl: '', logUrl: '' }],
  });
  return String(id);
}

group.concurrent('a Deployment', { timeout: 120_000 }, () => {
  it('is queued with the plan, and nothing is written to Git', () =>
    withFixture(async (fixture) => {
      const { github } = fixture;
      const head = await github.head(gitops);
      const run = await fixture.run({ ...unverified, verify: 'healthy', deployment: 'queue' });
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
      const before = await existing(fixture, 'success');
      const other = await existing(fixture, 'success', { project: 'orders' });
      const elsewhere = await existing(fixture, 'success', { environment: 'staging' });
      const tenant = await existing(fixture, 'success', { tenant: 'eu' });
      const planned = await fixture.run({ ...unverified, verify: 'healthy', deployment: 'queue' });
      const { 'deployment-id': id = '', 'plan-digest': digest = '' } = planned.outputs;
      const run = await fixture.run({ 'deployment-id': id, 'expect-plan': digest });
      expect(seen(run)).toEqual(live);
      expect(run.outputs['deployment-id']).toBe(id);
      expect(statesOf(fixture, id)).toEqual(['queued', 'in_progress', 'success']);
      expect(statesOf(fixture, before)).toEqual(['success', 'inactive']);
      for (const one of [other, elsewhere, tenant]) expect(statesOf(fixture, one)).toEqual(['success']);
      const writes = github.requests.filter(
        ({ method, path }) => method === 'POST' && path.startsWith('/api/'),
      );
      const statuses = (of: string) => `/api/v3/repos/acme/app/deployments/${of}/statuses`;
      expect(writes.map(({ path }) => path).slice(-4)).toEqual([
        ...[statuses(id), '/api/graphql', statuses(id), statuses(before)],
      ]);
      const last = github.repository('acme/app').deployments.get(Number(id))?.statuses.at(-1);
      expect(last?.description).toBe(run.outputs.summary);
    }));

  it('is success also where nothing was left to change', () =>
    withFixture(async (fixture) => {
      await fixture.commit({ [manifest]: deployment('1.4.2') });
      await fixture.deployed();
      const id = await existing(fixture, 'queued');
      const run = await fixture.run({ 'deployment-id': id });
      expect(seen(run)).toEqual(live);
      expect(statesOf(fixture, id).at(-1)).toBe('success');
    }));

  it('is a failure where the deployment failed', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const id = await existing(fixture, 'queued');
        const run = await fixture.run({ 'deployment-id': id });
        expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed' });
        expect(statesOf(fixture, id)).toEqual(['queued', 'in_progress', 'failure']);
      },
      { badImages: [image('1.4.2')] },
    ));

  it('is a failure where the plan is stale, and was never in_progress', () =>
    withFixture(async (fixture) => {
      const id = await existing(fixture, 'queued');
      const run = await fixture.run({ 'deployment-id': id, 'expect-plan': `sha256:${'0'.repeat(64)}` });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'plan-stale' });
      expect(statesOf(fixture, id)).toEqual(['queued', 'failure']);
      expect(await fixture.ours()).toEqual([]);
    }));

  it.each([
    ['Argo CD does not know the token', { 'argocd-token': 'nonsense' }],
    ['no application reads the change', { applications: 'nobody' }],
  ])('is an error where %s, and nothing is written', (_, inputs) =>
    withFixture(async (fixture) => {
      const id = await existing(fixture, 'queued');
      const run = await fixture.run({ 'deployment-id': id, ...inputs });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', ok: 'unknown' });
      expect(statesOf(fixture, id)).toEqual(['queued', 'error']);
      expect(await fixture.ours()).toEqual([]);
    }));

  it('is an error where the run is cancelled', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const id = await existing(fixture, 'queued');
      const after = fixture.requested('refresh=normal');
      const run = await fixture.run({ 'deployment-id': id }, { kill: { signal: 'SIGINT', after } });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'cancelled' });
      expect(statesOf(fixture, id)).toEqual(['queued', 'in_progress', 'error']);
    }));

  it('that may not be written stops the run before it changes anything, and says which permission', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const id = await existing(fixture, 'queued');
      const mayNot = fixture.github.githubToken('acme/app', { contents: 'read', deployments: 'read' });
      const run = await fixture.run({ 'deployment-id': id, 'deployment-token': mayNot });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', ok: 'unknown' });
      expect(run.outputs.summary).toContain('deployments: write');
      expect(await fixture.ours()).toEqual([]);
    }));
});
