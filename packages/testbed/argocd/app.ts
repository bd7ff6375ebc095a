import { randomUUID } from 'node:crypto';
import { isoSeconds } from './clock.ts';
import type { JsonObject } from './json.ts';
import { sourcesOf } from './render/render.ts';
import type { Manifest, Operation, Spec, Status } from './types.ts';

/** What is rendered of an application. */
export interface Desired {
  readonly manifests: readonly Manifest[];
  readonly types: readonly string[];
}

/** Faults of one application; see `faults.ts`. */
export interface AppFaults {
  /** How many refreshes answer 200 with the comparison before. */
  loseRefreshes: number;
  /** What the cache of manifests holds for every commit, until a hard refresh empties it. */
  kept: Desired | undefined;
  /** Why the hydrator fails. */
  hydration: string | undefined;
  /** Until when nothing is written to the status. */
  staleUntil: number;
  /** How long each comparison takes. */
  slowMs: number;
  /** Commits that the next comparisons see instead of the branch's head. */
  cached: { readonly commit: string; left: number } | undefined;
  neverSync: boolean;
  hooks: 'succeed' | 'fail' | 'hang';
  /** Object name to the API server's refusal. */
  readonly refuse: Map<string, string>;
}

/** An Application and what the controller remembers of it. */
export interface App {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** `metadata.ownerReferences`. */
  readonly owners: readonly JsonObject[];
  resourceVersion: number;
  generation: number;
  spec: Spec;
  status: Status;
  operation: Operation | undefined;
  /** Rendered objects and commits of the last comparison. */
  targets: readonly Manifest[];
  commits: readonly string[];
  /** The comparison that is running. */
  comparing: Promise<void> | undefined;
  /** Set while an operation runs; `terminate` ends it. */
  running: { terminated: boolean; readonly done: Promise<void> } | undefined;
  autoHealAttempts: number;
  hydrating: boolean;
  readonly faults: AppFaults;
}

export interface AppOptions {
  readonly name: string;
  readonly namespace: string;
  readonly spec: Spec;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Of the Application object in the cluster, where there is one. */
  readonly uid?: string;
  readonly owners?: readonly JsonObject[];
}

export function createApp(options: AppOptions, now: number): App {
  return {
    name: options.name,
    namespace: options.namespace,
    uid: options.uid ?? randomUUID(),
    createdAt: isoSeconds(now),
    labels: options.labels ?? {},
    annotations: options.annotations ?? {},
    owners: options.owners ?? [],
    resourceVersion: 1,
    generation: 1,
    spec: options.spec,
    status: {
      sync: { status: 'Unknown' },
      health: { status: 'Healthy' },
      summary: {},
      resourceHealthSource: 'appTree',
      controllerNamespace: 'argocd',
      sourceHydrator: {},
    },
    operation: undefined,
    targets: [],
    commits: [],
    comparing: undefined,
    running: undefined,
    autoHealAttempts: 0,
    hydrating: false,
    faults: {
      loseRefreshes: 0,
      kept: undefined,
      hydration: undefined,
      staleUntil: 0,
      slowMs: 0,
      cached: undefined,
      neverSync: false,
      hooks: 'succeed',
      refuse: new Map(),
    },
  };
}

export const isMultiSource = (spec: Spec) => spec.sources !== undefined;

/** The revisions that the Application asks for, one for each source. */
export function targetRevisions(spec: Spec): readonly string[] {
  return sourcesOf(spec).map((source) => source.targetRevision ?? 'HEAD');
}

export function isAutomated(spec: Spec): boolean {
  const automated = spec.syncPolicy?.automated;
  return automated !== undefined && automated.enabled !== false;
}

/** The Application as the API shows it. Only GET and the stream fill in the health of each resource. */
export function showApp(app: App, resourceHealth: boolean): JsonObject {
  const { resources, conditions, ...status } = app.status;
  const shown = resources?.map(({ health, ...rest }) => ({
    ...rest,
    ...(resourceHealth && health !== undefined ? { health } : {}),
  }));
  const metadata = {
    name: app.name,
    namespace: app.namespace,
    uid: app.uid,
    resourceVersion: String(app.resourceVersion),
    generation: app.generation,
    creationTimestamp: app.createdAt,
    ...(Object.keys(app.labels).length > 0 ? { labels: app.labels } : {}),
    ...(Object.keys(app.annotations).length > 0 ? { annotations: app.annotations } : {}),
    ...(app.owners.length > 0 ? { ownerReferences: app.owners } : {}),
  };
  const full = {
    metadata,
    spec: app.spec,
    status: {
      ...(shown === undefined || shown.length === 0 ? {} : { resources: shown }),
      ...status,
      ...(conditions === undefined || conditions.length === 0 ? {} : { conditions }),
    },
    operation: app.operation,
  };
  const copy: JsonObject = JSON.parse(JSON.stringify(full));
  return copy;
}
