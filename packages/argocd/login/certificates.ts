import { promises } from 'node:fs';
import { resolve } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { ArgoCDLogin } from '../inputs.ts';

export interface Certificates {
  readonly ca: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
}

/** What the inputs name, read and checked. Throws a SluiceError `invalid-input`. */
export async function certificatesOf(inputs: ArgoCDLogin, world: World): Promise<Certificates> {
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
