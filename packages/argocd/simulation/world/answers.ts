import type { Health } from './cluster.ts';
import type { Knobs, OperationRequest, OperationState, Rendered, Spec, Status } from './model.ts';
import { BRANCH } from './model.ts';

/** The bodies of Argo CD's API, as it writes them. */

const REPOSITORY = 'https://git.example/gitops.git';
const PATH = 'apps/payments';
const NAMESPACE = 'payments';

export interface Shown {
  readonly spec: Spec;
  readonly status: Status;
  readonly operation: OperationRequest | undefined;
  readonly annotated: boolean;
  readonly version: number;
}

const API = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: NAMESPACE, name: 'api' };
const WORKER = { ...API, name: 'worker' };
const SETTINGS = { version: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'settings' };
const EXTRA = { ...SETTINGS, name: 'extra' };
const HOOK = { group: 'batch', version: 'v1', kind: 'Job', namespace: NAMESPACE, name: 'smoke' };

/** The body of `GET /api/v1/applications/payments`. */
export function applicationBody(shown: Shown, knobs: Knobs): unknown {
  const { spec, status, operation } = shown;
  // Argo CD's times have whole seconds, cut and not rounded.
  const iso = (time: number): string =>
    `${new Date(time + knobs.controllerClock).toISOString().slice(0, 19)}Z`;
  return {
    metadata: { name: 'payments', namespace: 'argocd', resourceVersion: String(shown.version) },
    spec: {
      project: 'default',
      ...sourceOf(spec),
      ...(spec.autoSync && {
        syncPolicy: { automated: { selfHeal: knobs.selfHeal, prune: knobs.prune } },
      }),
    },
    ...(operation !== undefined && { operation: requestBody(operation) }),
    status: {
      sync: { status: status.sync, revision: status.revision, comparedTo: sourceOf(status.comparedTo) },
      health: { status: status.health, lastTransitionTime: iso(status.healthSince) },
      reconciledAt: iso(status.reconciledAt),
      sourceType: 'Kustomize',
      conditions: status.conditions.map(({ type, message, since }) => ({
        ...{ type, message, lastTransitionTime: iso(since) },
      })),
      resources: resourcesBody(status),
      ...(status.operationState && { operationState: stateBody(status.operationState, iso) }),
    },
  };
}

const sourceOf = ({ image, edition }: Spec) => ({
  source: {
    repoURL: REPOSITORY,
    path: PATH,
    targetRevision: BRANCH,
    kustomize: {
      commonAnnotations: { edition: String(edition) },
      ...(image !== undefined && { images: [image] }),
    },
  },
  destination: { server: 'https://kubernetes.default.svc', namespace: NAMESPACE },
});

function resourcesBody({ difference, live, target }: Status): readonly unknown[] {
  const of = (key: object, status: string | undefined, health?: Health, more: object = {}) => ({
    ...{ ...key, status },
    ...(health !== undefined && { health: { status: health } }),
    ...more,
  });
  const { extra } = difference;
  return [
    of(API, difference.api, live.api.image === undefined ? 'Missing' : live.api.health),
    of(WORKER, difference.api === 'Unknown' ? 'Unknown' : 'Synced', live.worker),
    of(SETTINGS, difference.settings),
    ...(extra === undefined
      ? []
      : [of(EXTRA, extra, undefined, target.extra ? {} : { requiresPruning: true })]),
  ];
}

const requestBody = ({ revision, dryRun, resources, prune, info, automated }: OperationRequest) => ({
  sync: {
    ...(revision !== undefined && { revision }),
    ...(dryRun === true && { dryRun }),
    ...(prune === true && { prune }),
    ...(resources !== undefined && {
      resources: resources.map((name) =>
        name === 'api' ? { group: 'apps', kind: 'Deployment', name } : { kind: 'ConfigMap', name },
      ),
    }),
  },
  initiatedBy: automated === true ? { automated } : { username: 'alice' },
  ...(info !== undefined && { info: [info] }),
});

function stateBody(state: OperationState, iso: (time: number) => string): unknown {
  const { request, phase, message, startedAt, finishedAt, retryCount, revision } = state;
  return {
    ...{ operation: requestBody(request), phase, message, startedAt: iso(startedAt) },
    ...(finishedAt !== undefined && { finishedAt: iso(finishedAt) }),
    ...(retryCount > 0 && { retryCount }),
    ...(revision !== undefined && { syncResult: { revision, resources: resultBody(state) } }),
  };
}

function resultBody({ request, rendered, failed, hookRan }: OperationState): readonly unknown[] {
  if (rendered === undefined) return [];
  const status = failed === 'objects' ? 'SyncFailed' : 'Synced';
  const takes = (name: 'api' | 'settings') => request.resources?.includes(name) !== false;
  return [
    ...(takes('settings') ? [{ ...SETTINGS, status: 'Synced' }] : []),
    ...(takes('api')
      ? [{ ...API, status, message: 'deployment.apps/api configured', images: [rendered.image] }]
      : []),
    ...(failed === 'hook' || hookRan === true
      ? [
          {
            ...HOOK,
            status: 'Synced',
            hookType: 'PostSync',
            hookPhase: failed === 'hook' ? 'Failed' : 'Succeeded',
          },
        ]
      : []),
  ];
}

/** A rendered or live Deployment. */
export const deploymentManifest = (image: string) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  metadata: { name: 'api', namespace: NAMESPACE },
  spec: { template: { spec: { containers: [{ name: 'app', image }] } } },
});

export const settingsManifest = (color: string, name = 'settings') => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, data: { color } },
});

/** All that is rendered, as `manifests` lists it. */
export const manifestsOf = ({ image, color, extra }: Rendered): readonly unknown[] => [
  deploymentManifest(image),
  {
    ...deploymentManifest('registry.example/worker:1.0.0'),
    metadata: { name: 'worker', namespace: NAMESPACE },
  },
  settingsManifest(color),
  ...(extra ? [settingsManifest('extra', 'extra')] : []),
];

/** The items of `managed-resources`: JSON inside of strings, `"null"` where there is none. */
export function managedBody({ target, live }: Status): readonly unknown[] {
  const worker = { ...deploymentManifest('registry.example/worker:1.0.0'), metadata: { name: 'worker' } };
  const item = (key: object, targetState: unknown, liveState: unknown) => ({
    ...key,
    targetState: JSON.stringify(targetState),
    liveState: JSON.stringify(liveState),
    normalizedLiveState: JSON.stringify(liveState),
  });
  const extra = settingsManifest('extra', 'extra');
  return [
    item(
      API,
      deploymentManifest(target.image),
      live.api.image === undefined ? null : deploymentManifest(live.api.image),
    ),
    item(WORKER, worker, worker),
    item(
      SETTINGS,
      settingsManifest(target.color),
      live.color === undefined ? null : settingsManifest(live.color),
    ),
    ...(target.extra || live.extra
      ? [item(EXTRA, target.extra ? extra : null, live.extra ? extra : null)]
      : []),
  ];
}
