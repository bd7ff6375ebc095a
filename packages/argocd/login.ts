import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import { createFetch, proxySettings } from '@sluice/core/http';
import type { World } from '@sluice/core/run';
import { createArgoCD } from './argocd.ts';
import { createClient } from './client.ts';
import type { ArgoCDLogin } from './inputs.ts';
import type { ArgoCD } from './port.ts';

/** Argo CD as the inputs name it. Nothing is asked yet. Throws a SluiceError `invalid-input`. */
export async function connectArgoCD(inputs: ArgoCDLogin, world: World): Promise<ArgoCD> {
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
  const fetch = await createFetch({
    ...proxySettings(env),
    ca: await pem('argocd-ca', inputs['argocd-ca'], world),
    clientCertificate: await pem('argocd-client-certificate', inputs['argocd-client-certificate'], world),
    clientKey: await pem('argocd-client-key', inputs['argocd-client-key'], world),
    insecure: inputs['argocd-insecure'],
  });
  return createArgoCD(createClient({ server, token, fetch, clock, signal }), clock, signal);
}

/** PEM text as it is, or from the file that is named. */
async function pem(input: string, value: string, { context }: World): Promise<string | undefined> {
  if (value === '' || value.includes('-----BEGIN')) return value || undefined;
  const content = await readFile(resolve(context.workspace ?? '.', value), 'utf8').catch(() => '');
  if (content.includes('-----BEGIN')) return content;
  throw new SluiceError('input', 'invalid-input', `${input}: neither PEM text nor a file that holds some.`);
}
