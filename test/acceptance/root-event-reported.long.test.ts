import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { begun, blind, notify, statesOf, woken } from './root-event-setup.ts';
import { folder, gitops, image, manifest, deployment as version, withFixture } from './root-setup.ts';

const sweep = { deployment: 'sweep', 'sweep-after': '0s' };
const schedule = { name: 'schedule', event: {} };

/** An hour of health, years ago. */
const longAgo = { at: '2020-01-01T01:00:00Z', healthSince: '2020-01-01T00:00:00Z' };

group.concurrent('where Argo CD cannot be read, a notification', { timeout: 120_000 }, () => {
  it.each([
    ['of another App', {}, {}, 'mallory', 'not-the-notifier'],
    ['that is to be no evidence', {}, { 'require-evidence': 'observed' }, 'finpay-argocd', 'not-reported'],
    ['of the old image', { images: [image('1.3.9')] }, {}, 'finpay-argocd', 'not-reported'],
    ['of another environment', { path: 'apps/payments/staging' }, {}, 'finpay-argocd', 'not-reported'],
    ['from before the deployment', longAgo, {}, 'finpay-argocd', 'not-reported'],
    ['of a commit that nobody has', { revision: 'f'.repeat(40) }, {}, 'finpay-argocd', 'could-not-ask'],
    ['of fewer applications than expected', {}, { expect: '2' }, 'finpay-argocd', 'not-reported'],
  ])('%s ends nothing', (_, more, inputs, app, reason) =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      const commit = await fixture.github.head(gitops);
      notify(fixture, commit, more, app);
      const run = await woken(fixture, commit, { ...blind, ...inputs });
      expect(seen(run)).toMatchObject({ exitCode: 1, reason });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
    }));

  it('of what somebody has overwritten since tells of a moment that is over', () =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      const commit = await fixture.github.head(gitops);
      notify(fixture, commit);
      await fixture.commit({ [manifest]: version('1.3.9') }, { author: 'bob' });
      const run = await woken(fixture, commit, blind);
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'drifted', ok: 'false', reason: 'overwritten' });
      expect(run.outputs.summary).toContain('bob');
      expect(statesOf(fixture, id).at(-1)).toBe('failure');
    }));

  it('about the same version, from before the commit that was planned on, ends nothing', () =>
    withFixture(async (fixture) => {
      const first = await fixture.commit({ [manifest]: version('1.4.2') });
      await fixture.commit({ [manifest]: version('1.3.9') });
      const id = await begun(fixture);
      notify(fixture, first);
      const run = await woken(fixture, first, blind);
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'not-reported' });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
    }));

  it('of one application is not the last word where the next commit has a newer one', () =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      const commit = await fixture.github.head(gitops);
      notify(fixture, commit);
      const next = await fixture.commit({ 'other/x.yaml': 'a: 1\n' });
      const at = new Date(Date.now() + 5000);
      notify(fixture, next, { health: 'Degraded', phase: 'Failed', at });
      const run = await woken(fixture, commit, blind);
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', ok: 'false', reason: 'reported' });
      expect(statesOf(fixture, id).at(-1)).toBe('failure');
    }));

  it('is found by a sweep after somebody else’s commit, and where the manifest has got another name', () =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      notify(fixture, await fixture.github.head(gitops));
      await fixture.commit({ 'other/x.yaml': 'a: 1\n' });
      await fixture.commit({ [manifest]: '# moved\n', [`${folder}/web.yaml`]: version('1.4.2') });
      const run = await woken(fixture, '', { ...blind, ...sweep }, schedule);
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(statesOf(fixture, id).at(-1)).toBe('success');
    }));

  it('that never came hides from no sweep what was overwritten', () =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      await fixture.commit({ [manifest]: version('1.3.9') }, { author: 'bob' });
      const run = await woken(fixture, '', { ...blind, ...sweep }, schedule);
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'drifted', reason: 'overwritten' });
      expect(statesOf(fixture, id).at(-1)).toBe('failure');
    }));

  it('that comes while Git is away leaves it unknown, and says so', () =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      const commit = await fixture.github.head(gitops);
      fixture.github.faults.push({ path: /gitops\.git/, times: 1000, status: 503 });
      const run = await woken(fixture, commit, blind);
      fixture.github.faults.clear();
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'could-not-ask' });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
    }));

  it.each([
    ['by the configured user', '@finpay-argocd', 'finpay-argocd', 'success'],
    ['by the configured App', 'finpay-argocd', 'finpay-argocd[bot]', 'success'],
    ['by a user with the name of the App', 'finpay-argocd', 'finpay-argocd', 'in_progress'],
    ['by somebody else', '@finpay-argocd', 'mallory', 'in_progress'],
  ])('by repository_dispatch, sent %s', (_, notifier, sender, state) =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      const commit = await fixture.github.head(gitops);
      notify(fixture, commit);
      const report = JSON.parse(fixture.github.repository(gitops).checkRuns[0]?.text ?? '');
      const event = { action: 'argocd-app-state', sender: { login: sender }, client_payload: { report } };
      await woken(fixture, commit, { ...blind, notifier }, { name: 'repository_dispatch', event });
      expect(statesOf(fixture, id).at(-1)).toBe(state);
    }));
});

group.concurrent('the next step of a pipeline', { timeout: 120_000 }, () => {
  it('is started by workflow_dispatch in the repository of the Deployment', () =>
    withFixture(async (fixture) => {
      const app = fixture.github.repository('acme/app');
      app.workflows.set('promote.yml', ['deployment-id']);
      const id = await begun(fixture);
      const commit = await fixture.github.head(gitops);
      notify(fixture, commit);
      const token = fixture.github.createToken({
        repositories: ['acme/app'],
        permissions: { deployments: 'write', actions: 'write' },
      });
      const run = await woken(fixture, commit, {
        ...{ ...blind, 'next-workflow': 'promote.yml', 'deployment-token': token },
      });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(app.dispatches).toMatchObject([
        { workflow: 'promote.yml', ref: 'main', inputs: { 'deployment-id': id } },
      ]);
    }));

  it('that cannot be started is a warning, and the verdict stands', () =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      const commit = await fixture.github.head(gitops);
      notify(fixture, commit);
      const run = await woken(fixture, commit, { ...blind, 'next-workflow': 'promote.yml' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(run.summary).toContain('promote.yml of acme/app was not started');
      expect(run.summary).toContain('actions: write');
      expect(statesOf(fixture, id).at(-1)).toBe('success');
    }));
});
