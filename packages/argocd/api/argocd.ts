import type { Clock } from '@sluice/core/clock';
import { at, items, type Json } from '../json.ts';
import { parseApplication } from '../observation.ts';
import { versionOf } from '../watch/known.ts';
import { createWatcher, type Watcher } from '../watch/watch.ts';
import { type StreamTimes, streamTimes } from '../watch/watch-stream.ts';
import { readApplicationSet } from './application-set.ts';
import { type Budget, createBudget, heldBack, kindOf, paced } from './budget.ts';
import type { Client, Query, Reply } from './client.ts';
import { isTransient } from './client-errors.ts';
import { listQuery } from './list-filter.ts';
import { embedded, parseManagedResource } from './managed-resource.ts';
import type { Answer, ApplicationName, ArgoCD, Listed } from './port.ts';
import { projects } from './projects.ts';
import { notListed, refusal } from './refusal.ts';
import { classifySync, syncBody } from './sync-call.ts';
import { readSyncOrder } from './sync-order.ts';
import { readWindows } from './sync-windows.ts';
import { parseEvent, parseNode } from './tree.ts';

// The list knows only a fixed set of fields; these are all that choosing needs, and keep thousands of applications small.
const listFields = ['metadata.name', 'metadata.namespace', 'metadata.annotations', 'spec'];

/** `?refresh=` blocks without a limit while the controller is away, and ingresses cut it after a minute. */
const refreshTimeout = 10_000;

/** For what only explains: nobody waits for it. */
const once = { attempts: 1 };

/** It stays asked for at the server: whoever waits for the connection needs it more. */
const refreshYields = 500;

/** What all that is asked of one server shares. */
interface Shared {
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly budget: Budget;
  readonly watcher: Watcher;
  readonly name: string;
}

/** The port over the REST API: one stream for all that is watched, and one connection for all that is asked. */
export function createArgoCD(
  client: Client,
  clock: Clock,
  signal?: AbortSignal,
  times: StreamTimes = streamTimes,
  name = '',
): ArgoCD {
  const budget = createBudget(clock);
  const watcher = createWatcher({ client, clock, budget, times, ...(signal && { signal }) });
  return argocdUntil(Number.POSITIVE_INFINITY, { client, clock, signal, budget, watcher, name });
}

function argocdUntil(until: number, shared: Shared): ArgoCD {
  const { clock, budget, watcher } = shared;
  const client = paced(shared.client.within(until), budget, until, shared.signal);
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

  async function answer(application: ApplicationName, ask: () => Promise<Reply>): Promise<Answer> {
    const askedAt = clock.now();
    const reply = await ask();
    const content = await body(application, reply);
    const serverTime = (reply.ok ? reply.date : undefined) ?? Math.floor(clock.now() / 1000) * 1000;
    const version = versionOf(content);
    const answer = {
      ...{ application: parseApplication(content), serverTime },
      ...(version !== undefined && { version }),
    };
    return watcher.note(application, answer, askedAt);
  }

  const get = (application: ApplicationName, isRead = false): Promise<Answer> =>
    answer(application, () => client.get(pathOf(application), who(application), { isRead }));

  return {
    server: client.server,
    name: shared.name,
    within: (end) => argocdUntil(end, shared),
    get: (application) => get(application),
    projects: () => projects(client),
    async list(filter) {
      const fields = listFields.map((field) => `items.${field}`).join(',');
      const reply = await client.get('/api/v1/applications', { ...listQuery(filter), fields });
      if (reply.ok) return items(at(reply.body, 'items')).map(listed);
      throw notListed(client.server, reply);
    },
    async refresh(application, how) {
      // Asked for again when there is room: many that were lost together are no reason to ask without end.
      if (budget.isSpent(kindOf(application, 'refresh'))) return undefined;
      const query = { ...who(application), refresh: how ?? 'normal' };
      const options = { timeoutMs: refreshTimeout, yieldsAfterMs: refreshYields, attempts: 1 };
      try {
        return await answer(application, () => client.get(pathOf(application), query, options));
      } catch (error) {
        if (isTransient(error)) return undefined;
        throw error;
      }
    },
    async managedResources(application) {
      const reply = await client.get(pathOf(application, '/managed-resources'), who(application));
      return items(at(await body(application, reply), 'items')).map(parseManagedResource);
    },
    async manifests(application, revision, sourceIndex, how) {
      const query = {
        ...(sourceIndex === undefined
          ? { revision }
          : { revisions: revision, sourcePositions: String(sourceIndex + 1) }),
        noCache: how === 'uncached' ? 'true' : undefined,
      };
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
    async syncWindows(application) {
      // They only explain what is waited for, which goes on without.
      if (budget.isSpent(kindOf(application, '/syncwindows'))) throw heldBack();
      const reply = await client.get(pathOf(application, '/syncwindows'), who(application));
      return readWindows(client, clock, application, await body(application, reply));
    },
    applicationSet: (set) => readApplicationSet(client, set),
    syncOrder: (application, applicationSet) => readSyncOrder(client, application, applicationSet),
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
    watch: (application, watching) => watcher.watch(application, watching, () => get(application, true)),
  };
}

function listed(item: Json): Listed {
  const { name, namespace, project, annotations, sources, multiSource } = parseApplication(item);
  return { name, namespace, project, annotations, sources, multiSource };
}
