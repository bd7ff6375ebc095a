import type { Edit, Place } from '@sluice/gitops/change';
import type { Json } from '../json.ts';
import { type Application, parseApplication } from '../observation.ts';
import { remember } from './history.ts';
import type {
  ContentEvidence,
  DecisionInput,
  History,
  ManagedResource,
  Overwrite,
  Settings,
} from './types.ts';

/** When the first answer after the push was received, by every clock. */
export const T0 = Date.parse('2026-11-21T03:00:00Z');
export const seconds = (count: number): number => T0 + count * 1000;
const iso = (count: number): string => `${new Date(seconds(count)).toISOString().slice(0, 19)}Z`;

export const BEFORE = '1'.repeat(40);
export const OURS = '2'.repeat(40);
export const LATER = '3'.repeat(40);
export const OLD_IMAGE = 'registry.example/api:1.3.9';
export const IMAGE = 'registry.example/api:1.4.2';

/** Seconds are counted from T0. */
export interface Shown {
  readonly metadata?: Readonly<Record<string, Json>>;
  readonly revision?: string;
  readonly sync?: string;
  readonly health?: string;
  readonly healthSince?: number;
  readonly reconciledAt?: number;
  readonly resources?: readonly Json[];
  readonly operation?: Json;
  readonly operationState?: Json;
  readonly conditions?: readonly Json[];
  readonly automated?: Json;
  readonly spec?: Readonly<Record<string, Json>>;
  readonly status?: Readonly<Record<string, Json>>;
}

export const deployment = (fields: Readonly<Record<string, Json>> = {}): Json => ({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  namespace: 'payments',
  name: 'api',
  status: 'Synced',
  health: { status: 'Healthy' },
  ...fields,
});

export const configMap = (fields: Readonly<Record<string, Json>> = {}): Json => ({
  version: 'v1',
  kind: 'ConfigMap',
  namespace: 'payments',
  name: 'settings',
  status: 'Synced',
  ...fields,
});

interface OperationFields {
  readonly phase?: string;
  readonly revision?: string;
  readonly finishedAt?: number | undefined;
  readonly dryRun?: boolean;
  readonly message?: string;
  readonly resources?: readonly Json[];
}

export function operated(fields: OperationFields = {}): Json {
  const {
    phase = 'Succeeded',
    revision = OURS,
    dryRun,
    message = 'successfully synced (all tasks run)',
  } = fields;
  const finishedAt = 'finishedAt' in fields ? fields.finishedAt : 8;
  const resources = fields.resources ?? [
    {
      group: 'apps',
      kind: 'Deployment',
      namespace: 'payments',
      name: 'api',
      status: 'Synced',
      images: [IMAGE],
    },
  ];
  return {
    operation: { sync: { revision, ...(dryRun && { dryRun }) } },
    phase,
    message,
    startedAt: iso(6),
    ...(finishedAt !== undefined && { finishedAt: iso(finishedAt) }),
    syncResult: { revision, resources },
  };
}

const SOURCE = { repoURL: 'https://git.example/gitops.git', path: 'apps/payments', targetRevision: 'main' };
const DESTINATION = { server: 'https://kubernetes.default.svc', namespace: 'payments' };

/** An application at which our change is live, but for what is given. */
export function application(shown: Shown = {}): Application {
  const { automated = {}, health = 'Healthy', sync = 'Synced' } = shown;
  return parseApplication({
    metadata: { name: 'payments', namespace: 'argocd', ...shown.metadata },
    spec: {
      project: 'default',
      source: SOURCE,
      destination: DESTINATION,
      ...(automated !== null && { syncPolicy: { automated } }),
      ...shown.spec,
    },
    ...(shown.operation !== undefined && { operation: shown.operation }),
    status: {
      resources: shown.resources ?? [configMap(), deployment()],
      sync: {
        status: sync,
        revision: shown.revision ?? OURS,
        comparedTo: { source: SOURCE, destination: DESTINATION },
      },
      health: { status: health, lastTransitionTime: iso(shown.healthSince ?? 20) },
      reconciledAt: iso(shown.reconciledAt ?? 10),
      ...(shown.operationState !== null && { operationState: shown.operationState ?? operated() }),
      conditions: shown.conditions ?? [],
      ...shown.status,
    },
  });
}

