import type { Change, Edit } from '@sluice/gitops/change';
import type { Generated, Generator } from '../children/types.ts';
import type { FieldDifference } from '../evidence/fields.ts';
import type { Json } from '../json.ts';
import type { Application, ResourceKey, ResourceStatus } from '../observation.ts';
import type { ApplicationReasons } from '../reasons.ts';
import type { Initiator, SyncWindows } from '../windows/sync-windows.ts';

/** The clauses of the decision rule, in its order. */
export type ClauseName =
  | 'fresh'
  | 'contained'
  | 'effective'
  | 'synced'
  | 'operation'
  | 'spec'
  | 'healthy'
  | 'running';

/** All times and durations are in milliseconds. */
export interface Settings {
  readonly scope: 'changed' | 'application';
  readonly sync: 'never' | 'when-manual' | 'always';
  /** How far a progressive rollout must have come. */
  readonly until: 'started' | 'paused' | 'complete';
  readonly settleMs: number;
  readonly degradedGraceMs: number;
  /** How far the clocks of argocd-server and of its controller may be apart. */
  readonly skewMs: number;
  /** Whether a sync of ours deletes what is gone from Git. */
  readonly prune: boolean;
  /** What a sync of ours is of; absent: all. */
  readonly syncResources?: 'all' | 'changed';
  /** Mirrors and pull-through caches that admission puts into live images: prefix to prefix. */
  readonly registryAliases: readonly { readonly from: string; readonly to: string }[];
}

/** A part of the evidence that could not be had, with one sentence that says why. */
export interface Unavailable {
  readonly unavailable: string;
}

/** What must be live: the edits of a change that this application reads, or simply a commit. */
export type Expectation = { /** What was written as a whole. */ readonly folder?: FolderContent } & (
  | {
      readonly type: 'change';
      readonly change: Change;
      /** Those of the change's edits that stand in files of this application. */
      readonly edits: readonly { readonly path: string; readonly edit: Edit }[];
      /** The change stands in the Application's own spec: what another object makes of it takes the place of Git. */
      readonly generated?: Generated;
    }
  | { readonly type: 'revision'; readonly revision: string }
);

/** A folder of the repository that must hold these files and no other: what is compared with is what was written. */
export interface FolderContent {
  readonly path: string;
  /** Their texts, by path from the root of the repository. */
  readonly files: ReadonlyMap<string, string>;
}

/** A commit that moved a place away from our value. */
export interface Overwrite {
  readonly sha: string;
  readonly author: string;
  readonly path: string;
  readonly place: string;
  readonly from: string;
  readonly to: string;
  /** Its trailers say: a newer deployment of the same project, environment and tenant. */
  readonly newer: boolean;
}

/**
 * What Git says about a revision, clause 2.
 * - `contained`: the places hold the wanted values (for an expected revision: it is that commit or descends from it).
 * - `behind`: an ancestor of our commit, or beside it while the branch's head still contains the change.
 * - `overwritten`: everything else, also a commit that the repository does not have; `by` is empty where no commit is found that did it.
 */
export type ContentEvidence =
  | { readonly state: 'contained' }
  | { readonly state: 'behind' }
  /** The source is no Git repository: only what is rendered from it can be held against the change. */
  | { readonly state: 'unreadable' }
  | {
      readonly state: 'overwritten';
      readonly by: readonly Overwrite[];
      /** Sentences about lost places for which no commit is found. */
      readonly unexplained?: readonly string[];
    };

/** One item of `managed-resources`, its JSON strings parsed; absent where Argo CD has none. */
export interface ManagedResource extends ResourceKey {
  readonly target?: Json;
  readonly live?: Json;
  /** Argo CD says outright that the cluster does not have it. */
  readonly missing?: boolean;
  /** The live object without what Argo CD was told to ignore. */
  readonly normalized?: Json;
  /** Not managed, but rendered beside: a sync runs it, and its result alone tells that. */
  readonly hook?: boolean;
  /** A hook that no sync runs: of a failure, of a deletion, of a test. */
  readonly dormant?: boolean;
}

/**
 * `managed-resources`, asked *after* the application was observed with this `revision` and `reconciledAt`: for others it is
 * asked again. What it lacks becomes a verdict only when an observation made after `takenAt` still shows the same two.
 */
