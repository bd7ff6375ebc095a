import { SluiceError } from '@sluice/core/errors';
import { at, items } from '../json.ts';
import type { Client, Reply } from './client.ts';
import type { ApplicationName } from './port.ts';

export type Refused = Extract<Reply, { ok: false }>;

/** gRPC codes that the API answers with. */
export const NOT_FOUND = 5;
export const PERMISSION_DENIED = 7;
export const FAILED_PRECONDITION = 9;

/** What the answer to a read means: gone, forbidden, or only away for now. */
export async function refusal(
  client: Client,
  application: ApplicationName,
  reply: Refused,
): Promise<SluiceError> {
  const { name, project } = application;
  if (reply.code === NOT_FOUND || reply.status === 404) {
    return new SluiceError(
      'platform',
      'no-application',
      `Application ${name} does not exist in project ${project}.`,
    );
  }
  if (reply.code === PERMISSION_DENIED || reply.status === 403) {
    if (await allowed(client, application, 'get')) {
      return new SluiceError(
        'platform',
        'argocd-unavailable',
        `${client.server} answers 403, though the token may read ${name}: the Kubernetes API behind it is away.`,
      );
    }
    return forbidden(client, application, 'get', reply.message);
  }
  return new SluiceError(
    'platform',
    'argocd-unavailable',
    `${client.server} answered HTTP ${reply.status}: ${reply.message}`,
  );
}

/** The list shows what the token may see; a refusal of it is one of the token or the address, and does not pass. */
export function notListed(server: string, { status, message }: Refused): SluiceError {
  const sentence = `${server} does not list its applications (HTTP ${status}): ${message}`;
  if (status >= 500 || status === 429) return new SluiceError('platform', 'argocd-unavailable', sentence);
  return status === 403
    ? new SluiceError('permission', 'argocd-permission', sentence, {
        hint: 'Give the role or account that this run logs in as the right `applications, get`.',
      })
    : new SluiceError('input', 'argocd-not-an-api', sentence, {
        hint: "argocd-server must be the API server's URL with its base path.",
      });
}

export function forbidden(
  { server, login }: Pick<Client, 'server' | 'login'>,
  application: ApplicationName,
  action: 'get' | 'sync' | 'override',
  message: string,
): SluiceError {
  const { project, name } = application;
  return new SluiceError(
    'permission',
    'argocd-permission',
    `${login.name} lacks the permission \`applications, ${action}, ${project}/${name}\` at ${server} (${message}).`,
    {
      hint: `${login.policyOf(project)}, applications, ${action}, ${project}/${name}, allow.`,
    },
  );
}

/**
 * Whether the token has the permission, whatever a 403 said: Argo CD answers 403 as well while kube-apiserver is away, where `can-i`
 * and the list still answer from memory.
 */
export async function allowed(
  client: Client,
  application: ApplicationName,
  action: 'get' | 'sync',
): Promise<boolean> {
  const { project, namespace, name } = application;
  // Outside of Argo CD's own namespace an application is `project/namespace/name` in policies; which that is, only it knows.
  for (const object of [`${project}/${name}`, `${project}/${namespace}/${name}`]) {
    const reply = await client.get(
      `/api/v1/account/can-i/applications/${action}/${object}`,
      {},
      { attempts: 1 },
    );
    if (reply.ok && at(reply.body, 'value') === 'yes') return true;
  }
  if (action === 'sync') return false;
  const reply = await client.get('/api/v1/applications', { name }, { attempts: 1 });
  return reply.ok && items(at(reply.body, 'items')).length > 0;
}
