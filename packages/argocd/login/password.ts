import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Session } from '../api/authorization.ts';
import { at, text } from '../json.ts';
import { lifetimeOf } from './claims.ts';
import { type Asking, type LoginAnswer, loginRequest } from './login-request.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Argo CD locks an account for five minutes after five failures (ARGOCD_SESSION_FAILURE_MAX_FAIL_COUNT), and other jobs may share it:
 * a password that was never accepted is sent once, one that was is sent twice.
 */
const mostFailures = 2;
const betweenFailures = 30_000;

/** Logs in with user and password, again and again. Throws a SluiceError; it holds no secret. */
export function passwordLogin(
  { username, password, headers }: Account,
  asking: Omit<Asking, 'known'>,
  clock: Clock,
): () => Promise<Session> {
  let wasAccepted = false;
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  return async () => {
    if (clock.now() < notBefore) throw refusedForNow(asking.server, username);
    const answer = await loginRequest(
      `${asking.server}/api/v1/session`,
      {
        method: 'POST',
        headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      },
      { ...asking, known: wasAccepted },
    );
    const token = text(at(answer.body, 'token'));
    if (answer.status === 200 && token !== undefined) {
      wasAccepted = true;
      failures = 0;
      const lifetimeMs = lifetimeOf(token);
      return { token, ...(lifetimeMs !== undefined && { lifetimeMs }) };
    }
    failures++;
    // What was right before may be refused while Argo CD starts and has not read its accounts.
    if (answer.status === 401 && wasAccepted && failures < mostFailures) {
      notBefore = clock.now() + betweenFailures;
      throw refusedForNow(asking.server, username);
    }
    throw refused(asking.server, username, password, answer);
  };
}

const refusedForNow = (server: string, username: string): SluiceError =>
  new SluiceError(
    'platform',
    'argocd-login',
    `${server} did not accept the password of ${username} again; it is tried once more.`,
  );

function refused(
  server: string,
  username: string,
  password: string,
  { status, body }: LoginAnswer,
): SluiceError {
  const said = (text(at(body, 'message')) ?? text(at(body, 'error')))
    ?.replaceAll(password, '***')
    .slice(0, 300);
  const words = said ?? `HTTP ${status}`;
  if (status === 404 || (status === 200 && said === undefined)) {
    return new SluiceError(
      'input',
      'argocd-not-an-api',
      `${server} does not log anybody in (HTTP ${status}).`,
      {
        hint: "argocd-server must be the API server's URL with its base path.",
      },
    );
  }
  return new SluiceError('permission', 'argocd-login', `${server} did not log ${username} in: ${words}.`, {
    hint: 'Check argocd-username and argocd-password; the account needs the capability `login`. After five failures Argo CD refuses the right password as well, for five minutes.',
  });
}
