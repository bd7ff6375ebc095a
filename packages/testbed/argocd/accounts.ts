import { createHash, randomBytes } from 'node:crypto';
import { isoSeconds, type StandInClock } from './clock.ts';
import { ApiError, denied } from './errors.ts';

export type Action = 'get' | 'sync' | 'override' | 'create' | 'update' | 'delete';

/** Who asks, and what that token may do. */
export interface TokenOptions {
  /** Subject. Default: `ci`, or `proj:<project>:ci` for the token of a project's role. */
  readonly name?: string;
  /** Applications of this project only; default all. */
  readonly project?: string;
  /** Default all. */
  readonly actions?: readonly Action[];
  /** Whether it has `clusters, get`; default: unless it is of one project. */
  readonly clusters?: boolean;
  /** Whether it has `applicationsets, get`; default true. */
  readonly applicationSets?: boolean;
  /** Whether it may read the projects that it is of; default true. */
  readonly projects?: boolean;
  /** Default: never. */
  readonly expiresInMs?: number;
}

export interface Account {
  readonly name: string;
  readonly project: string | undefined;
  readonly actions: readonly Action[] | undefined;
  readonly clusters: boolean;
  readonly applicationSets: boolean;
  readonly projects: boolean;
  readonly issuedAt: string;
  readonly id: string;
  expiresAt: number;
  revoked: boolean;
}

export interface Accounts {
  issue(options?: TokenOptions): string;
  expire(token: string): void;
  revoke(token: string): void;
  /** The account behind an `Authorization` header or the cookie; throws 401 in Argo CD's words. */
  authenticate(authorization: string | undefined, cookie: string | undefined): Account;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function sentToken(authorization: string | undefined, cookie: string | undefined): string {
  const bearer = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  const fromCookie = /(?:^|;\s*)argocd\.token=([^;]+)/.exec(cookie ?? '')?.[1];
  const token = bearer ?? fromCookie;
  if (token === undefined) throw new ApiError(16, 'no session information');
  return token;
}

export function createAccounts(clock: StandInClock): Accounts {
  const byToken = new Map<string, Account>();

  function account(token: string): Account {
    const found = byToken.get(token);
    if (found === undefined) throw new Error('that token was not issued here');
    return found;
  }

  return {
    issue(options = {}) {
      const id = randomBytes(8).toString('hex');
      const name = options.name ?? (options.project === undefined ? 'ci' : `proj:${options.project}:ci`);
      const issuedAt = clock.now();
      const expiresAt = issuedAt + (options.expiresInMs ?? Number.POSITIVE_INFINITY);
      const exp = Number.isFinite(expiresAt) ? { exp: Math.floor(expiresAt / 1000) } : {};
      const claims = { iss: 'argocd', sub: name, iat: Math.floor(issuedAt / 1000), ...exp, jti: id };
      const signature = createHash('sha256').update(id).digest('base64url');
      const token = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}.${signature}`;
      byToken.set(token, {
        name,
        project: options.project,
        actions: options.actions,
        clusters: options.clusters ?? options.project === undefined,
        applicationSets: options.applicationSets ?? true,
        projects: options.projects ?? true,
        issuedAt: isoSeconds(issuedAt),
        id,
        expiresAt,
        revoked: false,
      });
      return token;
    },
    expire(token) {
      account(token).expiresAt = 0;
    },
    revoke(token) {
      account(token).revoked = true;
    },
    authenticate(authorization, cookie) {
      const token = sentToken(authorization, cookie);
      const found = byToken.get(token);
      if (found === undefined) {
        const malformed =
          token.split('.').length === 3
            ? 'token signature is invalid: signature is invalid'
            : 'token is malformed: token contains an invalid number of segments';
        throw new ApiError(16, `invalid session: ${malformed}`);
      }
      if (clock.now() >= found.expiresAt) {
        throw new ApiError(16, 'invalid session: token has invalid claims: token is expired');
      }
      if (found.revoked) {
        throw new ApiError(
          16,
          `invalid session: account ${found.name} does not have token with id ${found.id}`,
        );
      }
      return found;
    },
  };
}

export function may(account: Account, action: Action, project: string): boolean {
  return (
    (account.project === undefined || account.project === project) &&
    (account.actions === undefined || account.actions.includes(action))
  );
}

/** Throws 403 as the API server does: in full only to somebody who may see the application. */
export function demand(account: Account, action: Action, project: string, name: string): void {
  if (!may(account, 'get', project)) throw denied();
  if (may(account, action, project)) return;
  const what = `applications, ${action}, ${project}/${name}`;
  throw new ApiError(7, `permission denied: ${what}, sub: ${account.name}, iat: ${account.issuedAt}`);
}
