import { type Account, demand, may } from './accounts.ts';
import { type App, showApp } from './app.ts';
import { showCluster } from './clusters.ts';
import { compare, refresh, renderAt } from './controller.ts';
import { ApiError, denied } from './errors.ts';
import { projectFields } from './fields.ts';
import { hydrate } from './hydrator.ts';
import { type JsonObject, sortedJson } from './json.ts';
import { startOperation, terminate } from './operation.ts';
import { sourcesOf } from './render/render.ts';
import { blocked, type Rig, type SyncWindow } from './rig.ts';
import { selects } from './select.ts';
import { findSet, projectOf } from './sets/application-sets.ts';
import { operationOf } from './sync-request.ts';
import { resourceEvents, resourceTree } from './tree.ts';
import { liveManifest, managedResources } from './views.ts';

/** One authenticated request to a route; `args` are the parts of its path. */
export interface Call {
  readonly rig: Rig;
  readonly account: Account;
  readonly args: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly outage: { kubernetes: boolean; repoServer: boolean };
}
export type Handler = (call: Call) => JsonObject | Promise<JsonObject>;

function askedProject(query: URLSearchParams): string | undefined {
  const projects = [...query.getAll('project'), ...query.getAll('projects')].filter(
    (project) => project !== '',
  );
  if (projects.length > 1)
    throw new ApiError(
      3,
      'multiple projects specified - the get endpoint accepts either zero or one project',
    );
  return projects[0];
}

/**
 * The application, for somebody who may see it. Without `project` a missing one is 403 like a forbidden one; with
 * `project` it is 404. With the Kubernetes API away both are 403.
 */
function findApp(call: Call, projectFromBody?: string): App {
  const { rig, account, query, args, outage } = call;
  const [name = ''] = args;
  const project = projectFromBody ?? askedProject(query);
  if (project !== undefined && !may(account, 'get', project)) throw denied();
  if (outage.kubernetes) throw denied();
  const app = rig.apps.get(name);
  const namespace = query.get('appNamespace');
  const found = app !== undefined && (!namespace || namespace === app.namespace) ? app : undefined;
  if (project !== undefined && (found === undefined || found.spec.project !== project)) {
    throw new ApiError(5, `applications.argoproj.io "${name}" not found`);
  }
  if (found === undefined || !may(account, 'get', found.spec.project)) throw denied();
  return found;
}

function repoServer(call: Call): void {
  if (!call.outage.repoServer) return;
  throw new ApiError(
    14,
    'connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:8081: connect: connection refused"',
  );
}

export const getApp: Handler = async (call) => {
  const app = findApp(call);
  const kind = call.query.get('refresh');
  if (kind !== null && kind !== '') {
    await refresh(call.rig, app, kind);
    // A refresh asks for it as well, and does not wait for it.
    if (app.spec.sourceHydrator !== undefined)
      void hydrate(call.rig, app).then(() => compare(call.rig, app, 'latest'));
  }
  return showApp(app, true);
};

export const listApps: Handler = ({ rig, account, query }) => {
  const apps = [...rig.apps.values()]
    .filter((app) => may(account, 'get', app.spec.project) && selects(query, app))
    .map((app) => showApp(app, false));
  const answer = {
    metadata: { resourceVersion: String(rig.nextVersion()) },
    items: apps.length > 0 ? apps : null,
  };
  const fields = query.get('fields');
  return fields === null ? answer : projectFields(answer, fields.split(','));
};

/** What the account may not see is left out; the token of a project's role sees not even its own. */
export const listProjects: Handler = ({ rig, account }) => ({
  metadata: {},
  items: [...rig.projects.values()]
    .filter(() => account.project === undefined)
    .map(({ name }) => ({ metadata: { name }, spec: { sourceRepos: ['*'] } })),
});

export const userInfo: Handler = ({ account }) => ({
  ...{ loggedIn: true, username: account.name, iss: 'argocd' },
});

export const syncApp: Handler = async (call) => {
  const { body, account, rig } = call;
  const app = findApp(
    call,
    typeof body.project === 'string' && body.project !== '' ? body.project : undefined,
  );
  demand(account, 'sync', app.spec.project, app.name);
  const operation = await operationOf(rig, app, account, body);
  startOperation(rig, app, operation);
  return showApp(app, false);
};

export const endOperation: Handler = (call) => {
  const app = findApp(call);
  demand(call.account, 'sync', app.spec.project, app.name);
  if (terminate(call.rig, app)) return {};
  throw new ApiError(3, 'Unable to terminate operation. No operation is in progress');
};

const resourceFilters = ['group', 'kind', 'name', 'namespace'] as const;