export interface ResourcesEvidence {
  readonly revision: string;
  readonly reconciledAt: number | undefined;
  /** When it was asked, by the local clock. */
  readonly takenAt: number;
  readonly items: readonly ManagedResource[];
  /** Sentences about what in Git hides the change: `.argocd-source-<app>.yaml sets the image …`. */
  readonly overrides?: readonly string[];
  /** Rendered images of the change's repositories that other places of Git ask for: containers with them are none of the change. */
  readonly siblings?: readonly string[];
}

/** A rendered object that the edits that are of no image have changed. */
export interface RenderedDifference extends ResourceKey {
  /** The fields that differ; absent where the whole object is new or gone. */
  readonly fields?: readonly FieldDifference[];
  readonly gone?: boolean;
  readonly hook?: boolean;
  /** A hook that no sync runs. */
  readonly dormant?: boolean;
}

/** The rendered manifests before the change held against those at `revision`: only for edits that are not of an image. */
export interface RenderedEvidence {
  readonly revision: string;
  /** The objects that differ, are new or are gone. */
  readonly differing: readonly RenderedDifference[];
  /** Git shows no commit before the change, so it was held against nothing. */
  readonly baseless?: true;
  /** It is without Argo CD's cache that the manifests differ by the change; those that are in use do not. */
  readonly stale?: true;
}

/** Each part: `undefined` = not asked yet. */
export interface Evidence {
  /**
   * By revision as Argo CD shows it. A branch name is not a commit: what it says must be asked anew for each observation.
   */
  readonly content: ReadonlyMap<string, ContentEvidence | Unavailable>;
  readonly resources?: ResourcesEvidence | Unavailable;
  readonly rendered?: RenderedEvidence | Unavailable;
  readonly windows?: SyncWindows | UnavailableAt;
  readonly order?: SyncOrder | UnavailableAt;
  readonly uncached?: UncachedEvidence | (Unavailable & { readonly revision: string });
  /** The Application's `spec` that `rendered` and `uncached` were rendered by: with another one they say nothing. */
  readonly renderedBy?: Json;
}

/** Of what is asked again by its age alone. */
export interface UnavailableAt extends Unavailable {
  readonly takenAt: number;
  /** For want of a right: it does not pass by itself. */
  readonly denied?: true;
}

/** Who syncs an application that an ApplicationSet generates. */
export interface SyncOrder {
  readonly applicationSet: string;
  /** The ApplicationSet's RollingSync does: it takes auto-sync away, and asks for each sync when it is that application's turn. */
  readonly rolling: boolean;
  /** Which of its steps the application is in, and how far it is: Waiting, Pending, Progressing, Healthy. */
  readonly step?: string;
  readonly phase?: string;
  /** When it was asked, by the local clock. */
  readonly takenAt: number;
}

/** The manifests at a revision, rendered without Argo CD's cache: what the cached ones are held against. */
export interface UncachedEvidence {
  readonly revision: string;
  readonly items: readonly ManagedResource[];
}

/** The first answer of Argo CD that was received after the commit: from its server time on a comparison must have seen the commit. */
export interface Baseline {
  /** The answer's `Date`, whole seconds. */
  readonly serverTime: number;
  /** When it arrived, by the local clock: gives the offset between the two. */
  readonly localTime: number;
  /** The answer's `reconciledAt`. Later than `serverTime`, it shows that the controller's clock is ahead. */
  readonly comparedAt?: number;
  /**
   * Resources that were not well before our commit. Empty where nothing was left to commit: there is no *before* then, and
   * nothing excuses what is broken now.
   */
  readonly unwell: readonly (ResourceKey & Partial<Pick<ResourceStatus, 'health' | 'sync'>>)[];
}

export interface Observed {
  readonly application: Application;
  /** When its answer arrived, by the local clock. */
  readonly takenAt: number;
}

/** Since when something is as it is now, by the local clock. `changed`: it was seen otherwise before. */
export interface Since {
  readonly value: string;
  readonly since: number;
  readonly changed: boolean;
}

export interface ResourceSince extends Since {
  /** It was seen with another health than Degraded: what the change made of it is no longer what was there before. */
  readonly recovered: boolean;
  /** It was seen Healthy, and Synced: what was otherwise before our commit was mended. */
  readonly wasHealthy: boolean;
  readonly wasSynced: boolean;
}

/** All that settle and grace need of earlier observations; `remember` (history.ts) folds each new one in. */
export interface History {
  readonly operation: Since;
  readonly health: Since;
  /** The last `reconciledAt`, and how many times it was seen to move on since the first answer. */
  readonly compared: { readonly at: number; readonly turns: number };
  /** By `keyOf`. */
  readonly resources: ReadonlyMap<string, ResourceSince>;
}

