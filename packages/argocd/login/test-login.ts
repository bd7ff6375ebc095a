import { plainFetch } from '@sluice/core/plain-fetch';
import type { LoginOptions } from '@sluice/testbed/argocd/logins';
import { type ArgoCdStandIn, startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { type RunIdentity, startRunIdentity } from '@sluice/testbed/dex/run-identity';
import { onTestFinished } from 'vitest';
import { type Authorization, renewedToken } from '../api/authorization.ts';
import { type Client, createClient } from '../api/client.ts';
import type { LoginMethod } from './method.ts';
import { renewals } from './renewals.ts';

export interface LoggingIn {
  readonly argocd: ArgoCdStandIn;
  readonly identity: RunIdentity;
  readonly client: Client;
  readonly authorization: Authorization;
  /** What was registered as secret. */
  readonly masked: readonly string[];
  /** Lets time pass, in ms; whoever sleeps passes it at once. */
  pass(ms: number): void;
}

/** An Argo CD with ways to log in, and a client that uses one of them. */
export async function loggingIn(
  method: Exclude<LoginMethod, { type: 'token' }>,
  more: {
    readonly dex?: Partial<NonNullable<LoginOptions['dex']>> | 'none';
    readonly users?: LoginOptions['users'];
    readonly env?: Readonly<Record<string, string>>;
    readonly basePath?: string;
    readonly url?: string;
  } = {},
): Promise<LoggingIn> {
  const identity = await startRunIdentity();
  const dex = more.dex === 'none' ? {} : { dex: { trusts: identity, ...more.dex } };
  const login = { ...dex, ...(more.users && { users: more.users }) };
  const argocd = await startArgoCd({ login, ...(more.basePath && { basePath: more.basePath }) });
  onTestFinished(async () => {
    await argocd.close();
    await identity.close();
  });
  const masked: string[] = [];
  let passed = 0;
  const pass = (ms: number) => {
    passed += ms;
  };
  const clock = { now: () => Date.now() + passed, sleep: async (ms: number) => pass(ms) };
  const log = {
    debug() {},
    info() {},
    warning() {},
    error() {},
    mask: (secret: string) => masked.push(secret),
  };
  const signal = new AbortController().signal;
  const reached = { server: more.url ?? argocd.url, fetch: plainFetch, headers: {} };
  const world = { env: more.env ?? identity.env, log, signal, clock, fetch: plainFetch };
  const authorization = renewedToken({ ...renewals(method, reached, world), headers: {}, clock });
  const client = createClient({ server: argocd.url, authorization, fetch: plainFetch, clock });
  return { argocd, identity, client, authorization, masked, pass };
}

/** How often this path was asked for. */
export const countOf = ({ argocd }: Pick<LoggingIn, 'argocd'>, path: string): number =>
  argocd.requests.filter((request) => request.path === path).length;
