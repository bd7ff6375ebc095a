import type { IncomingHttpHeaders } from 'node:http';
import { answerDex, type DexOptions, type DexReply } from '../dex/dex.ts';
import type { Accounts, TokenOptions } from './accounts.ts';
import { ApiError, bodyOf, statusOf } from './errors.ts';
import { type JsonObject, objectAt, toJson } from './json.ts';

const day = 86_400_000;

/** A local account with the capability `login`. */
export interface UserOptions {
  readonly password: string;
  /** `users.session.duration`; default a day. */
  readonly lifetimeMs?: number;
  /** Default all. */
  readonly rights?: Pick<TokenOptions, 'project' | 'actions'>;
}

/** The ways in beside a token that was made before. */
export interface LoginOptions {
  /** Argo CD's own Dex; without it nothing is at /api/dex. */
  readonly dex?: DexOptions;
  readonly users?: Readonly<Record<string, UserOptions>>;
}

export interface LoginRequest {
  readonly method: string;
  /** Without the base path. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The answer to a request of a login; undefined where it is none. */
export type AnswerLogin = (request: LoginRequest) => DexReply | 'no route' | undefined;

/** What became of the logins. */
export interface Logins {
  /** Every token that a login gave, the last one last. */
  readonly tokens: readonly string[];
  /** Of each local account, how often a password was refused since it was last right. */
  readonly failures: ReadonlyMap<string, number>;
  /** From now on this is the password. */
  setPassword(username: string, password: string): void;
}

/** ARGOCD_SESSION_FAILURE_MAX_FAIL_COUNT; from then on the right password is refused as well. */
const mostFailures = 5;

export function createLogins(
  { dex, users = {} }: LoginOptions,
  accounts: Accounts,
  violations: string[],
): Logins & { readonly answer: AnswerLogin } {
  const tokens: string[] = [];
  const failures = new Map<string, number>();
  const passwords = new Map(Object.entries(users).map(([name, { password }]) => [name, password]));

  function issue(options: TokenOptions): string {
    const token = accounts.issue(options);
    tokens.push(token);
    return token;
  }

  function session({ body, headers }: LoginRequest): JsonObject {
    const { username, password, ...others } = objectAt(toJson(JSON.parse(body)));
    for (const name of Object.keys(others))
      violations.push(`POST /api/v1/session: unknown body field ${name}`);
    if (headers.authorization !== undefined) violations.push('POST /api/v1/session: with a token');
    const name = typeof username === 'string' ? username : '';
    const user = users[name];
    const failed = failures.get(name) ?? 0;
    if (user === undefined || passwords.get(name) !== password || failed >= mostFailures) {
      failures.set(name, failed + 1);
      throw new ApiError(16, 'Invalid username or password');
    }
    failures.delete(name);
    return { token: issue({ ...user.rights, name, expiresInMs: user.lifetimeMs ?? day }) };
  }

  return {
    ...{ tokens, failures },
    setPassword: (username, password) => void passwords.set(username, password),
    answer(request) {
      const { method, path, headers, body } = request;
      const contentType = headers['content-type'];
      if (path === '/api/dex/token') {
        const asked = { method, body, contentType, authorization: headers.authorization };
        return dex === undefined ? 'no route' : answerDex(asked, dex, issue, violations);
      }
      if (path !== '/api/v1/session' || method !== 'POST') return undefined;
      if (contentType?.toLowerCase() !== 'application/json') return undefined;
      try {
        return { status: 200, body: session(request) };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return { status: statusOf(error), body: bodyOf(error) };
      }
    },
  };
}
