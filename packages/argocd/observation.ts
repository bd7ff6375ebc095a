import { SluiceError } from '@sluice/core/errors';
import { at, isRecord, items, type Json, strings, text, time } from './json.ts';

export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthStatus = 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown';
export type Phase = 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';

/** What names an object of a cluster; versions of an API name the same object. */
export interface ResourceKey {
  readonly group: string;
  readonly kind: string;
  /** Empty for cluster-wide objects. */
  readonly namespace: string;
  readonly name: string;
}

/** An object as `status.resources` lists it. */
export interface ResourceStatus extends ResourceKey {
  /** Absent for hooks. */
  readonly sync?: SyncStatus;
  /** Absent for kinds that have no health check: ConfigMap, CronJob, … */
  readonly health?: HealthStatus;
  readonly message?: string;
  readonly hook: boolean;
  readonly requiresPruning: boolean;
}

/** An object as an operation's `syncResult` lists it. */
export interface SyncedResource extends ResourceKey {
  readonly status?: string;
  readonly message?: string;
  readonly hookPhase?: string;
  /** Of the object that was applied, since Argo CD 3.1; listed for dry runs and for objects that failed, too. */
  readonly images: readonly string[];
}

export interface Operation {
  /** One for each source; a single-source application has one. Empty where the operation names none. */
  readonly revisions: readonly string[];
  readonly dryRun: boolean;
  /** Only some resources: a selective sync, or self-heal. */
  readonly partial: boolean;
  /** Markers: `{gha-run: 'acme/shop/123/1'}`. */
  readonly info: Readonly<Record<string, string>>;
  /** Begun by a controller and not by a person: sync windows tell the two apart. */
  readonly automated: boolean;
}

export interface OperationState {
  readonly phase: Phase;
  readonly message: string;
  readonly startedAt?: number;
  /** With `Running` this means that an attempt failed and that another one is scheduled. */
  readonly finishedAt?: number;
  readonly operation: Operation;
  /** What was applied, one for each source; what the operation asked for where no result says. */
  readonly revisions: readonly string[];
  readonly resources: readonly SyncedResource[];
  /** The source or sources that were applied, as they came; absent where neither the result nor the operation says. */
  readonly applied?: Json;
}

export interface Condition {
  readonly type: string;
  readonly message: string;
  readonly since?: number;
}

export interface Source {
  readonly repoURL: string;
  readonly path?: string;
  readonly targetRevision?: string;
  readonly ref?: string;
  readonly chart?: string;
  /** The whole source, for what is looked at only to explain: `helm.parameters`, `kustomize.images`. */
  readonly raw: Json;
}

/** One answer of Argo CD about one Application: what a decision needs of it, times in milliseconds since the epoch. */
export interface Application {
  readonly name: string;
  readonly namespace: string;
  /** Tells it from another object of the same name; empty in a list. */
  readonly uid: string;
  /** What made it: for a generated one, its ApplicationSet. */
  readonly owners: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  readonly project: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** It waits for its finalizers, which take away what it runs. */
  readonly deleting: boolean;
  readonly multiSource: boolean;
  readonly sources: readonly Source[];
  readonly destination: { readonly server?: string; readonly name?: string; readonly namespace?: string };
  readonly autoSync: { readonly enabled: boolean; readonly selfHeal: boolean; readonly prune: boolean };
  /** As they came, to hold one against the other: `spec` now, and what the last comparison was made with. */
  readonly wanted: Json;
  readonly comparedTo: Json;
  readonly operation?: Operation;
  readonly operationState?: OperationState;
  readonly sync: {
    readonly status: SyncStatus;
    /** One for each source. A branch name, not a commit, on ComparisonError and for unchanged `ref` sources. */
    readonly revisions: readonly string[];
  };
  readonly health: { readonly status: HealthStatus; readonly since?: number };
  /** The start of the last comparison with the source; does not move when only health does. */
  readonly reconciledAt?: number;
  readonly conditions: readonly Condition[];
  readonly resources: readonly ResourceStatus[];
  /** `Kustomize`, `Helm`, `Directory` or `Plugin`, one for each source; empty where Argo CD has not said yet. */
  readonly sourceTypes: readonly string[];
  /** Of the last successful hydration: the commit that people made, and the rendered commit that is synced. Empty before the first. */
  readonly hydrated?: {
    readonly dry: string;
    readonly rendered: string;
    /** The last hydration, whatever became of it. */
    readonly current?: Hydration;
    /** Where the rendered manifests lie in the branch that is synced. */
    readonly path: string;
  };
  /** The name of the ApplicationSet that generates it. */
  readonly applicationSet?: string;
}

/** A run of the hydrator: from the commit that people made to a commit of rendered manifests. */
export interface Hydration {
  readonly phase: 'Hydrating' | 'Hydrated' | 'Failed';
  readonly dry: string;
  readonly message: string;
  readonly finishedAt?: number;
}

