import type { IncomingMessage } from 'node:http';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** How the registry wants to be logged in to. */
export type Auth =
  | { readonly type: 'none' }
  | ({ readonly type: 'basic' } & Login)
  | {
      readonly type: 'token';
      /** Who reaches everything; without it nobody but the public does. */
      readonly login?: Login;
      /** What is exchanged for tokens that reach everything, by POST (OAuth 2.0). */
      readonly identityToken?: string;
      /** Repositories that a token without a login reaches. */
      readonly public?: readonly string[];
      /** Seconds that a token lives; default 300. */
      readonly expiresIn?: number;
      /** Another address of the token service than the registry's own. */
      readonly realm?: string;
    };

export interface Refusal {
  readonly status: 401 | 403;
  readonly challenge?: string;
  readonly code: 'UNAUTHORIZED' | 'DENIED';
}

export interface Guard {
  /** Undefined where the request may pass. */
  check(request: IncomingMessage, repository: string | undefined): Refusal | undefined;
  /** The token service's answer: status and body. `asked`: the query, or the form that was posted. */
  token(request: IncomingMessage, asked: URLSearchParams): { readonly status: number; readonly body: object };
  /** Tokens that were handed out and passwords that are known: none of them may appear in an address. */
  secrets(): readonly string[];
  /** All tokens end now. */
  expire(): void;
}

const basicOf = ({ user, password }: Login) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function knows(
  { login, identityToken }: Extract<Auth, { type: 'token' }>,
  authorization: string | undefined,
  asked: URLSearchParams,
): boolean {
  if (login !== undefined && authorization === basicOf(login)) return true;
  const isRefresh = asked.get('grant_type') === 'refresh_token';
  return isRefresh && identityToken !== undefined && asked.get('refresh_token') === identityToken;
}

/** Holds requests to `auth`; says in `violations` what no client may do, such as send a password nobody asked for. */
export function createGuard(auth: Auth, url: () => string, violations: string[]): Guard {
  const tokens = new Map<string, { readonly scope: string; readonly until: number }>();
  let issued = 0;

  function challenge(scope: string | undefined, error?: string): Refusal {
    const realm = auth.type === 'token' ? (auth.realm ?? `${url()}/token`) : '';
    const parts = [`Bearer realm="${realm}"`, 'service="registry.stand-in"'];
    if (scope !== undefined) parts.push(`scope="${scope}"`);
    if (error !== undefined) parts.push(`error="${error}"`);
    return { status: 401, challenge: parts.join(','), code: 'UNAUTHORIZED' };
  }

  function checkToken(authorization: string | undefined, repository: string | undefined) {
    const scope = repository === undefined ? undefined : `repository:${repository}:pull`;
    if (authorization === undefined) return challenge(scope);
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) {
      violations.push('A password was sent to the registry, which takes tokens only');
      return challenge(scope);
    }
    const known = tokens.get(token);
    if (known === undefined) {
      violations.push('A token that this registry never gave out');
      return challenge(scope, 'invalid_token');
    }
    if (known.until < Date.now()) return challenge(scope, 'invalid_token');
    return known.scope === scope || scope === undefined ? undefined : challenge(scope, 'insufficient_scope');
  }

  return {
    check(request, repository) {
      const { authorization } = request.headers;
      if (auth.type === 'none') {
        if (authorization !== undefined) violations.push('Credentials that nobody asked for');
        return undefined;
      }
      if (auth.type === 'token') return checkToken(authorization, repository);
      if (authorization === basicOf(auth)) return undefined;
      return { status: 401, challenge: 'Basic realm="registry"', code: 'UNAUTHORIZED' };
    },
    token(request, asked) {
      if (auth.type !== 'token') return { status: 404, body: {} };
      const { authorization } = request.headers;
      if (asked.get('service') !== 'registry.stand-in') {
        violations.push('A token was asked for without the service of the challenge');
      }
      const identity = asked.get('refresh_token');
      const isKnown = knows(auth, authorization, asked);
      if ((authorization !== undefined || identity !== null) && !isKnown) {
        return { status: 401, body: { details: 'incorrect username or password' } };
      }
      const scope = asked.get('scope') ?? '';
      const name = /^repository:(.+):pull$/.exec(scope)?.[1];
      const granted = name !== undefined && (isKnown || (auth.public ?? []).includes(name));
      issued += 1;
      const token = `stand-in-token-${issued}-${Math.random().toString(36).slice(2)}`;
      // As registries do: who may not pull gets a token all the same, one that reaches nothing.
      tokens.set(token, {
        scope: granted ? scope : 'none',
        until: Date.now() + (auth.expiresIn ?? 300) * 1000,
      });
      const field = identity === null ? 'token' : 'access_token';
      return { status: 200, body: { [field]: token, expires_in: auth.expiresIn ?? 300 } };
    },
    secrets: () => [
      ...tokens.keys(),
      ...(auth.type === 'basic' ? [auth.password] : []),
      ...(auth.type === 'token' ? [auth.login?.password ?? [], auth.identityToken ?? []].flat() : []),
    ],
    expire() {
      for (const [token, { scope }] of tokens) tokens.set(token, { scope, until: 0 });
    },
  };
}
