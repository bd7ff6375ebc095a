import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { ApplicationLister } from '@sluice/gitops/applications/port';
import type { ArgoCDLogin } from '../inputs.ts';
import { at, items, strings } from '../json.ts';
import { argocdClient } from '../login/login.ts';
import type { Client } from './client.ts';
import { notListed, refusal } from './refusal.ts';

// The list takes only a fixed set of fields, and the types of sources are none of them: whoever needs those asks for each by itself.
const listFields = ['metadata.name', 'metadata.namespace', 'metadata.annotations', 'spec'];

/** What the Argo CD that the inputs name knows of Applications. Nothing is asked yet. Throws a SluiceError `invalid-input`. */
export async function connectLister(inputs: ArgoCDLogin, world: World): Promise<ApplicationLister> {
  const [server, ...others] = inputs['argocd-server'];
  if (server === undefined || others.length > 0) {
    throw new SluiceError(
      'input',
      'invalid-input',
      '`applications-from: argocd` needs one `argocd-server`.',
      {
        hint: 'Run the step once for each server.',
      },
    );
  }
  return createApplicationLister(await argocdClient(server, inputs, world));
}

/** The same over a client. */
export function createApplicationLister(client: Client): ApplicationLister {
  return {
    server: client.server,
    async list() {
      const fields = listFields.map((field) => `items.${field}`).join(',');
      const reply = await client.get('/api/v1/applications', { fields });
      if (!reply.ok) throw notListed(client.server, reply);
      return items(at(reply.body, 'items'));
    },
    async get(application) {
      const { name, namespace, project } = application;
      const query = { project: project || undefined, appNamespace: namespace || undefined };
      const reply = await client.get(`/api/v1/applications/${encodeURIComponent(name)}`, query);
      if (!reply.ok) throw await refusal(client, application, reply);
      return reply.body;
    },
    async clusterAnnotations({ server, name }) {
      // By either alone: an Application has one of them.
      const query = server === undefined ? { name } : { server };
      const reply = await client.get('/api/v1/clusters', query);
      if (reply.ok) {
        // Argo CD leaves out what the token may not see, and refuses nothing.
        const [cluster] = items(at(reply.body, 'items'));
        return cluster === undefined ? undefined : strings(at(cluster, 'annotations'));
      }
      if (reply.status === 403) return undefined;
      throw new SluiceError(
        'platform',
        'argocd-unavailable',
        `${client.server} does not tell its clusters (HTTP ${reply.status}): ${reply.message}`,
      );
    },
  };
}