export function manifest(image: string, fields: Readonly<Record<string, Json>> = {}): Json {
  const spec = { containers: [{ name: 'app', image }] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api' },
    spec: { template: { spec } },
    ...fields,
  };
}

export const managed = (target = IMAGE, live: string | undefined = IMAGE): ManagedResource => ({
  group: 'apps',
  kind: 'Deployment',
  namespace: 'payments',
  name: 'api',
  target: manifest(target),
  ...(live !== undefined && { live: manifest(live) }),
});

export const containerPlace = {
  type: 'container',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name: 'api',
  list: 'containers',
  container: 'app',
} as const satisfies Place;

export const imageEdit = (place: Place = containerPlace, image = IMAGE): Edit => ({
  place,
  from: OLD_IMAGE,
  to: image,
  image,
});

export const overwrite = (fields: Partial<Overwrite> = {}): Overwrite => ({
  sha: LATER,
  author: 'alice',
  path: 'apps/payments/deployment.yaml',
  place: 'Deployment/api container app',
  from: IMAGE,
  to: OLD_IMAGE,
  newer: false,
  ...fields,
});

export interface Situation
  extends Partial<Omit<DecisionInput, 'settings' | 'observed' | 'history' | 'evidence'>> {
  readonly settings?: Partial<Settings>;
  readonly shown?: Shown;
  /** Seconds since T0 of the last look; 60. */
  readonly at?: number;
  /** Earlier looks, oldest first; by default the same was shown 20 s before. */
  readonly earlier?: readonly { readonly at: number; readonly shown: Shown }[];
  readonly edits?: readonly Edit[];
  readonly content?: Readonly<Record<string, ContentEvidence | { unavailable: string }>>;
  /** `null`: not asked yet. */
  readonly resources?: readonly ManagedResource[] | { unavailable: string } | null;
  readonly rendered?: DecisionInput['evidence']['rendered'];
  /** Other evidence. */
  readonly facts?: Pick<DecisionInput['evidence'], 'windows' | 'order' | 'uncached'>;
}

/** The input of a decision for a change that is live, but for what is given. */
export function situation(given: Situation = {}): DecisionInput {
  const {
    at = 60,
    shown = {},
    settings,
    content,
    resources,
    rendered,
    edits = [imageEdit()],
    ...rest
  } = given;
  const observed = { application: application(shown), takenAt: seconds(at) };
  let history: History | undefined;
  for (const look of given.earlier ?? [{ at: at - 20, shown }]) {
    history = remember(history, { application: application(look.shown), takenAt: seconds(look.at) });
  }
  const items = resources ?? [managed()];
  const evidence =
    'unavailable' in items
      ? items
      : {
          revision: observed.application.sync.revisions[0] ?? '',
          reconciledAt: observed.application.reconciledAt,
          takenAt: observed.takenAt,
          items,
        };
  return {
    settings: {
      until: 'complete',
      scope: 'changed',
      sync: 'never',
      settleMs: 10_000,
      degradedGraceMs: 60_000,
      skewMs: 2000,
      prune: false,
      registryAliases: [],
      ...settings,
    },
    expectation: {
      type: 'change',
      change: {
        schema: 'sluice.change.v1',
        repository: 'https://git.example/gitops',
        branch: 'main',
        commit: OURS,
        base: BEFORE,
        files: [{ path: 'apps/payments/deployment.yaml', edits }],
      },
      edits: edits.map((edit) => ({ path: 'apps/payments/deployment.yaml', edit })),
    },
    sourceIndex: 0,
    now: seconds(at),
    baseline: { serverTime: T0, localTime: T0, unwell: [] },
    refreshedAt: seconds(4),
    observed,
    history: remember(history, observed),
    evidence: {
      content: new Map(
        Object.entries({
          [OURS]: { state: 'contained' },
          [BEFORE]: { state: 'behind' },
          ...content,
        } as const),
      ),
      ...(resources !== null && { resources: evidence }),
      ...(rendered !== undefined && { rendered }),
      // It renders to the same with and without the cache.
      ...('items' in evidence && {
        uncached: {
          revision: observed.application.sync.revisions[rest.sourceIndex ?? 0] ?? '',
          items: evidence.items,
        },
      }),
      ...given.facts,
    },
    ...rest,
  };
}
