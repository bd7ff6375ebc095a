// The other actions log in as argo-sync-wait does.
import { fileURLToPath } from 'node:url';
import { startRunIdentity } from '@sluice/testbed/dex/run-identity';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { expect, test } from 'vitest';
import * as root from './root-setup.ts';

const bump = fileURLToPath(new URL('../../actions/image-tag-bump', import.meta.url));
const annotations = { 'sluice.dev/project': 'payments', 'sluice.dev/environment': 'production' };
const fromArgoCD = { 'applications-from': 'argocd', path: '', repository: '', branch: '' };
const password = 'correct horse battery';

async function started() {
  const identity = await startRunIdentity();
  const login = {
    dex: { trusts: identity, rights: { actions: ['get', 'sync'] } },
    users: { ci: { password, rights: { actions: ['get'] } } },
  } as const;
  const fixture = await root.startFixture({ login });
  await fixture.deployed({ annotations });
  return {
    ...{ identity, fixture },
    async [Symbol.asyncDispose]() {
      await fixture[Symbol.asyncDispose]();
      await identity.close();
      expect(identity.violations).toEqual([]);
    },
  };
}

test('the one step finds Applications and watches them with one exchange of the identity of the run', async () => {
  await using stage = await started();
  const { fixture, identity } = stage;
  const run = await fixture.run(
    { ...fromArgoCD, 'argocd-token': '', 'argocd-oidc': 'true' },
    { env: identity.env },
  );
  expect(run.outputs).toMatchObject({ verdict: 'live', ok: 'true' });
  expect(fixture.argocd.logins.tokens).toHaveLength(1);
});

test('the one step writes nothing where nobody logs it in', async () => {
  await using stage = await started();
  const { fixture } = stage;
  const run = await fixture.run({ 'argocd-token': '', 'argocd-oidc': 'true' });
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ verdict: 'unknown', reason: 'argocd-login' });
  expect(run.outputs.summary).toContain('argocd-oidc needs the identity of this run');
  expect(await fixture.ours()).toEqual([]);
});

test('image-tag-bump finds Applications with user and password', async () => {
  await using stage = await started();
  const { fixture } = stage;
  const run = await runBundle({
    action: bump,
    env: jobEnvironment(fixture.github, 'acme/app', { GITHUB_RUN_ID: '42' }),
    inputs: {
      ...root.payments,
      ...fromArgoCD,
      ...{ 'argocd-server': fixture.argocd.url, 'argocd-username': 'ci', 'argocd-password': password },
      token: fixture.token,
    },
  });
  expect(run.outputs).toMatchObject({ verdict: 'updated' });
  expect(fixture.argocd.logins.tokens).toHaveLength(1);
  expect(run.stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain(password);
});
