import { SluiceError } from '@sluice/core/errors';
import type { SyncOrder } from '../decide/types.ts';
import { at, items, text } from '../json.ts';
import type { Client } from './client.ts';
import type { ApplicationName } from './port.ts';

async function mayRead(client: Client, project: string, applicationSet: string): Promise<boolean> {
  const path = `/api/v1/account/can-i/applicationsets/get/${project}/${applicationSet}`;
  const reply = await client.get(path, {}, { attempts: 1 });
  return reply.ok && at(reply.body, 'value') === 'yes';
}

/**
 * Whether an ApplicationSet syncs what it generates by itself, in an order of its own.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Progressive-Syncs/
 * @throws SluiceError `argocd-permission` of the kind `platform`: not to know this ends nothing by itself.
 */
export async function readSyncOrder(
  client: Client,
  { name, namespace, project }: ApplicationName,
  applicationSet: string,
): Promise<Omit<SyncOrder, 'takenAt'>> {
  const path = `/api/v1/applicationsets/${encodeURIComponent(applicationSet)}`;
  const reply = await client.get(path, { appsetNamespace: namespace || undefined }, { attempts: 2 });
  if (!reply.ok) {
    // While kube-apiserver is away 403 is answered as well, and `can-i` still says yes.
    const isNo = reply.status === 403 || reply.status === 404;
    const isDenied = isNo && !(await mayRead(client, project, applicationSet));
    // It is gone, and has left the application behind.
    if (reply.status === 404 && !isDenied) return { applicationSet, rolling: false };
    throw new SluiceError(
      'platform',
      isDenied ? 'argocd-permission' : 'argocd-unavailable',
      `${client.server} does not show the ApplicationSet ${applicationSet} to this token (HTTP ${reply.status}: ${reply.message})`,
      { hint: `Give its role or account \`applicationsets, get, ${project}/${applicationSet}\`.` },
    );
  }
  const rolling = text(at(reply.body, 'spec', 'strategy', 'type')) === 'RollingSync';
  const status = items(at(reply.body, 'status', 'applicationStatus')).find(
    (one) => at(one, 'application') === name,
  );
  if (!rolling) return { applicationSet, rolling };
  const step = text(at(status, 'step'));
  const phase = text(at(status, 'status'));
  return { applicationSet, rolling, ...(step && { step }), ...(phase && { phase }) };
}