/** `apps/Deployment/payments/api`: a key for maps. */
export const keyOf = (key: ResourceKey): string => `${key.group}/${key.kind}/${key.namespace}/${key.name}`;

/** `Deployment payments/api`, as a person reads it. */
export const describeResource = (key: ResourceKey): string =>
  `${key.kind} ${key.namespace === '' ? '' : `${key.namespace}/`}${key.name}`;

/** A value of a closed set, or what stands for everything else. */
const oneOf = <T extends string>(allowed: readonly T[], value: Json, otherwise: T): T =>
  allowed.find((one) => one === value) ?? otherwise;

const syncStatus = (value: Json): SyncStatus => oneOf(['Synced', 'OutOfSync'], value, 'Unknown');
const healthStatus = (value: Json): HealthStatus =>
  oneOf(['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded'], value, 'Unknown');
// A phase that Argo CD does not have yet must never read as done.
const phase = (value: Json): Phase =>
  oneOf(['Terminating', 'Failed', 'Error', 'Succeeded'], value, 'Running');

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } => {
  const filled: { [P in K]?: V } = {};
  if (value !== undefined) filled[key] = value;
  return filled;
};

const revisionsOf = (holder: Json): readonly string[] => {
  const several = items(at(holder, 'revisions')).map((one) => (typeof one === 'string' ? one : ''));
  const single = text(at(holder, 'revision'));
  return several.length > 0 ? several : single === undefined ? [] : [single];
};

/** A single source has `sourceType`; several have `sourceTypes` instead. */
const sourceTypesOf = (status: Json): readonly string[] => {
  const several = items(at(status, 'sourceTypes')).map((one) => text(one) ?? '');
  const single = text(at(status, 'sourceType'));
  return several.length > 0 ? several : single === undefined ? [] : [single];
};

const key = (value: Json): ResourceKey => ({
  group: text(at(value, 'group')) ?? '',
  kind: text(at(value, 'kind')) ?? '',
  namespace: text(at(value, 'namespace')) ?? '',
  name: text(at(value, 'name')) ?? '',
});

const resource = (value: Json): ResourceStatus => ({
  ...key(value),
  ...optional('sync', at(value, 'status') === undefined ? undefined : syncStatus(at(value, 'status'))),
  ...optional(
    'health',
    at(value, 'health', 'status') === undefined ? undefined : healthStatus(at(value, 'health', 'status')),
  ),
  ...optional('message', text(at(value, 'health', 'message'))),
  hook: at(value, 'hook') === true,
  requiresPruning: at(value, 'requiresPruning') === true,
});

const syncedResource = (value: Json): SyncedResource => ({
  ...key(value),
  ...optional('status', text(at(value, 'status'))),
  ...optional('message', text(at(value, 'message'))),
  ...optional('hookPhase', text(at(value, 'hookPhase'))),
  images: items(at(value, 'images')).filter((image) => typeof image === 'string'),
});

function operation(value: Json): Operation {
  const sync = at(value, 'sync');
  const info = items(at(value, 'info')).map((one): [string, Json] => [
    text(at(one, 'name')) ?? '',
    at(one, 'value'),
  ]);
  return {
    revisions: revisionsOf(sync),
    dryRun: at(sync, 'dryRun') === true,
    partial: items(at(sync, 'resources')).length > 0,
    info: strings(Object.fromEntries(info)),
    automated: at(value, 'initiatedBy', 'automated') === true,
  };
}

function operationState(value: Json): OperationState {
  const asked = operation(at(value, 'operation'));
  const applied = revisionsOf(at(value, 'syncResult'));
  const source = [at(value, 'syncResult'), at(value, 'operation', 'sync')].find(
    (one) => isRecord(at(one, 'source')) || items(at(one, 'sources')).length > 0,
  );
  return {
    phase: phase(at(value, 'phase')),
    message: text(at(value, 'message')) ?? '',
    ...optional('startedAt', time(at(value, 'startedAt'))),
    ...optional('finishedAt', time(at(value, 'finishedAt'))),
    operation: asked,
    revisions: applied.length > 0 ? applied : asked.revisions,
    resources: items(at(value, 'syncResult', 'resources')).map(syncedResource),
    ...optional('applied', source),
  };
}

const source = (value: Json): Source => ({
  repoURL: text(at(value, 'repoURL')) ?? '',
  ...optional('path', text(at(value, 'path'))),
  ...optional('targetRevision', text(at(value, 'targetRevision'))),
  ...optional('ref', text(at(value, 'ref'))),
  ...optional('chart', text(at(value, 'chart'))),
  raw: value,
});

