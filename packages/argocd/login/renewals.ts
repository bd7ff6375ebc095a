import type { Fetch } from '@sluice/core/plain-fetch';
import type { World } from '@sluice/core/run';
import type { Login } from '../api/authorization.ts';
import { at, text } from '../json.ts';
import { claimsOf } from './claims.ts';
import { exchangeAtDex } from './dex.ts';
import type { LoginMethod } from './method.ts';
import { passwordLogin } from './password.ts';
import { runIdentity } from './run-identity.ts';

/** A server, how to get there, and what a proxy on the way wants to see. */
export interface Reached {
  readonly server: string;
  readonly fetch: Fetch;
  readonly headers: Readonly<Record<string, string>>;
}

/** How the token of a login comes about, with its effects. Each is masked before anything else is done with it. */
export function renewals(
  method: Exclude<LoginMethod, { type: 'token' }>,
  { server, fetch, headers }: Reached,
  { env, log, signal, clock, fetch: toGitHub }: Pick<World, 'env' | 'log' | 'signal' | 'clock' | 'fetch'>,
): Pick<Login, 'logIn' | 'words'> {
  const mask = (secret: string) => log.mask?.(secret);
  if (method.type === 'password') {
    const { username, password } = method;
    const logIn = passwordLogin({ username, password, headers }, { server, fetch, signal }, clock);
    return {
      logIn: async () => masked(await logIn(), mask),
      words: {
        name: `the session of ${username}`,
        hint: 'Check that the account is enabled; a project role token (argocd-token) is the better way.',
        policyOf: () => policy(username),
      },
    };
  }
  const { connector } = method;
  let known = false;
  let subject = '<federated_claims.user_id>';
  return {
    async logIn() {
      const identity = await runIdentity(server, { env, fetch: toGitHub, signal, mask });
      subject = text(at(claimsOf(identity), 'sub')) ?? subject;
      const session = await exchangeAtDex(identity, { server, fetch, signal, known, headers, connector });
      known = true;
      return masked(session, mask);
    },
    words: {
      name: 'the token that its Dex gave for this run',
      hint: 'Argo CD must run with that `dex.config`, and allow the audience argo-cd-cli; docs/argocd-login.md has all of it.',
      // So RBAC takes it since Argo CD 3.0.
      policyOf: () => policy(subject),
    },
  };
}

function masked<S extends { readonly token: string }>(session: S, mask: (secret: string) => void): S {
  mask(session.token);
  return session;
}

const policy = (subject: string): string => `Add it to policy.csv of argocd-rbac-cm: p, ${subject}`;
