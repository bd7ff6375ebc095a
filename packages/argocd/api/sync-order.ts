import { SluiceError } from '@sluice/core/errors';
import type { SyncOrder } from '../decide/types.ts';
import { at, items, text } from '../json.ts';
import type { Client } from './client.ts';
import type { ApplicationName } from './port.ts';

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
    throw new SluiceError(
      'platform',
      'argocd-permission',
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
