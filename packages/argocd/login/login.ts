import { promises } from 'node:fs';
import { resolve } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import { createFetch, proxySettings } from '@sluice/core/http';
import type { World } from '@sluice/core/run';
import { createArgoCD } from '../api/argocd.ts';
import { type Client, createClient } from '../api/client.ts';
import type { ArgoCD } from '../api/port.ts';
import type { ArgoCDLogin, WatchInputs } from '../inputs.ts';
import { expiryWarning } from './token-expiry.ts';

/** Argo CD as the inputs name it. Nothing is asked yet. Throws a SluiceError `invalid-input`. */
export async function connectArgoCD(
  inputs: ArgoCDLogin & Pick<WatchInputs, 'timeout'>,
  world: World,
): Promise<ArgoCD> {
  const { clock, signal, log } = world;
  const client = await argocdClient(inputs, world);
  const expiry = expiryWarning(inputs['argocd-token'], clock.now() + inputs.timeout);
  if (expiry !== undefined) log.warning(expiry);
  return createArgoCD(client, clock, signal);
}

/** A client of the Argo CD that the inputs name. Nothing is asked yet. Throws a SluiceError `invalid-input`. */
export async function argocdClient(inputs: ArgoCDLogin, world: World): Promise<Client> {
  const { env, clock, signal, log } = world;
  const [server] = inputs['argocd-server'];
  const token = inputs['argocd-token'];
  if (server === undefined || token === '') {
    throw new SluiceError(
      'input',
      'invalid-input',
      '`argocd-server` and `argocd-token` are needed to see what the cluster runs.',
    );
  }
  if (inputs['argocd-insecure'])
    log.warning(`The certificate of ${server} is not checked (argocd-insecure).`);
  const tls = await certificatesOf(inputs, world);
  const fetch = await createFetch({ ...proxySettings(env), ...tls, insecure: inputs['argocd-insecure'] });
  return createClient({ server, token, fetch, clock, signal });
}

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
