import type { Clock } from '@sluice/core/clock';
import { at, items, type Json, text } from '../json.ts';
import { parseApplication } from '../observation.ts';
import { poll } from '../watch/watch.ts';
import type { Client, Query, Reply } from './client.ts';
import { isTransient } from './client-errors.ts';
import { listQuery } from './list-filter.ts';
import { embedded, parseManagedResource } from './managed-resource.ts';
import type { Answer, ApplicationName, ArgoCD, Listed } from './port.ts';
import { projects } from './projects.ts';
import { notListed, refusal } from './refusal.ts';
import { classifySync, syncBody } from './sync-call.ts';
import { parseEvent, parseNode } from './tree.ts';

// The list knows only a fixed set of fields; these are all that choosing needs, and keep thousands of applications small.
const listFields = ['metadata.name', 'metadata.namespace', 'metadata.annotations', 'spec'];

/** `?refresh=` blocks without a limit while the controller is away, and ingresses cut it after a minute. */
const refreshTimeout = 10_000;

/** For what only explains: nobody waits for it. */
const once = { attempts: 1 };

/** The port over the REST API; watches by polling. */
export function createArgoCD(client: Client, clock: Clock, signal?: AbortSignal): ArgoCD {
  const pathOf = ({ name }: ApplicationName, rest = '') =>
    `/api/v1/applications/${encodeURIComponent(name)}${rest}`;
  const who = ({ project, namespace }: ApplicationName): Query => ({
    project: project || undefined,
    appNamespace: namespace || undefined,
  });

  async function body(application: ApplicationName, reply: Reply): Promise<Json> {
    if (reply.ok) return reply.body;
    throw await refusal(client, application, reply);
  }

  async function answer(application: ApplicationName, reply: Reply): Promise<Answer> {
    const serverTime = (reply.ok ? reply.date : undefined) ?? Math.floor(clock.now() / 1000) * 1000;
    return { application: parseApplication(await body(application, reply)), serverTime };
  }

  async function get(application: ApplicationName): Promise<Answer> {
    return answer(application, await client.get(pathOf(application), who(application)));
  }

  return {
    server: client.server,
    within: (until) => createArgoCD(client.within(until), clock, signal),
    get,
    projects: () => projects(client),
    async list(filter) {
      const fields = listFields.map((field) => `items.${field}`).join(',');
      const reply = await client.get('/api/v1/applications', { ...listQuery(filter), fields });
      if (reply.ok) return items(at(reply.body, 'items')).map(listed);
      throw notListed(client.server, reply);
    },
    async refresh(application) {
      const query = { ...who(application), refresh: 'normal' };
      try {
        const reply = await client.get(pathOf(application), query, {
          timeoutMs: refreshTimeout,
          attempts: 1,
        });
        return await answer(application, reply);
      } catch (error) {
        if (isTransient(error)) return undefined;
        throw error;
      }
    },
    async managedResources(application) {
      const reply = await client.get(pathOf(application, '/managed-resources'), who(application));
      return items(at(await body(application, reply), 'items')).map(parseManagedResource);
    },
    async manifests(application, revision, sourceIndex) {
      const query =
        sourceIndex === undefined
          ? { revision }
          : { revisions: revision, sourcePositions: String(sourceIndex + 1) };
      const reply = await client.get(pathOf(application, '/manifests'), { ...who(application), ...query });
      return items(at(await body(application, reply), 'manifests')).map(embedded);
    },
    async sync(application, request) {
      const reply = await client.post(pathOf(application, '/sync'), {
        ...who(application),
        ...syncBody(application, request),
      });
      return reply.ok ? { result: 'accepted' } : classifySync(client, application, reply);
    },
    async closedWindow(application) {
      const reply = await client.get(pathOf(application, '/syncwindows'), who(application));
      return reply.ok ? closedWindow(reply.body) : undefined;
    },
    async tree(application) {
      const reply = await client.get(pathOf(application, '/resource-tree'), who(application), once);
      return items(at(await body(application, reply), 'nodes')).map(parseNode);
    },
    async events(application, { uid, namespace, name }) {
      const object = { resourceUID: uid, resourceNamespace: namespace, resourceName: name };
      const query = { ...who(application), ...object };
      const reply = await client.get(pathOf(application, '/events'), query, once);
      return items(at(await body(application, reply), 'items')).map(parseEvent);
    },
    watch: (application, watching) => poll(() => get(application), clock, watching, signal),
  };
}

function listed(item: Json): Listed {
  const { name, namespace, project, annotations, sources, multiSource } = parseApplication(item);
  return { name, namespace, project, annotations, sources, multiSource };
}

function closedWindow(answer: Json): string | undefined {
  if (at(answer, 'canSync') !== false) return undefined;
  const windows = items(at(answer, 'activeWindows')).map(
    (window) =>
      `${text(at(window, 'kind'))} ${text(at(window, 'schedule'))} for ${text(at(window, 'duration'))}`,
  );
  return `a sync window is closed for manual syncs (${windows.join('; ') || 'no window is open'})`;
}
