import { SluiceError } from '@sluice/core/errors';
import { createFetch, proxySettings } from '@sluice/core/http';
import type { World } from '@sluice/core/run';
import { createArgoCD } from '../api/argocd.ts';
import { type Authorization, fixedToken, type LoginWords, renewedToken } from '../api/authorization.ts';
import { type Client, createClient } from '../api/client.ts';
import { type Patience, patient } from '../api/patient.ts';
import type { ArgoCD } from '../api/port.ts';
import type { ArgoCDLogin, WatchInputs } from '../inputs.ts';
import { certificatesOf } from './certificates.ts';
import { isInTheClear, type Server } from './login-inputs.ts';
import { type LoginMethod, loginMethod } from './method.ts';
import type { Reached } from './renewals.ts';
import { expiryWarning } from './token-expiry.ts';

/**
 * Every Argo CD that the inputs name. Nothing is asked yet, so that what is wrong is told before anything else. Throws a SluiceError
 * `invalid-input`.
 */
export async function connectServers(
  inputs: ArgoCDLogin & Pick<WatchInputs, 'timeout'>,
  world: World,
): Promise<readonly Connected[]> {
  const { clock, signal } = world;
  const servers = inputs['argocd-server'];
  if (servers.length === 0) throw noServer();
  const clients = await Promise.all(servers.map((server) => argocdClient(server, inputs, world)));
  return clients.map((client, at) => {
    const argocd = asked.get(client) ?? createArgoCD(client, clock, signal, undefined, servers[at]?.name);
    asked.set(client, argocd);
    return { ...argocd, login: client.login };
  });
}

/** A server, and how messages call the login to it. */
export interface Connected extends ArgoCD {
  readonly login: LoginWords;
}

/** The same, asked again where it is away for a while. */
export const patiently = (server: Connected, patience: Patience): Connected => ({
  ...patient(server, patience),
  login: server.login,
});

/** What several waits of a run share: each by itself would open a stream, and have a budget of requests of its own. */
const asked = new WeakMap<Client, ArgoCD>();

/** Of each run: what logs in to a server, so that a run that asks it for two things logs in once. */
const connected = new WeakMap<World, Map<string, Promise<Client>>>();

/** A client of one of the servers that the inputs name. Nothing is asked yet. Throws a SluiceError `invalid-input`. */
export function argocdClient(
  server: Server,
  inputs: ArgoCDLogin & Partial<Pick<WatchInputs, 'timeout'>>,
  world: World,
): Promise<Client> {
  const clients = connected.get(world) ?? new Map<string, Promise<Client>>();
  connected.set(world, clients);
  const client = clients.get(server.url) ?? connect(server, inputs, world);
  clients.set(server.url, client);
  return client;
}

async function connect(
  server: Server,
  inputs: Parameters<typeof argocdClient>[1],
  world: World,
): Promise<Client> {
  const { env, clock, signal, log, learn } = world;
  const method = loginMethod(server, inputs);
  if (method === undefined) throw noServer();
  if (method.type === 'token') {
    const now = clock.now();
    const until = now + (inputs.timeout ?? 0);
    const expiry = expiryWarning(method.token, { now, until }, server.name);
    if (expiry !== undefined) log.warning(expiry);
  }
  if (isInTheClear(server.url)) {
    log.warning(
      `${server.url} is not encrypted: whoever stands between can read the token and forge every answer. Give its https:// address.`,
    );
  }
  const insecure = inputs['argocd-insecure'];
  if (insecure) {
    const caution = `The certificate of ${server.url} is not checked (argocd-insecure): whoever stands between can read the token and forge every answer. Give argocd-ca instead.`;
    log.warning(caution);
    learn({ outputs: {}, caution });
  }
  const tls = await certificatesOf(inputs, world);
  const fetch = await createFetch({ ...proxySettings(env), ...tls, insecure });
  const headers = Object.fromEntries(inputs['argocd-headers'].map(({ name, value }) => [name, value]));
  const authorization = await authorizationOf(method, { server: server.url, fetch, headers }, world);
  return createClient({ server: server.url, authorization, fetch, clock, signal });
}

/** Only a token that has to be got needs more than itself. */
async function authorizationOf(method: LoginMethod, reached: Reached, world: World): Promise<Authorization> {
  const { headers } = reached;
  if (method.type === 'token') return fixedToken(method.token, headers);
  const { renewals } = await import('./renewals.ts');
  return renewedToken({ ...renewals(method, reached, world), headers, clock: world.clock });
}

const noServer = (): SluiceError =>
  new SluiceError(
    'input',
    'invalid-input',
    '`argocd-server` and a way to log in are needed to see what the cluster runs.',
    { hint: 'Give `argocd-token`, or `argocd-oidc: true`.' },
  );
