import { SluiceError } from '@sluice/core/errors';
import { afterEach, expect, describe as group, it } from 'vitest';
import { countOf, type LoggingIn, loggingIn } from './test-login.ts';

const oidc = { type: 'oidc', connector: 'github-actions' } as const;
const applications = '/api/v1/applications';
const exchanges = (run: LoggingIn) => countOf(run, '/api/dex/token');

let run: LoggingIn;
afterEach(() => {
  expect(run.identity.violations).toEqual([]);
  expect(run.argocd.violations).toEqual([]);
});

/** What a first request ends with. */
async function failureOf(started: Promise<LoggingIn>): Promise<SluiceError> {
  run = await started;
  const error: unknown = await run.client.get(applications).catch((thrown: unknown) => thrown);
  if (!(error instanceof SluiceError)) throw new Error('it logged in');
  return error;
}

group('the identity of the run', () => {
  it('is stated for this Argo CD, exchanged at its Dex, and everything is masked', async () => {
    run = await loggingIn(oidc, { basePath: '/argocd' });
    expect(await run.client.get(applications)).toMatchObject({ ok: true });
    expect(run.identity.audiences).toEqual([run.argocd.url]);
    expect(run.masked.toSorted()).toEqual([...run.identity.secrets, ...run.argocd.logins.tokens].toSorted());
  });

  it('is exchanged once for many requests at once', async () => {
    run = await loggingIn(oidc);
    await Promise.all(Array.from({ length: 50 }, () => run.client.get(applications)));
    expect(exchanges(run)).toBe(1);
  });

  it('is exchanged again before the token expires, by the life that Dex tells', async () => {
    run = await loggingIn(oidc, { dex: { lifetimeMs: 600_000 } });
    await run.client.get(applications);
    run.pass(530_000);
    await run.client.get(applications);
    expect(exchanges(run)).toBe(1);
    run.pass(11_000);
    await run.client.get(applications);
    await expect.poll(() => exchanges(run)).toBe(2);
  });

  it('is exchanged again where the token is refused, once for many requests', async () => {
    run = await loggingIn(oidc);
    await run.client.get(applications);
    run.argocd.faults.revokeToken(run.argocd.logins.tokens[0] ?? '');
    const replies = await Promise.all(Array.from({ length: 20 }, () => run.client.get(applications)));
    expect(replies.every(({ ok }) => ok)).toBe(true);
    expect(exchanges(run)).toBe(2);
  });
});

group('what keeps it out is one sentence with what to do', () => {
  it.each([
    [
      'no `id-token: write`',
      () => loggingIn(oidc, { env: {} }),
      /argocd-oidc needs the identity of this run, and the job may not ask for it/,
      /`permissions: id-token: write`/,
    ],
    [
      'no Dex',
      () => loggingIn(oidc, { dex: 'none' }),
      /has no Dex that answers \(HTTP 404 at \/api\/dex\/token\)/,
      /`dex\.config`.*base path/,
    ],
    [
      'a Dex that does not exchange',
      () => loggingIn(oidc, { dex: { grantTypes: ['authorization_code'] } }),
      /does not exchange tokens \(unsupported_grant_type\)/,
      /`urn:ietf:params:oauth:grant-type:token-exchange` to `oauth2\.grantTypes`/,
    ],
    [
      'an unknown connector',
      () => loggingIn({ ...oidc, connector: 'github' }),
      /has no connector github for this run \(Requested connector does not exist\.\)/,
      /as argocd-oidc-connector/,
    ],
    [
      'a connector that is no OIDC provider',
      () => loggingIn({ ...oidc, connector: 'ldap' }, { dex: { otherConnectors: ['ldap'] } }),
      /exchanges no token by the connector ldap/,
      /`type: oidc`/,
    ],
    [
      'another audience',
      () => loggingIn(oidc, { dex: { audience: 'https://other.example' } }),
      /does not accept the identity of this run \(access_denied\)/,
      /must trust the issuer https:\/\/token\.actions\.githubusercontent\.com, and the audience http:\/\/127/,
    ],
    [
      'a Dex without the client of the CLI',
      () => loggingIn(oidc, { dex: { withoutClient: true } }),
      /does not know the client argo-cd-cli \(invalid_client\)/,
      /the Dex that comes with Argo CD/,
    ],
  ])('%s', async (_, started, sentence, hint) => {
    const error = await failureOf(started());
    expect(error).toMatchObject({ kind: 'permission', code: 'argocd-login' });
    expect(error.message).toMatch(sentence);
    expect(error.hint).toMatch(hint);
    for (const secret of run.identity.secrets) expect(`${error.message} ${error.hint}`).not.toContain(secret);
    expect(exchanges(run)).toBeLessThan(2);
  });

  it('an identity that GitHub does not state', async () => {
    const started = loggingIn(oidc);
    (await started).identity.faults.add(
      'GET',
      { type: 'reply', status: 403, body: '{}', contentType: 'application/json' },
      9,
    );
    const error = await failureOf(started);
    expect(error.message).toMatch(/GitHub does not state the identity of this run \(HTTP 403/);
  });

  it('a login page in front of Dex', async () => {
    const started = loggingIn(oidc);
    (await started).argocd.faults.html('POST /api/dex/token', 9);
    const error = await failureOf(started);
    expect(error).toMatchObject({ kind: 'input', code: 'argocd-not-an-api' });
    expect(error.message).toMatch(/answered with a web page/);
  });

  it('a proxy that wants a login of its own, and is no Argo CD that refuses the token', async () => {
    run = await loggingIn(oidc);
    const body = { type: 'reply', status: 401, body: 'Jwt is missing' } as const;
    run.argocd.faults.http('GET /api/v1/applications', body, 99);
    const error: unknown = await run.client.get(applications).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'permission',
      message: expect.stringMatching(/^Something in front of http.* \(Jwt is missing\)\.$/),
      hint: expect.stringContaining('argocd-headers'),
    });
    expect(exchanges(run)).toBeLessThan(4);
  });

  it('a redirect to a login page, of which no parameter is told', async () => {
    const started = loggingIn(oidc);
    const headers = { Location: 'https://login.example/start?state=hush-hush' };
    (await started).argocd.faults.http('POST /api/dex', { type: 'reply', status: 302, body: '', headers }, 9);
    const error = await failureOf(started);
    expect(error.message).toMatch(/a redirect to https:\/\/login\.example\/start \(/);
  });
});

group('what may pass is asked for again', () => {
  it.each([
    ['a 503 of Dex', { status: 503 }],
    [
      'an error of Dex, which Argo CD hands on as a redirect',
      { status: 303, headers: { Location: '/login?has_sso_error=true' } },
    ],
  ])('%s', async (_, reply) => {
    run = await loggingIn(oidc);
    run.argocd.faults.http('POST /api/dex/token', { type: 'reply', body: '', ...reply });
    expect(await run.client.get(applications)).toMatchObject({ ok: true });
    expect(exchanges(run)).toBe(2);
  });

  it('a 500 of the runner', async () => {
    run = await loggingIn(oidc);
    run.identity.faults.add('GET', { type: 'cut', when: 'before-headers' });
    expect(await run.client.get(applications)).toMatchObject({ ok: true });
  });

  it('a login page, once Dex has answered before', async () => {
    run = await loggingIn(oidc);
    await run.client.get(applications);
    run.argocd.faults.revokeToken(run.argocd.logins.tokens[0] ?? '');
    run.argocd.faults.html('POST /api/dex/token');
    expect(await run.client.get(applications)).toMatchObject({ ok: true });
  });
});
