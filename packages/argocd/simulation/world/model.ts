import type { Health, State } from './cluster.ts';
import type { Content } from './git.ts';

/** How this installation is, and what it is set to. Durations and offsets in milliseconds. */
export interface Knobs {
  readonly autoSync: boolean;
  readonly selfHeal: boolean;
  readonly prune: boolean;
  /** `ignoreDifferences` on the image: drift of it does not show as OutOfSync. */
  readonly ignoresImage: boolean;
  /** Admission puts another registry before live images. */
  readonly mirror: boolean;
  /** Clocks against the true time. */
  readonly serverClock: number;
  readonly controllerClock: number;
  /** Until Argo CD's cache of the cluster has a change. */
  readonly cacheLag: number;
  readonly comparison: number;
  readonly operation: number;
  /** After an operation, until the status is written. */
  readonly statusLag: number;
  /** The controller looks by itself. */
  readonly resync: number;
  /** How long an answer of `ls-remote` is kept. */
  readonly revisionCache: number;
  readonly errorGrace: number;
  readonly retries: number;
  readonly retryDelay: number;
  /** A PostSync hook, and what becomes of it. */
  readonly hook: 'none' | 'succeeds' | 'fails';
}

/** What of the Application's spec people change. */
export interface Spec {
  readonly autoSync: boolean;
  /** `kustomize.images` of the Application itself. */
  readonly image?: string;
  /** Something else of its source. */
  readonly edition: number;
}

export interface Rendered {
  readonly image: string;
  readonly color: string;
  readonly extra: boolean;
}

export type Sync = 'Synced' | 'OutOfSync' | 'Unknown';

export interface Difference {
  readonly api: Sync;
  readonly settings: Sync;
  /** Absent: neither in Git nor in the cluster. */
  readonly extra?: Sync;
}

/** The Deployment of the change, the ConfigMap beside it, and the ConfigMap that later commits may drop. */
export type ObjectName = 'api' | 'settings' | 'extra';

export interface OperationRequest {
  readonly revision?: string;
  readonly dryRun?: boolean;
  /** Only these; all where absent. */
  readonly resources?: readonly ObjectName[];
  readonly prune?: boolean;
  readonly automated?: boolean;
  readonly info?: { readonly name: string; readonly value: string };
}

export type Phase = 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';

export interface OperationState {
  readonly request: OperationRequest;
  readonly phase: Phase;
  readonly message: string;
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly retryCount: number;
  /** What was applied. */
  readonly revision?: string;
  readonly rendered?: Rendered;
  /** The objects, or the hook, that it failed by. */
  readonly failed?: 'objects' | 'hook';
  readonly hookRan?: boolean;
}

export interface Condition {
  readonly type: 'ComparisonError' | 'SyncError';
  readonly message: string;
  readonly since: number;
}

/** What `status` says. */
export interface Status {
  readonly sync: Sync;
  /** A commit; the branch where none could be compared with. */
  readonly revision: string;
  readonly comparedTo: Spec;
  readonly reconciledAt: number;
  readonly health: Health;
  readonly healthSince: number;
  readonly conditions: readonly Condition[];
  readonly difference: Difference;
  /** The cluster as the last comparison found it. */
  readonly live: State;
  /** What no answer says: the true time that `live` is of, and the commit that was compared with. */
  readonly liveAt: number;
  readonly commit: string | undefined;
  readonly target: Rendered;
  readonly operationState?: OperationState;
}

export const BRANCH = 'main';

export const render = (content: Content, spec: Spec): Rendered => ({
  image: spec.image ?? content.override ?? content.image,
  color: content.color,
  extra: content.extra,
});

/** What admission makes of an image. */
export const admitted = (image: string, { mirror }: Knobs): string =>
  mirror ? image.replace('registry.example/', 'mirror.example/proxy/') : image;

export function differenceOf(target: Rendered, live: State, knobs: Knobs): Difference {
  const ignored = knobs.ignoresImage || knobs.mirror;
  const same = live.api.image === admitted(target.image, knobs);
  const synced = (yes: boolean): Sync => (yes ? 'Synced' : 'OutOfSync');
  return {
    api: synced(live.api.image !== undefined && (same || ignored)),
    settings: synced(live.color === target.color),
    ...((target.extra || live.extra) && { extra: synced(target.extra === live.extra) }),
  };
}

export const outOfSync = (difference: Difference): readonly ObjectName[] =>
  (['api', 'settings', 'extra'] as const).filter((name) => difference[name] === 'OutOfSync');

export const isAllSynced = (difference: Difference): boolean =>
  Object.values(difference).every((one) => one === 'Synced');

/** From the best to the worst. */
const ORDER = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded'] as const;

export const worstHealth = ({ api, worker }: State): Health =>
  ORDER[Math.max(ORDER.indexOf(api.health), ORDER.indexOf(worker))] ?? 'Degraded';
