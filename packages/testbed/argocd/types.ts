import type { Json, JsonObject } from './json.ts';

export interface HelmSource {
  readonly releaseName?: string;
  readonly valueFiles?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly value: string;
    readonly forceString?: boolean;
  }[];
  readonly values?: string;
  readonly valuesObject?: JsonObject;
  readonly ignoreMissingValueFiles?: boolean;
}

export interface KustomizeSource {
  readonly images?: readonly string[];
  readonly namespace?: string;
}

export interface Source {
  readonly repoURL: string;
  readonly path?: string;
  readonly targetRevision?: string;
  readonly helm?: HelmSource;
  readonly kustomize?: KustomizeSource;
  readonly directory?: { readonly recurse?: boolean; readonly include?: string };
  readonly ref?: string;
}

export interface Retry {
  readonly limit?: number;
  readonly backoff?: {
    readonly duration?: string;
    readonly factor?: number;
    readonly maxDuration?: string;
  };
}

export interface Automated {
  readonly prune?: boolean;
  readonly selfHeal?: boolean;
  readonly enabled?: boolean;
}

/** What is rendered (dry), where that is committed to, and whence it is synced. */
export interface Hydrator {
  readonly drySource: Source;
  readonly syncSource: { readonly targetBranch: string; readonly path: string };
  readonly hydrateTo?: { readonly targetBranch: string };
}

export interface Spec {
  readonly source?: Source;
  readonly sourceHydrator?: Hydrator;
  readonly sources?: readonly Source[];
  readonly destination: { readonly server?: string; readonly name?: string; readonly namespace?: string };
  readonly project: string;
  readonly syncPolicy?: {
    readonly automated?: Automated;
    readonly syncOptions?: readonly string[];
    readonly retry?: Retry;
  };
  readonly revisionHistoryLimit?: number;
}

/** Worst last, as Argo CD orders them. */
export const healthOrder = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const;
export type HealthStatus = (typeof healthOrder)[number];
export interface Health {
  readonly status: HealthStatus;
  readonly message?: string;
}

export interface ResourceKey {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface ResourceStatus {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: 'Synced' | 'OutOfSync' | 'Unknown';
  readonly health?: Health;
  readonly hook?: true;
  readonly requiresPruning?: true;
}

export interface ResultResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status?: 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped';
  readonly message: string;
  readonly hookType?: string;
  readonly hookPhase?: 'Running' | 'Succeeded' | 'Failed';
  readonly syncPhase: string;
  readonly images?: readonly string[];
}

export interface Operation {
  readonly sync: {
    readonly revision?: string;
    readonly prune?: true;
    readonly dryRun?: true;
    readonly resources?: readonly {
      readonly group?: string;
      readonly kind: string;
      readonly name: string;
      readonly namespace?: string;
    }[];
    readonly source?: Source;
    readonly syncOptions?: readonly string[];
    readonly sources?: readonly Source[];
    readonly revisions?: readonly string[];
    readonly autoHealAttemptsCount?: number;
  };
  readonly initiatedBy: { readonly username?: string; readonly automated?: true };
  readonly info?: readonly { readonly name: string; readonly value: string }[];
  readonly retry: Retry;
}

export type Phase = 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';

/** Where one operation applied what: one revision, or one for each source. */
export interface Revisions {
  readonly revision?: string;
  readonly source?: Source;
  readonly sources?: readonly Source[];
  readonly revisions?: readonly string[];
}

export interface OperationState {
  readonly operation: Operation;
  readonly phase: Phase;
  readonly message?: string;
  readonly syncResult?: Revisions & { readonly resources?: readonly ResultResource[] };
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly retryCount?: number;
}

export interface Condition {
  readonly type: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

export interface Status {
  readonly resources?: readonly ResourceStatus[];
  readonly sync: {
    readonly status: 'Synced' | 'OutOfSync' | 'Unknown';
    readonly comparedTo?: {
      readonly source?: Source | { readonly repoURL: '' };
      readonly destination: Spec['destination'];
      readonly sources?: readonly Source[];
    };
    readonly revision?: string;
    readonly revisions?: readonly string[];
  };
  readonly health: Health & { readonly lastTransitionTime?: string };
  readonly history?: readonly JsonObject[];
  readonly conditions?: readonly Condition[];
  readonly reconciledAt?: string;
  readonly operationState?: OperationState;
  readonly sourceType?: string;
  readonly summary: { readonly images?: readonly string[] };
  readonly resourceHealthSource: 'appTree';
  readonly sourceTypes?: readonly string[];
  readonly controllerNamespace: string;
  readonly sourceHydrator: JsonObject;
}

/** One rendered or live object. */
export type Manifest = JsonObject;

export type { Json, JsonObject };
