import {
  canI,
  endOperation,
  getApp,
  getEvents,
  getManagedResources,
  getManifests,
  getMetadata,
  getProject,
  getSet,
  getTree,
  getWindows,
  type Handler,
  listApps,
  listClusters,
  listProjects,
  syncApp,
  userInfo,
} from './handlers.ts';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly pattern: RegExp;
  /** The query parameters that Argo CD knows here. */
  readonly query: readonly string[];
  readonly handle: Handler;
}

const app = '/api/v1/applications/([^/]+)';
const route = (method: Route['method'], path: string, query: readonly string[], handle: Handler): Route => ({
  method,
  pattern: new RegExp(`^${path}$`),
  query,
  handle,
});

const list = [
  'name',
  'refresh',
  'projects',
  'project',
  'resourceVersion',
  'selector',
  'repo',
  'appNamespace',
  'fields',
];
const one = ['appNamespace', 'project', 'projects'];
const resource = ['group', 'kind', 'name', 'namespace', 'version'];

/** What a stream takes. */
export const streamQuery = list;

export const routes: readonly Route[] = [
  route('GET', '/api/v1/account/can-i/([^/]+)/([^/]+)/(.+)', [], canI),
  route('GET', '/api/v1/clusters', ['server', 'name', 'id.type', 'id.value'], listClusters),
  route('GET', '/api/v1/applicationsets/([^/]+)', ['appsetNamespace'], getSet),
  route('GET', '/api/v1/projects', ['name'], listProjects),
  route('GET', '/api/v1/projects/([^/]+)', [], getProject),
  route('GET', '/api/v1/session/userinfo', [], userInfo),
  route('GET', '/api/v1/applications', list, listApps),
  route('GET', app, [...one, 'refresh', 'resourceVersion', 'selector', 'repo'], getApp),
  route('POST', `${app}/sync`, [], syncApp),
  route('DELETE', `${app}/operation`, one, endOperation),
  route('GET', `${app}/managed-resources`, [...one, ...resource, 'fields'], getManagedResources),
  route('GET', `${app}/events`, [...one, 'resourceUID', 'resourceName', 'resourceNamespace'], getEvents),
  route('GET', `${app}/resource-tree`, [...one, ...resource], getTree),
  route(
    'GET',
    `${app}/manifests`,
    [...one, 'revision', 'revisions', 'sourcePositions', 'noCache'],
    getManifests,
  ),
  route('GET', `${app}/revisions/([^/]+)/metadata`, [...one, 'sourceIndex', 'versionId'], getMetadata),
  route('GET', `${app}/syncwindows`, one, getWindows),
];
