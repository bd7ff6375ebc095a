import { SluiceError } from '@sluice/core/errors';
import { afterEach, expect, it } from 'vitest';
import { countOf, type LoggingIn, loggingIn } from './test-login.ts';

const method = { type: 'password', username: 'ci', password: 'correct horse' } as const;
const users = { ci: { password: 'correct horse', lifetimeMs: 600_000 } };
const applications = '/api/v1/applications';
const logins = (run: LoggingIn) => countOf(run, '/api/v1/session');

let run: LoggingIn;
afterEach(() => expect(run.argocd.violations).toEqual([]));

async function failure(): Promise<SluiceError> {
  const error: unknown = await run.client.get(applications).catch((thrown: unknown) => thrown);
  if (!(error instanceof SluiceError)) throw new Error('it logged in');
  return error;
}

it('user and password give a session, which is masked, once for many requests at once', async () => {
  run = await loggingIn(method, { users });
  const replies = await Promise.all(Array.from({ length: 50 }, () => run.client.get(applications)));
  expect(replies.every(({ ok }) => ok)).toBe(true);
  expect(logins(run)).toBe(1);
  expect(run.masked).toEqual(run.argocd.logins.tokens);
});

it('the session is renewed before it expires, by its own two dates', async () => {
  run = await loggingIn(method, { users });
  await run.client.get(applications);
  run.pass(541_000);
  await run.client.get(applications);
  await expect.poll(() => logins(run)).toBe(2);
});

it('the session is renewed after a 401', async () => {
  run = await loggingIn(method, { users });
  await run.client.get(applications);
  run.argocd.faults.revokeToken(run.argocd.logins.tokens[0] ?? '');
  expect(await run.client.get(applications)).toMatchObject({ ok: true });
  expect(logins(run)).toBe(2);
});

it('a wrong password is sent once, whatever is asked for afterwards', async () => {
  run = await loggingIn({ ...method, password: 'wrong horse' }, { users });
  const error = await failure();
  expect(error).toMatchObject({ kind: 'permission', code: 'argocd-login' });
  expect(error.message).toMatch(/did not log ci in: Invalid username or password\.$/);
  expect(error.hint).toMatch(/argocd-username and argocd-password.*five minutes/);
  await Promise.all(Array.from({ length: 20 }, failure));
  expect(run.argocd.logins.failures.get('ci')).toBe(1);
});

it('a password that was right and is changed is sent twice, half a minute apart, and that is no lock', async () => {
  run = await loggingIn(method, { users });
  await run.client.get(applications);
  run.argocd.logins.setPassword('ci', 'another');
  run.argocd.faults.revokeToken(run.argocd.logins.tokens[0] ?? '');
  run.pass(60_000);
  const first = await failure();
  expect(first).toMatchObject({ kind: 'platform', code: 'argocd-login' });
  expect(run.argocd.logins.failures.get('ci')).toBe(1);
  run.pass(31_000);
  expect(await failure()).toMatchObject({ kind: 'permission' });
  for (let again = 0; again < 5; again++) {
    run.pass(60_000);
    await failure();
  }
  expect(run.argocd.logins.failures.get('ci')).toBe(2);
}, 30_000);

it('an address that logs nobody in is told as such', async () => {
  run = await loggingIn(method, { users });
  const body = { type: 'reply', status: 404, body: '404 page not found' } as const;
  run.argocd.faults.http('POST /api/v1/session', body, 9);
  expect(await failure()).toMatchObject({ kind: 'input', code: 'argocd-not-an-api' });
});

it('no message holds the password, whatever the server says', async () => {
  run = await loggingIn(method, { users });
  const message = 'no such password: correct horse';
  run.argocd.faults.http(
    'POST /api/v1/session',
    { type: 'reply', status: 400, body: JSON.stringify({ message }), contentType: 'application/json' },
    9,
  );
  const { message: sentence } = await failure();
  expect(sentence).toContain('no such password: ***');
});
