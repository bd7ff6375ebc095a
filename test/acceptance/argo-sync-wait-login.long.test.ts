import type { LoginOptions } from '@sluice/testbed/argocd/logins';
import { startLoginProxy } from '@sluice/testbed/dex/login-proxy';
import { type RunIdentity, startRunIdentity } from '@sluice/testbed/dex/run-identity';
import type { RunResult } from '@sluice/testbed/runner';
import { afterAll, beforeAll, expect, describe as group, it } from 'vitest';
import { type Fixture, runAlone, seen, startFixture } from './argo-sync-wait-setup.ts';

const live = { exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' };
const unknown = { exitCode: 1, verdict: 'unknown', ok: 'unknown' };
const noToken = { 'argocd-token': '' };
const oidc = { ...noToken, 'argocd-oidc': 'true' };
const password = 'correct horse battery';
const user = { ...noToken, 'argocd-username': 'ci', 'argocd-password': password };
const day = 86_400_000;

/** Whatever a run wrote, but for what tells the runner to mask. */
const written = ({ stdout, stderr, summary, outputs }: RunResult): string =>
  [stdout.replace(/^::add-mask::.*$/gm, ''), stderr, summary, JSON.stringify(outputs)].join('\n');

let identity: RunIdentity;
beforeAll(async () => {
  identity = await startRunIdentity();
});
afterAll(async () => {
  await identity.close();
  expect(identity.violations).toEqual([]);
});

/** A fixture with the application and the change that it waits for. */
async function started(
  login: LoginOptions,
  options: Parameters<typeof startFixture>[0] = {},
): Promise<Fixture & { readonly given: string }> {
  const fixture = await startFixture({ login, ...options });
  await fixture.deployed();
  return {
    ...fixture,
    given: JSON.stringify(await fixture.change()),
    // Several runs share two cores here, and none of these is about the time that it takes.
    run: (inputs, more) => fixture.run({ timeout: '60s', ...inputs }, { timeout: 80_000, ...more }),
  };
}

const dexOf = (more: Partial<NonNullable<LoginOptions['dex']>> = {}): LoginOptions => ({
  dex: { trusts: identity, rights: { actions: ['get'] }, ...more },
});
const usersOf = (lifetimeMs = day): LoginOptions => ({
  users: { ci: { password, lifetimeMs, rights: { actions: ['get'] } } },
});

const asked = ({ argocd }: Fixture, path: string) =>
  argocd.requests.filter((request) => request.path.endsWith(path)).length;

group.concurrent('logs in', { timeout: 120_000 }, () => {
  it('with the identity of the run: one exchange, for this Argo CD alone, and no secret is shown', async () => {
    await using fixture = await started(dexOf(), { basePath: '/argocd' });
    const run = await fixture.run({ change: fixture.given, ...oidc }, { env: identity.env });
    expect(seen(run)).toEqual(live);
    expect(asked(fixture, '/argocd/api/dex/token')).toBe(1);
    expect(identity.audiences).toContain(fixture.argocd.url);
    for (const secret of [...identity.secrets, ...fixture.argocd.logins.tokens])
      expect(written(run)).not.toContain(secret);
  });

  it('with the identity again before the token expires in mid-wait', async () => {
    await using fixture = await started(dexOf({ lifetimeMs: 5000 }));
    const run = await fixture.run({ change: fixture.given, ...oidc, settle: '9s' }, { env: identity.env });
    expect(seen(run)).toEqual(live);
    expect(fixture.argocd.logins.tokens.length).toBeGreaterThan(2);
  });

  it('with the identity again where the token is revoked in mid-wait', async () => {
    await using fixture = await started(dexOf());
    const running = fixture.run({ change: fixture.given, ...oidc, settle: '6s' }, { env: identity.env });
    await fixture.requested('/managed-resources');
    fixture.argocd.faults.revokeToken(fixture.argocd.logins.tokens[0] ?? '');
    expect(seen(await running)).toEqual(live);
    expect(fixture.argocd.logins.tokens).toHaveLength(2);
  });

  it('with the identity once more as soon as Dex is back, where the token ends while it is away', async () => {
    await using fixture = await started(dexOf({ lifetimeMs: 4000 }));
    const running = fixture.run({ change: fixture.given, ...oidc, settle: '8s' }, { env: identity.env });
    await fixture.requested('/managed-resources');
    const away = { type: 'reply', status: 503, body: 'no healthy upstream' } as const;
    const back = fixture.argocd.faults.http('POST /api/dex/token', away, 1000);
    setTimeout(back, 7000);
    expect(seen(await running)).toEqual(live);
    expect(asked(fixture, '/api/dex/token')).toBeGreaterThan(fixture.argocd.logins.tokens.length);
  });

  it('with user and password: one session, and no secret is shown', async () => {
    await using fixture = await started(usersOf());
    const run = await fixture.run({ change: fixture.given, ...user });
    expect(seen(run)).toEqual(live);
    expect(asked(fixture, '/api/v1/session')).toBe(1);
    for (const secret of [password, ...fixture.argocd.logins.tokens])
      expect(written(run)).not.toContain(secret);
  });

  it('with user and password again before the session expires', async () => {
    await using fixture = await started(usersOf(5000));
    const run = await fixture.run({ change: fixture.given, ...user, settle: '9s' });
    expect(seen(run)).toEqual(live);
    expect(fixture.argocd.logins.tokens.length).toBeGreaterThan(2);
    expect(fixture.argocd.logins.failures.get('ci')).toBeUndefined();
  });

  it('with the token of a project role, and warns in the week before it expires', async () => {
    await using fixture = await started({});
    const token = fixture.argocd.token({
      ...{ name: 'proj:default:deployer', project: 'default', actions: ['get'] },
      expiresInMs: 3.5 * day,
    });
    const run = await fixture.run({ change: fixture.given, 'argocd-token': token });
    expect(seen(run)).toEqual(live);
    const warnings = run.annotations.filter(({ message }) => message.includes('expires at'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toMatch(
      /^argocd-token expires at .*, in 3 days: make a new one \(argocd proj role create-token default deployer/,
    );
  });

  it('to each of two servers by its own way', async () => {
    await using fixture = await started(dexOf());
    await using other = await startFixture({ login: usersOf() });
    await other.deployed();
    const run = await fixture.run(
      {
        change: fixture.given,
        'argocd-server': `eu=${fixture.argocd.url}\nus=${other.argocd.url}`,
        'argocd-token': `us=${other.argocd.token({ actions: ['get'] })}`,
        'argocd-oidc': 'true',
      },
      { env: identity.env },
    );
    expect(seen(run)).toEqual(live);
    expect(asked(fixture, '/api/dex/token')).toBe(1);
    expect(asked(other, '/api/dex/token')).toBe(0);
    expect(asked(other, '/api/v1/session')).toBe(0);
    expect(other.argocd.requests.length).toBeGreaterThan(0);
  });

  it('through a proxy that authenticates, which is shown its header by every request, and GitHub by none', async () => {
    await using fixture = await started(dexOf());
    const header = { name: 'X-Access-Secret', value: 'let-this-job-through' };
    await using proxy = await startLoginProxy(fixture.argocd.url, header);
    const inputs = { change: fixture.given, ...oidc, 'argocd-server': proxy.url };
    const run = await fixture.run(
      { ...inputs, 'argocd-headers': `${header.name}: ${header.value}` },
      { env: identity.env },
    );
    expect(seen(run)).toEqual(live);
    expect(proxy.turnedAway()).toBe(0);
    expect(written(run)).not.toContain(header.value);
    const without = await fixture.run(inputs, { env: identity.env });
    expect(seen(without)).toEqual({ ...unknown, reason: 'argocd-not-an-api' });
    expect(without.outputs.summary).toContain('a redirect to https://login.example/start (HTTP 302)');
    expect(written(without)).not.toContain('hush-hush');
  });
});

group.concurrent('what keeps it out is unknown, with one sentence', { timeout: 120_000 }, () => {
  it('a job that may not ask for its identity', async () => {
    await using fixture = await started(dexOf());
    const run = await fixture.run({ change: fixture.given, ...oidc });
    expect(seen(run)).toEqual({ ...unknown, reason: 'argocd-login' });
    expect(run.annotations).toHaveLength(1);
    expect(run.annotations[0]?.message).toMatch(/may not ask for it\.\s.*`permissions: id-token: write`/s);
    expect(fixture.argocd.requests).toEqual([]);
  });

  it.each([
    [
      'a connector that Dex does not know',
      { 'argocd-oidc-connector': 'github' },
      {},
      /has no connector github/,
    ],
    ['a Dex that does not exchange', {}, { grantTypes: ['authorization_code'] }, /does not exchange tokens/],
    ['a Dex that wants another audience', {}, { audience: 'https://other' }, /does not accept the identity/],
  ])('%s', async (_, inputs, dex, sentence) => {
    await using fixture = await started(dexOf(dex));
    const run = await fixture.run({ change: fixture.given, ...oidc, ...inputs }, { env: identity.env });
    expect(seen(run)).toEqual({ ...unknown, reason: 'argocd-login' });
    expect(run.outputs.summary).toMatch(sentence);
    for (const secret of identity.secrets) expect(written(run)).not.toContain(secret);
  });

  it('a wrong password, which is sent once', async () => {
    await using fixture = await started(usersOf());
    const run = await fixture.run({
      change: fixture.given,
      ...user,
      'argocd-password': 'wrong horse battery',
    });
    expect(seen(run)).toEqual({ ...unknown, reason: 'argocd-login' });
    expect(run.outputs.summary).toContain('did not log ci in: Invalid username or password');
    expect(fixture.argocd.logins.failures.get('ci')).toBe(1);
  });

  it('a token that is revoked in mid-wait', async () => {
    await using fixture = await started({});
    const token = fixture.argocd.token({ actions: ['get'] });
    const running = fixture.run({
      change: fixture.given,
      'argocd-token': token,
      settle: '6s',
      timeout: '40s',
    });
    await fixture.requested('/managed-resources');
    fixture.argocd.faults.revokeToken(token);
    const run = await running;
    expect(seen(run)).toEqual({ ...unknown, reason: 'could-not-ask' });
    expect(run.outputs.summary).toMatch(/does not accept argocd-token: .*does not have token with id/);
    expect(written(run)).not.toContain(token);
  });

  it('a right that the subject of the run lacks: it is named, and who lacks it', async () => {
    await using fixture = await started(dexOf());
    await fixture.argocd.updateSpec('payments', ({ syncPolicy: _, ...spec }) => spec);
    const run = await fixture.run(
      { change: fixture.given, ...oidc, sync: 'when-manual' },
      { env: identity.env },
    );
    expect(run.outputs).toMatchObject({ verdict: 'unknown', reason: 'sync-forbidden' });
    expect(written(run)).toContain(
      'the token that its Dex gave for this run lacks the permission `applications, sync, default/payments`',
    );
  });

  it('every wrong input of the login is told at once, and no secret', async () => {
    const run = await runAlone({
      'argocd-server': 'eu=https://eu.example\nus=https://us.example',
      'argocd-token': 'asia=secret-of-asia',
      'argocd-password': password,
      revision: 'a'.repeat(40),
      applications: 'payments',
    });
    expect(seen(run)).toEqual({ ...unknown, reason: 'invalid-input' });
    expect(run.outputs.summary).toMatch(/^4 problems/);
    for (const part of ['entry 1 is for a server', 'eu=…', 'us=…', '`argocd-username`'])
      expect(run.outputs.summary).toContain(part);
    expect(written(run)).not.toMatch(/secret-of-asia|horse/);
  });
});
