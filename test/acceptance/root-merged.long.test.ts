import { setTimeout as delay } from 'node:timers/promises';
import { expect, describe as group, it } from 'vitest';
import { resultOf, seen } from './argo-sync-wait-setup.ts';
import { deployment, type Fixture, folder, gitops, live, unverified, withFixture } from './root-setup.ts';

const byPullRequest = { commit: 'pull-request', 'auto-merge': 'true' };

/** Resolves when a pull request is open and was looked at. */
async function proposed({ github }: Fixture, repository = gitops): Promise<void> {
  const looked = `GET /api/v3/repos/${repository}/pulls/1`;
  while (!github.requests.some(({ method, path }) => `${method} ${path}` === looked)) await delay(50);
}

/** Like a repository whose rules ask for a review before GitHub merges by itself. */
function guarded({ github }: Fixture): void {
  const repository = github.repository(gitops);
  repository.allowsAutoMerge = true;
  repository.gates.add('main');
}

group.concurrent('a pull request that somebody merges', { timeout: 120_000 }, () => {
  it('is waited for where auto-merge is on, and then what was merged until it is live: one step', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      guarded(fixture);
      const running = fixture.run(byPullRequest);
      await proposed(fixture);
      const sha = await fixture.github.mergePullRequest(gitops, 1, 'alice', 'squash');
      const run = await running;
      expect(seen(run)).toEqual(live);
      expect(run.outputs).toMatchObject({ 'commit-sha': sha, 'pull-request-number': '1', revision: sha });
    }));

  it('is not waited for where nobody asked: it is pending at once', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const run = await fixture.run({ commit: 'pull-request' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'pending', ok: 'unknown' });
      const looks = fixture.github.requests.filter(({ path }) => path.endsWith('/pulls/1'));
      expect(looks).toEqual([]);
    }));

  it('is not waited for where auto-merge could not be switched on: nobody would merge it', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.github.repository(gitops).gates.add('main');
      const run = await fixture.run(byPullRequest);
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'pending', ok: 'unknown' });
    }));

  it('is waited for as long as `merge-timeout` says, whoever merges it', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const running = fixture.run({ commit: 'pull-request', 'merge-timeout': '40s' });
      await proposed(fixture);
      await fixture.github.mergePullRequest(gitops, 1);
      expect(seen(await running)).toEqual(live);
    }));

  it('is pending where it is not merged in time and what is live was asked for', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      guarded(fixture);
      const run = await fixture.run({ ...byPullRequest, 'merge-timeout': '2s' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'pending', ok: 'unknown' });
      expect(run.summary).toContain('was not merged within 2 s');
    }));
});

group.concurrent('pull requests in two repositories', { timeout: 120_000 }, () => {
  const web = 'acme/gitops-web';
  const annotated = (name: string, url: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
  annotations: { sluice.dev/project: payments, sluice.dev/environment: production }
spec:
  project: default
  destination: { server: https://kubernetes.default.svc, namespace: default }
  source: { repoURL: ${url}, path: ${folder}, targetRevision: main }
`;

  const prepare = async ({ github, commit }: Fixture) => {
    await github.createRepository(web, { [`${folder}/deployment.yaml`]: deployment('1.3.9') });
    await commit({
      'argocd/api.yaml': annotated('api', `${github.url}/${gitops}.git`),
      'argocd/web.yaml': annotated('web', `${github.url}/${web}.git`),
    });
    return github.createToken({ permissions: { contents: 'write', pull_requests: 'write' } });
  };
  const both = {
    ...unverified,
    ...{ verify: 'merged', commit: 'pull-request', 'applications-from': 'git', path: 'argocd' },
    'merge-timeout': '40s',
  };

  it('are merged when each is', () =>
    withFixture(async (fixture) => {
      const token = await prepare(fixture);
      const running = fixture.run({ ...both, token });
      for (const one of [gitops, web]) {
        await proposed(fixture, one);
        await fixture.github.mergePullRequest(one, 1);
      }
      const run = await running;
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'merged', ok: 'true', reason: 'merged' });
      const heads = await Promise.all([gitops, web].map((one) => fixture.github.head(one)));
      expect(run.outputs['commit-sha']?.split('\n')).toEqual(heads);
    }));

  it('have failed when one of them is closed: nothing is waited for that cannot come', () =>
    withFixture(async (fixture) => {
      const token = await prepare(fixture);
      const running = fixture.run({ ...both, token });
      await proposed(fixture, web);
      Object.assign(fixture.github.repository(web).pulls.get(1) ?? {}, { state: 'closed', closedAt: 1 });
      const run = await running;
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', reason: 'pull-request-closed' });
      expect(run.outputs.summary).toContain(`#1 of ${web}`);
      expect(resultOf(run).repositories).toHaveLength(2);
    }));
});