export const getManagedResources: Handler = (call) => {
  const items = managedResources(call.rig.cluster, findApp(call)).filter((item) =>
    resourceFilters.every((filter) => {
      const wanted = call.query.get(filter);
      return wanted === null || (item[filter] ?? '') === wanted;
    }),
  );
  return items.length > 0 ? { items } : {};
};

export const getTree: Handler = (call) => resourceTree(call.rig, findApp(call));

export const getEvents: Handler = (call) => resourceEvents(call.rig, findApp(call), call.query);

export const getManifests: Handler = async (call) => {
  const app = findApp(call);
  repoServer(call);
  const sources = sourcesOf(app.spec);
  const positions = call.query.getAll('sourcePositions').map(Number);
  const asked = call.query.getAll('revisions');
  const revisionOf = (index: number) => {
    const pinned = positions.indexOf(index + 1);
    return (
      (pinned >= 0 ? asked[pinned] : undefined) ??
      (call.query.get('revision') || sources[index]?.targetRevision) ??
      'HEAD'
    );
  };
  try {
    const commits = await Promise.all(
      sources.map((source, index) => call.rig.git.resolve(source.repoURL, revisionOf(index))),
    );
    const how = call.query.get('noCache') === 'true' ? 'uncached' : 'cached';
    const desired = await renderAt(call.rig, app, sources, commits, how);
    return { manifests: desired.manifests.map(sortedJson) };
  } catch (error) {
    throw new ApiError(2, error instanceof Error ? error.message : String(error));
  }
};

export const getMetadata: Handler = async (call) => {
  const app = findApp(call);
  repoServer(call);
  const revision = call.args[1] ?? '';
  if (!/^[0-9a-f]{40}$/.test(revision)) throw new ApiError(2, `revision ${revision} must be resolved`);
  const source = sourcesOf(app.spec)[Number(call.query.get('sourceIndex') ?? 0)];
  try {
    return { ...(await call.rig.git.metadata(source?.repoURL ?? '', revision)) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new ApiError(
      2,
      `error acquiring repo lock: failed to initialize repository resources: rpc error: code = Internal desc = ${text}`,
    );
  }
};

export const getWindows: Handler = (call) => {
  const app = findApp(call);
  const { windows = [], idle = [] } = call.rig.projects.get(app.spec.project) ?? {};
  // The time zone is not told here.
  const shown = ({ timeZone: _, ...window }: SyncWindow) => window;
  return {
    ...(windows.length > 0 && { activeWindows: windows.map(shown) }),
    ...(windows.length + idle.length > 0 && { assignedWindows: [...windows, ...idle].map(shown) }),
    canSync: !blocked(call.rig, app, false),
  };
};

/** One project; without the right to see it, and where there is none, it is 403. */
export const getProject: Handler = ({ rig, account, args }) => {
  const [name = ''] = args;
  const project = rig.projects.get(name);
  if (project === undefined || (account.project ?? name) !== name || !account.projects) throw denied();
  const syncWindows = [...project.windows, ...(project.idle ?? [])].map((window) => ({
    ...{ ...window, applications: ['*'] },
  }));
  return { metadata: { name }, spec: { sourceRepos: ['*'], ...(syncWindows.length > 0 && { syncWindows }) } };
};

/** Its rights are those of its template's project: without them, and where there is none, it is 403. */
export const getSet: Handler = ({ rig, account, args, query, outage }) => {
  const [name = ''] = args;
  const live = findSet(rig, name, query.get('appsetNamespace') || 'argocd');
  if (outage.kubernetes || live === undefined || !account.applicationSets) throw denied();
  if (!may(account, 'get', projectOf(live))) throw denied();
  return liveManifest(live);
};

/** `can-i/{resource}/{action}/{subresource}`: `applications/sync/default/demo`; `*` where the token may everywhere. */
export const canI: Handler = ({ account, args }) => {
  const [resource = '', action = '', subresource = ''] = args;
  const project = decodeURIComponent(subresource).split('/')[0] ?? '*';
  const known = (['get', 'sync', 'override', 'create', 'update', 'delete'] as const).find(
    (one) => one === action,
  );
  const readsProject = resource === 'projects' && known === 'get' && (account.project ?? project) === project;
  const yes =
    resource === 'applications' && known !== undefined ? may(account, known, project) : readsProject;
  return { value: yes ? 'yes' : 'no' };
};

/** Clusters that the token may not see are left out; nothing is refused. `name` and `server` name one. */
export const listClusters: Handler = ({ rig, account, query }) => {
  const id = query.get('id.value');
  const byName = query.get('id.type') === 'name';
  const name = query.get('name') || (byName ? id : null);
  const server = query.get('server') || (byName ? null : id);
  const shown = rig.clusters.filter(
    (cluster) =>
      account.clusters && (!name || cluster.name === name) && (!server || cluster.server === server),
  );
  return { metadata: {}, items: shown.length > 0 ? shown.map(showCluster) : null };
};
