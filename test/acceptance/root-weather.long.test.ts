import { setTimeout as delay } from 'node:timers/promises';
import { secondaryLimit } from '@sluice/testbed/github/faults';
import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { type Fixture, gitops, image, live, withFixture } from './root-setup.ts';

const mutation = { method: 'POST', path: /graphql/ };
const refs = { path: /gitops\.git\/info\/refs/ };
const application = /^GET \/api\/v1\/applications\/payments/;

/** Live, with one commit that is ours, whatever went wrong on the way. */
async function expectLive(fixture: Fixture, inputs: Record<string, string> = {}): Promise<void> {
  const run = await fixture.run(inputs);
  expect(seen(run)).toEqual(live);
  expect(run.outputs).toMatchObject({ changed: 'true', 'commit-sha': await fixture.github.head(gitops) });
  expect(await fixture.ours()).toHaveLength(1);
  expect(fixture.github.faults.clear()).toBe(false);
}

group.concurrent('GitHub fails', { timeout: 120_000 }, () => {
  it('before the commit, with 502, 503, and 403 with retry-after: tried again, and waited for', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const { faults } = fixture.github;
      faults.push({ ...refs, status: 503 }, { ...mutation, status: 502 }, secondaryLimit(mutation.path, 1));
      await expectLive(fixture);
    }));

  it('after the commit landed, so that its answer is lost: found, and not committed twice', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const { faults } = fixture.github;
      faults.push({ ...mutation, cut: 'after-effect' });
      await expectLive(fixture);
    }));

  it('after the commit landed, when the branch is read back: tried again', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const { faults } = fixture.github;
      const ill = () => faults.push({ ...refs, status: 502 }, { ...refs, cut: 'before-effect' });
      faults.push({ ...mutation, run: ill });
      await expectLive(fixture);
    }));

  it('after the commit landed, for good: no success, one sentence; the next run is live without another commit', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const { faults } = fixture.github;
      faults.push({ ...mutation, run: () => faults.push({ ...refs, status: 502, times: 1000 }) });
      const first = await fixture.run();
      expect(seen(first)).toEqual({
        exitCode: 1,
        verdict: 'unknown',
        reason: 'git-unreachable',
        ok: 'unknown',
      });
      expect(first.annotations).toHaveLength(1);
      faults.clear();
      const second = await fixture.run({}, { env: { GITHUB_RUN_ATTEMPT: '2' } });
      expect(seen(second)).toEqual(live);
      expect(second.outputs.changed).toBe('false');
      expect(await fixture.ours()).toHaveLength(1);
    }));
});

group.concurrent('Argo CD fails while we wait', { timeout: 120_000 }, () => {
  it('with 503, pages of an ingress, cut connections, and what is behind it away: the wait goes on', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const { faults } = fixture.argocd;
      faults.neverSync('payments');
      const run = fixture.run();
      await fixture.committed();
      faults.http(application, { type: 'cut', when: 'in-body' }, 2);
      faults.http(application, { type: 'cut', when: 'before-headers' });
      faults.http(application, { type: 'reply', status: 503, body: '<html>', contentType: 'text/html' }, 2);
      faults.kubernetesDown(true);
      faults.repoServerDown(true);
      await fixture.requested('can-i');
      faults.kubernetesDown(false);
      faults.repoServerDown(false);
      await fixture.release();
      expect(seen(await run)).toEqual(live);
    }));

  it('for good: unknown, with why, and never live', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const running = fixture.run({ timeout: '6s' });
      await fixture.committed();
      fixture.argocd.faults.http(application, { type: 'reply', status: 503, body: 'upstream is away' }, 1000);
      const run = await running;
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', ok: 'unknown' });
      expect(run.outputs.summary).toContain('upstream is away');
      expect(run.outputs).toMatchObject({ changed: 'true', 'commit-sha': await fixture.github.head(gitops) });
    }));

  it('its token expires: unknown, and which token', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const running = fixture.run();
      await fixture.requested('refresh=normal');
      fixture.argocd.faults.expireToken(fixture.argocdToken);
      const run = await running;
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'could-not-ask', ok: 'unknown' });
      expect(run.outputs.summary).toContain('does not accept argocd-token');
      expect(run.outputs.changed).toBe('true');
    }));
});

group.concurrent('an App', { timeout: 120_000 }, () => {
  const options = { owner: 'acme', repositories: [gitops], permissions: { contents: 'write' } } as const;

  it('gets a new token when one expires while we wait', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        fixture.argocd.faults.neverSync('payments');
        const app = fixture.github.createApp(options);
        const login = { token: '', 'app-id': String(app.id), 'app-private-key': app.privateKey };
        const running = fixture.run(login);
        await fixture.committed();
        await delay(5000);
        // At a commit that it has not seen yet, it must ask Git again, and the first token is no good any more.
        const later = await fixture.commit({ 'apps/other/notes.yaml': 'a: 1\n' });
        await fixture.release();
        const run = await running;
        expect(seen(run)).toEqual(live);
        expect(run.outputs.revision).toBe(later);
        const { requests } = fixture.github;
        const minted = requests.filter(({ path }) => path.endsWith('/access_tokens'));
        expect(minted.length).toBeGreaterThan(1);
        expect(requests.filter(({ status, token }) => status === 401 && token !== '-')).toEqual([]);
        expect(run.log.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/ghs_|PRIVATE KEY/);
        expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
      },
      { github: { installationTokenTtl: 5000 } },
    ));

  it('that is not installed on the repository is told so, and nothing is written', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const app = fixture.github.createApp({ ...options, repositories: ['acme/app'] });
      const login = { token: '', 'app-id': String(app.id), 'app-private-key': app.privateKey };
      const run = await fixture.run(login);
      expect(seen(run)).toEqual({
        exitCode: 1,
        verdict: 'unknown',
        reason: 'app-not-installed',
        ok: 'unknown',
      });
      expect(run.outputs.summary).toContain(gitops);
      expect(await fixture.ours()).toEqual([]);
    }));
});
