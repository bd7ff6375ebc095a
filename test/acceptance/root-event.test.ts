import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import {
  type Fixture,
  gitops,
  image,
  live,
  manifest,
  deployment as version,
  withFixture,
} from './root-setup.ts';

const statesOf = ({ github }: Fixture, id: string): readonly string[] =>
  (github.repository('acme/app').deployments.get(Number(id))?.statuses ?? []).map(({ state }) => state);

/** Plans, and commits with `mode: event`; resolves with the Deployment. */
async function begun(fixture: Fixture, inputs: Record<string, string> = {}): Promise<string> {
  const none = { 'argocd-server': '', 'argocd-token': '' };
  const planned = await fixture.run({ ...none, mode: 'event', deployment: 'queue', ...inputs });
  const { 'deployment-id': id = '', 'plan-digest': digest = '' } = planned.outputs;
  const run = await fixture.run({
    ...{ ...none, mode: 'event', 'deployment-id': id, 'expect-plan': digest },
    ...inputs,
  });
  expect(seen(run)).toMatchObject({ exitCode: 0, ok: 'unknown', reason: 'awaits-notification' });
  return id;
}

/** A run of the GitOps repository, on a commit status there. */
const woken = (fixture: Fixture, commit: string, inputs: Record<string, string> = {}) =>
  fixture.run(
    {
      ...{ images: '', path: '.', project: '', environment: '', deployment: 'verify' },
      ...{ 'deployment-repositories': 'acme/app', timeout: '20s' },
      'deployment-token': fixture.github.createToken({
        repositories: ['acme/app'],
        permissions: { deployments: 'write' },
      }),
      ...inputs,
    },
    {
      env: { GITHUB_REPOSITORY: gitops, GITHUB_EVENT_NAME: 'status', GITHUB_RUN_ID: '77' },
      event: { id: 1, sha: commit, state: 'success', context: 'argocd/payments', sender: { login: 'x' } },
    },
  );

group.concurrent('a deployment that ends by an event', { timeout: 120_000 }, () => {
  it('is in_progress after the commit, and the run that a notification wakes sees it live', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const id = await begun(fixture);
      expect(statesOf(fixture, id)).toEqual(['queued', 'in_progress', 'in_progress']);
      const run = await woken(fixture, await fixture.github.head(gitops));
      expect(seen(run)).toEqual(live);
      expect(run.outputs['deployment-id']).toBe(id);
      expect(statesOf(fixture, id).at(-1)).toBe('success');
      const last = fixture.github.repository('acme/app').deployments.get(Number(id))?.statuses.at(-1);
      expect(last?.logUrl).toBe(`${fixture.github.url}/${gitops}/actions/runs/77`);
    }));

  it('is left alone by a notification about a commit that does not hold it', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const before = await fixture.github.head(gitops);
      const id = await begun(fixture);
      const run = await woken(fixture, before);
      expect(seen(run)).toMatchObject({
        exitCode: 0,
        verdict: 'pending',
        ok: 'unknown',
        reason: 'nothing-open',
      });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
    }));

  it('is a failure where it failed', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const id = await begun(fixture);
        const run = await woken(fixture, await fixture.github.head(gitops));
        expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', ok: 'false' });
        expect(statesOf(fixture, id).at(-1)).toBe('failure');
      },
      { badImages: [image('1.4.2')] },
    ));

  it('is a failure where somebody overwrote it meanwhile: a sweep says who, whatever notification was lost', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const id = await begun(fixture);
      await fixture.commit({ [manifest]: version('1.3.9') }, { author: 'bob' });
      const run = await woken(fixture, '', { deployment: 'sweep', 'sweep-after': '0s' });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'drifted' });
      expect(run.outputs.summary).toContain('bob');
      expect(statesOf(fixture, id).at(-1)).toBe('failure');
    }));

  it('is left for the next look where it is not live yet, and an error when that has taken too long', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const id = await begun(fixture);
      const sweep = { deployment: 'sweep', 'sweep-after': '0s', timeout: '4s' };
      const first = await woken(fixture, '', sweep);
      expect(seen(first)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
      const last = await woken(fixture, '', { ...sweep, 'give-up-after': '1s' });
      expect(seen(last)).toMatchObject({ exitCode: 1, verdict: 'unknown', ok: 'unknown', reason: 'gave-up' });
      expect(statesOf(fixture, id).at(-1)).toBe('error');
    }));

  it('that was begun a moment ago is no matter of a sweep', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      await begun(fixture);
      const run = await woken(fixture, '', { deployment: 'sweep' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'pending', reason: 'nothing-open' });
    }));

  it('by a pull request waits for its merge, and then for what is live', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const id = await begun(fixture, { commit: 'pull-request' });
      const sweep = { deployment: 'sweep', 'sweep-after': '0s' };
      const open = await woken(fixture, '', sweep);
      expect(seen(open)).toMatchObject({ exitCode: 0, verdict: 'pending', reason: 'not-on-branch' });
      const merge = await fixture.github.mergePullRequest(gitops, 1, 'alice', 'squash');
      await fixture.argocd.poll('payments');
      expect(seen(await woken(fixture, merge))).toEqual(live);
      expect(statesOf(fixture, id).at(-1)).toBe('success');
    }));
});
