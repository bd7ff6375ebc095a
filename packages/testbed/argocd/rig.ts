import type { App } from './app.ts';
import type { StandInClock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterOptions } from './clusters.ts';
import type { GitReader } from './git.ts';
import type { PodTrouble } from './troubles.ts';

/** How long things take, in milliseconds. Defaults make tests fast; the product's own are in brackets. */
export interface Timing {
  /** From a new pod template to Healthy. */
  rollout: number;
  /** From a new pod template with a bad image to Degraded [600,000]. */
  progressDeadline: number;
  /** From an accepted operation to Running, and from there to the first apply. */
  operation: number;
  /** From Succeeded to the status that has seen the sync [10–30]. */
  statusLag: number;
  /** How long the hydrator renders. */
  hydration: number;
  /** From a drift to self-heal [5,000]. */
  selfHeal: number;
  /** Polling of Git; 0: only refreshes look [120,000]. */
  resync: number;
  /** Factor for the back-off of retries [1]. */
  retryScale: number;
  /** Silence after which an event stream sends a comment [15,000]. */
  keepAlive: number;
}

export const fastTiming: Timing = {
  rollout: 100,
  progressDeadline: 300,
  operation: 5,
  statusLag: 20,
  hydration: 50,
  selfHeal: 50,
  resync: 0,
  retryScale: 0.01,
  keepAlive: 15_000,
};

export interface SyncWindow {
  readonly kind: 'allow' | 'deny';
  readonly schedule: string;
  readonly duration: string;
  readonly manualSync: boolean;
  readonly timeZone?: string;
}

export interface Project {
  readonly name: string;
  /** The windows that are active now. */
  windows: readonly SyncWindow[];
  /** Those that are not. */
  readonly idle?: readonly SyncWindow[];
}

/** What all parts of the stand-in share. */
export interface Rig {
  readonly clock: StandInClock;
  readonly timing: Timing;
  readonly cluster: Cluster;
  readonly git: GitReader;
  /** Where a repository lies. */
  folder(repoURL: string): string;
  readonly apps: Map<string, App>;
  readonly projects: Map<string, Project>;
  /** `application.sync.requireOverridePrivilegeForRevisionSync` */
  readonly requireOverride: boolean;
  /** What the API lists; all objects live in the one `cluster`. */
  readonly clusters: readonly ClusterOptions[];
  /** References that never become healthy. */
  readonly badImages: Set<string>;
  /** Workloads whose Pods do not come up, by `keyText`. */
  readonly troubles: Map<string, PodTrouble>;
  /** With it Pods are shown in the tree and in `summary.images`, as in a cluster that has nodes. */
  readonly pods: boolean;
  nextVersion(): number;
  /** Tells every stream that an application has changed. */
  emit(app: App): void;
  /** Called after each comparison: where auto-sync decides. */
  compared(app: App): void;
  /** The ApplicationSet controller is away, or back. */
  holdApplicationSets(on: boolean): void;
}

/** Whether the windows forbid a sync now: one that denies does, and one that would allow while none that allows is active. */
export function blocked(rig: Rig, app: App, automated: boolean): boolean {
  const { windows = [], idle = [] } = rig.projects.get(app.spec.project) ?? {};
  const lets = (window: SyncWindow): boolean => !automated && window.manualSync;
  const denying = windows.filter(({ kind }) => kind === 'deny');
  if (denying.length > 0) return !denying.every(lets);
  const allowing = idle.filter(({ kind }) => kind === 'allow');
  return !windows.some(({ kind }) => kind === 'allow') && allowing.length > 0 && !allowing.every(lets);
}