/** `automated: {}` is on; since 3.1 it can be there and say `enabled: false`. */
function autoSync(policy: Json): Application['autoSync'] {
  const automated = at(policy, 'automated');
  const enabled = isRecord(automated) && automated.enabled !== false;
  const has = (field: string): boolean => enabled && at(automated, field) === true;
  return { enabled, selfHeal: has('selfHeal'), prune: has('prune') };
}

const condition = (value: Json): Condition => ({
  type: text(at(value, 'type')) ?? '',
  message: text(at(value, 'message')) ?? '',
  ...optional('since', time(at(value, 'lastTransitionTime'))),
});

function hydrated(spec: Json, status: Json): Application['hydrated'] {
  const last = at(status, 'sourceHydrator', 'lastSuccessfulOperation');
  const current = at(status, 'sourceHydrator', 'currentOperation');
  return {
    dry: text(at(last, 'drySHA')) ?? '',
    rendered: text(at(last, 'hydratedSHA')) ?? '',
    ...optional('current', isRecord(current) ? hydration(current) : undefined),
    path: text(at(spec, 'sourceHydrator', 'syncSource', 'path')) ?? '.',
  };
}

const hydration = (value: Json): Hydration => ({
  phase: oneOf(['Hydrated', 'Failed'], at(value, 'phase'), 'Hydrating'),
  dry: text(at(value, 'drySHA')) ?? '',
  message: text(at(value, 'message')) ?? '',
  ...optional('finishedAt', time(at(value, 'finishedAt'))),
});

const applicationSetOf = (metadata: Json): string | undefined =>
  items(at(metadata, 'ownerReferences'))
    .filter((one) => at(one, 'kind') === 'ApplicationSet')
    .map((one) => text(at(one, 'name')))
    .find((name) => name !== undefined);

/**
 * An Application of Argo CD's API (body of GET, item of a list, `application` of a stream's event) as typed data.
 * Fields that are absent or of another type read as absent; a status that is not known reads as `Unknown`.
 * @throws SluiceError `argocd-answer` where the value is no Application at all.
 */
export function parseApplication(body: Json): Application {
  const name = text(at(body, 'metadata', 'name'));
  const spec = at(body, 'spec');
  if (name === undefined || !isRecord(spec)) {
    throw new SluiceError(
      'platform',
      'argocd-answer',
      'Argo CD answered with something that is no Application.',
      {
        hint: 'Check that argocd-server names the Argo CD API server and not a login page or another service.',
      },
    );
  }
  const metadata = at(body, 'metadata');
  const status = at(body, 'status');
  // What people change is the dry source; the rendered one is written by Argo CD alone.
  const dry = at(spec, 'sourceHydrator', 'drySource');
  const sources = dry === undefined ? items(spec.sources) : [];
  const pending = at(body, 'operation');
  return {
    name,
    namespace: text(at(metadata, 'namespace')) ?? '',
    uid: text(at(metadata, 'uid')) ?? '',
    owners: items(at(metadata, 'ownerReferences')).map((one) => ({
      kind: text(at(one, 'kind')) ?? '',
      name: text(at(one, 'name')) ?? '',
      uid: text(at(one, 'uid')) ?? '',
    })),
    project: text(spec.project) ?? 'default',
    annotations: strings(at(metadata, 'annotations')),
    deleting: at(metadata, 'deletionTimestamp') !== undefined,
    multiSource: sources.length > 0,
    sources: (sources.length > 0 ? sources : [dry ?? spec.source]).map(source),
    destination: {
      ...optional('server', text(at(spec, 'destination', 'server'))),
      ...optional('name', text(at(spec, 'destination', 'name'))),
      ...optional('namespace', text(at(spec, 'destination', 'namespace'))),
    },
    autoSync: autoSync(spec.syncPolicy),
    wanted: spec,
    comparedTo: at(status, 'sync', 'comparedTo'),
    ...optional('operation', isRecord(pending) ? operation(pending) : undefined),
    ...optional(
      'operationState',
      isRecord(at(status, 'operationState')) ? operationState(at(status, 'operationState')) : undefined,
    ),
    sync: { status: syncStatus(at(status, 'sync', 'status')), revisions: revisionsOf(at(status, 'sync')) },
    health: {
      status: healthStatus(at(status, 'health', 'status')),
      ...optional('since', time(at(status, 'health', 'lastTransitionTime'))),
    },
    ...optional('reconciledAt', time(at(status, 'reconciledAt'))),
    conditions: items(at(status, 'conditions')).map(condition),
    resources: items(at(status, 'resources')).map(resource),
    sourceTypes: sourceTypesOf(status),
    ...optional('hydrated', isRecord(spec.sourceHydrator) ? hydrated(spec, status) : undefined),
    ...optional('applicationSet', applicationSetOf(metadata)),
  };
}