/** Our last request to sync, and what became of it. */
export interface OurSync {
  readonly requestedAt: number;
  /** `busy`: another operation ran; `window`: a sync window is closed; `transient`: Git, repo-server or Kubernetes was away. */
  readonly result: 'accepted' | 'busy' | 'window' | 'transient' | 'forbidden' | 'refused';
  /** Argo CD's words, where it did not accept. */
  readonly message?: string;
  /** What its operation carries: an answer that got lost shows there. */
  readonly request?: string;
  /** Only the objects that the change touches. */
  readonly partial?: boolean;
}

/** Our last request to render anew. */
export interface HardRefresh {
  readonly revision: string;
  /** By the local clock. */
  readonly requestedAt: number;
  /** How often it was asked for, for this revision. */
  readonly tries: number;
}

export interface DecisionInput {
  readonly settings: Settings;
  readonly expectation: Expectation;
  /** Which of the application's sources the change stands in; 0 for one with a single source. */
  readonly sourceIndex: number;
  /** The local clock now. */
  readonly now: number;
  readonly baseline: Baseline;
  /** The last refresh that we asked for, by the local clock; whatever became of it. */
  readonly refreshedAt?: number;
  readonly observed: Observed | Unavailable;
  readonly history: History;
  readonly evidence: Evidence;
  readonly ourSync?: OurSync;
  readonly hardRefresh?: HardRefresh;
}

export type DecisionVerdict =
  | 'live'
  | 'rolling-out'
  | 'superseded'
  | 'failed'
  | 'drifted'
  | 'not-effective'
  | 'timed-out'
  | 'unknown';

/** The closed list of reason codes. */
export type Reason = keyof ApplicationReasons;

/** One image that was seen running, and by what. */
export interface ImageProof {
  /** As in `files[].edits[]` of image-tag-bump. */
  readonly place: string;
  readonly image: string;
  readonly object: ResourceKey;
  readonly container: string;
  /** In the live object; for a hook, by the result of the sync that ran it. */
  readonly seen: 'live-state' | 'sync-result';
}

export interface Verdict {
  readonly type: 'verdict';
  readonly verdict: DecisionVerdict;
  readonly reason: Reason;
  /** What is so, in one sentence. */
  readonly sentence: string;
  /** Warnings, and Argo CD's own words. */
  readonly messages: readonly string[];
  /** The revision that Argo CD compared with. */
  readonly revision?: string;
  /** The clauses that were not satisfied. */
  readonly missing: readonly ClauseName[];
  readonly proof: readonly ImageProof[];
  readonly overwrittenBy?: Overwrite;
  /** What holds the change and deploys others: no proof before its children have one. */
  readonly generates?: readonly Generator[];
}

/** Ask for a part of the evidence and decide again; after `resources`, read the application again, too. */
export type Ask =
  | {
      readonly type: 'ask';
      readonly clause: ClauseName;
      readonly evidence: 'content';
      readonly revision: string;
    }
  | {
      readonly type: 'ask';
      readonly clause: ClauseName;
      readonly evidence: 'resources' | 'rendered' | 'windows' | 'order' | 'uncached';
    };

/** Do it now, once; the decision itself sees to it that it is not asked for too often. */
export interface Act {
  readonly type: 'act';
  readonly clause: ClauseName;
  readonly action: 'refresh' | 'hard-refresh' | 'sync';
  readonly why: string;
  /** What to sync; absent: all. */
  readonly resources?: readonly ResourceKey[];
  /** Which one to render anew. */
  readonly revision?: string;
}

export interface Wait {
  readonly type: 'wait';
  readonly clause: ClauseName;
  /** One line without counters, so that a log that prints only changes stays short. */
  readonly why: string;
  /** When time alone can change the decision, by the local clock. */
  readonly until?: number;
  /** Sync windows may be what it waits for: of a sync that a person, or that Argo CD begins. */
  readonly heldFor?: Initiator;
  /** It waits for an answer that could not be had: at the deadline this is `unknown`, not `timed-out`. */
  readonly unavailable?: boolean;
}

export type Decision = Ask | Act | Wait | Verdict;

/** What one clause finds; undefined where it is satisfied. */
export type Finding = Decision | undefined;

export interface Clause {
  readonly name: ClauseName;
  /** The later clauses say nothing while this one is not satisfied. */
  readonly gate: boolean;
  check(look: Look): Finding;
}

/** The input, once it is known that there is an observation. */
export interface Look extends DecisionInput {
  readonly observed: Observed;
  readonly application: Application;
}
