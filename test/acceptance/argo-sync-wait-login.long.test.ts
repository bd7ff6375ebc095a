import type { LoginOptions } from '@sluice/testbed/argocd/logins';
import { type RunIdentity, startRunIdentity } from '@sluice/testbed/dex/run-identity';
import type { RunResult } from '@sluice/testbed/runner';
import { afterAll, beforeAll, expect, describe as group, it, onTestFinished } from 'vitest';
import { type Fixture, seen, startFixture } from './argo-sync-wait-setup.ts';

const live = { exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' };
const noToken = { 'argocd-token': '' };
const oidc = { ...noToken, 'argocd-oidc': 'true' };
const user = { ...noToken, 'argocd-username': 'ci', 'argocd-password': 'correct horse' };
const users = { ci: { password: 'correct horse', rights: { actions: ['get'] } } } as const;

/** Whatever a run wrote, but for what tells the runner to mask. */
const written = (run: RunResult): string =>
  [run.stdout.replace(/^::add-mask::.*$/gm, ''), run.stderr, run.summary, JSON.stringify(run.outputs)].join(
    '\n',
  );

let identity: RunIdentity;
beforeAll(async () => {
  identity = await startRunIdentity();
});
afterAll(async () => {
  await identity.close();
  expect(identity.violations).toEqual([]);
});

async function started(
  login: LoginOptions,
  options: Parameters<typeof startFixture>[0] = {},
): Promise<Fixture> {
  const fixture = await startFixture({ login, ...options });
  onTestFinished(() => fixture[Symbol.asyncDispose]());
  await fixture.deployed();
  return fixture;
}

const dexOf = (more: Partial<NonNullable<LoginOptions['dex']>> = {}): LoginOptions => ({
  dex: { trusts: identity, rights: { actions: ['get'] }, ...more },
});

const asked = (fixture: Fixture, path: string) =>
  fixture.argocd.requests.filter((request) => request.path.endsWith(path)).length;

group.concurrent('logs in', { timeout: 60_000 }, () => {
  it('with the identity of the run: one exchange, for this Argo CD alone, and no secret is shown', async () => {
    const fixture = await started(dexOf(), { basePath: '/argocd' });
    const change = JSON.stringify(await fixture.change());
    const run = await fixture.run({ change, ...oidc }, { env: identity.env });
    expect(seen(run)).toEqual(live);
    expect(asked(fixture, '/argocd/api/dex/token')).toBe(1);
    expect(identity.audiences).toContain(fixture.argocd.url);
    for (const secret of [...identity.secrets, ...fixture.argocd.logins.tokens])
      expect(written(run)).not.toContain(secret);
  });

  it('with user and password: one session, and no secret is shown', async () => {
    const fixture = await started({ users });
    const change = JSON.stringify(await fixture.change());
    const run = await fixture.run({ change, ...user });
    expect(seen(run)).toEqual(live);
    expect(asked(fixture, '/api/v1/session')).toBe(1);
    expect(written(run)).not.toContain('correct horse');
    for (const token of fixture.argocd.logins.tokens) expect(written(run)).not.toContain(token);
  });
});
