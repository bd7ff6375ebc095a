import { promises } from 'node:fs';
import { resolve } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import { createFetch, proxySettings } from '@sluice/core/http';
import type { World } from '@sluice/core/run';
import { createArgoCD } from '../api/argocd.ts';
import { type Authorization, fixedToken } from '../api/authorization.ts';
import { type Client, createClient } from '../api/client.ts';
import type { ArgoCD } from '../api/port.ts';
import type { ArgoCDLogin, WatchInputs } from '../inputs.ts';
import type { Server } from './login-inputs.ts';
import { expiryWarning } from './token-expiry.ts';

/**
 * Every Argo CD that the inputs name. Nothing is asked yet, so that what is wrong is told before anything else. Throws a SluiceError
 * `invalid-input`.
 */
export async function connectServers(
  inputs: ArgoCDLogin & Pick<WatchInputs, 'timeout'>,
  world: World,
): Promise<readonly ArgoCD[]> {
  const { clock, signal, log } = world;
  for (const { token } of inputs['argocd-token']) {
    const expiry = expiryWarning(token, clock.now() + inputs.timeout);
    if (expiry !== undefined) log.warning(expiry);
  }
  const clients = await Promise.all(
    inputs['argocd-server'].map((server) => argocdClient(server, inputs, world)),
  );
  if (clients.length === 0) throw noServer();
  return clients.map((client) => createArgoCD(client, clock, signal));
}

/** A client of one of the servers that the inputs name. Nothing is asked yet. Throws a SluiceError `invalid-input`. */
export async function argocdClient(server: Server, inputs: ArgoCDLogin, world: World): Promise<Client> {
  const { env, clock, signal, log } = world;
  if (inputs['argocd-insecure'])
    log.warning(`The certificate of ${server.url} is not checked (argocd-insecure).`);
  const tls = await certificatesOf(inputs, world);
  const fetch = await createFetch({ ...proxySettings(env), ...tls, insecure: inputs['argocd-insecure'] });
  const authorization = authorizationOf(server, inputs);
  return createClient({ server: server.url, authorization, fetch, clock, signal });
}

/** Throws a SluiceError `invalid-input` where no way to log in is given. */
function authorizationOf(server: Server, inputs: ArgoCDLogin): Authorization {
  const headers = Object.fromEntries(inputs['argocd-headers'].map(({ name, value }) => [name, value]));
  const given = inputs['argocd-token'].find((one) => one.server === server.name || one.server === '');
  if (given === undefined) throw noServer();
  return fixedToken(given.token, headers);
}

const noServer = (): SluiceError =>
  new SluiceError(
    'input',
    'invalid-input',
    '`argocd-server` and `argocd-token` are needed to see what the cluster runs.',
  );

interface Certificates {
  readonly ca: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
}

async function certificatesOf(inputs: ArgoCDLogin, world: World): Promise<Certificates> {
  const clientCertificate = await pem(
    'argocd-client-certificate',
    inputs['argocd-client-certificate'],
    world,
  );
  const clientKey = await pem('argocd-client-key', inputs['argocd-client-key'], world);
  const ca = await pem('argocd-ca', inputs['argocd-ca'], world);
  await checkPair(clientCertificate, clientKey);
  if (ca !== undefined) await checkAuthority(ca);
  return { ca, clientCertificate, clientKey };
}

/** A connection would fail by them later, as if the server were away. */
async function checkPair(cert: string | undefined, key: string | undefined): Promise<void> {
  if (cert === undefined || key === undefined) return;
  const { createSecureContext } = await import('node:tls');
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SluiceError(
      'input',
      'invalid-input',
      `argocd-client-certificate and argocd-client-key do not fit each other, or one of them is damaged (${why}).`,
      { hint: 'Give the certificate and the key that were issued together, each as PEM text or a file.' },
    );
  }
}

/** What is no certificate is left out of the trusted ones without a word. */
async function checkAuthority(ca: string): Promise<void> {
  const { X509Certificate } = await import('node:crypto');
  try {
    new X509Certificate(ca);
  } catch {
    throw new SluiceError('input', 'invalid-input', 'argocd-ca: it holds no certificate that can be read.', {
      hint: 'Give the authority as PEM text, with its BEGIN CERTIFICATE and END CERTIFICATE lines.',
    });
  }
}

/** PEM text as it is, or from the file that is named. */
async function pem(input: string, value: string, { context }: World): Promise<string | undefined> {
  if (value === '' || value.includes('-----BEGIN')) return value || undefined;
  const content = await promises.readFile(resolve(context.workspace ?? '.', value), 'utf8').catch(() => '');
  if (content.includes('-----BEGIN')) return content;
  throw new SluiceError('input', 'invalid-input', `${input}: neither PEM text nor a file that holds some.`, {
    hint: 'Give the text with its BEGIN and END lines, or the path of a file in the workspace.',
  });
}
