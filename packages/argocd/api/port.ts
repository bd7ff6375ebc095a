import type { ManagedResource, SyncOrder } from '../decide/types.ts';
import type { Json } from '../json.ts';
import type { Application, ResourceKey } from '../observation.ts';
import type { SyncWindows } from '../windows/sync-windows.ts';
import type { ListFilter, Projects } from './list-filter.ts';
import type { ObjectEvent, TreeNode } from './tree.ts';

/** What names an Application to the API. With its project, *does not exist* and *not allowed* are told apart. */
export type ApplicationName = Pick<Application, 'name' | 'namespace' | 'project'>;

export interface Answer {
  readonly application: Application;
  /** The server's clock when it answered (header `Date`, whole seconds), ms since the epoch; the local one where it said none. */
  readonly serverTime: number;
  /** `metadata.resourceVersion`: of two answers about an application the higher one is the later. */
  readonly version?: number;
  /** It was not read for this: the stream has shown it, or a GET before. It may be that something newer was missed. */
  readonly streamed?: boolean;
  /** What the stream has shown since the last answer and this one has replaced, in its order, with when it came by the local clock. */
  readonly passed?: readonly { readonly application: Application; readonly takenAt: number }[];
  /** Streamed, and its own times show that it tells of what has just happened. */
  readonly current?: boolean;
}

/** What a list holds of an Application: enough to choose from, not to decide. */
export type Listed = Pick<
  Application,
  'name' | 'namespace' | 'project' | 'annotations' | 'sources' | 'multiSource'
>;

export interface SyncRequest {
  /** A commit; absent: what the Application's `targetRevision` names now. */
  readonly revision?: string;
  /** Of an Application with several sources: which one `revision` is of, counted from 0. */
  readonly sourceIndex?: number;
  readonly prune: boolean;
  /** All of them: where there is one, Argo CD takes none of the Application's own. */
  readonly options?: readonly string[];
  /** These alone; hooks run only where all are synced. */
  readonly resources?: readonly ResourceKey[];
  /** They come back in the operation's `info`: the run tells our operations from others, the request one from the next. */
  readonly marker: Marker;
  readonly request?: Marker;
}

export interface Marker {
  readonly name: string;
  readonly value: string;
}

/** What became of a request to sync; `message` holds Argo CD's words. */
export type SyncAnswer =
  | { readonly result: 'accepted' }
  | {
      /** `unpinned`: not to this commit, but maybe to what `targetRevision` names. */
      readonly result: 'busy' | 'window' | 'transient' | 'forbidden' | 'refused' | 'unpinned';
      readonly message: string;
    };

export type Seen =
  | { readonly type: 'answer'; readonly answer: Answer }
  /** Nothing could be seen this time: the server is away, or the application is. */
  | { readonly type: 'away'; readonly sentence: string };

export interface Watching {
  /** The local time at which it ends, ms since the epoch. */
  readonly until: number;
  /** The local time at which time alone may change what the watcher thinks: it is shown the application then. */
  readonly wake: () => number | undefined;
}

/** The Argo CD API, as far as we use it. Every method throws a SluiceError: `platform` for what may pass by itself. */
export interface ArgoCD {
  /** The base URL, for messages. */
  readonly server: string;
  /** As the inputs call it; absent or empty where they give no name. */
  readonly name?: string;
  /** The same for a run that ends at this local time, ms since the epoch: no request outlasts that by more than two seconds. */
  within(until: number): ArgoCD;
  /** Those that the filter names and the token may read. */
  list(filter: ListFilter): Promise<readonly Listed[]>;
  /** The projects that the token may read; of the token of a project's role that project. Empty where it tells none. */
  projects(): Promise<Projects>;
  get(application: ApplicationName): Promise<Answer>;
  /** Asks for a comparison. What it answers proves nothing: a refresh can be lost; undefined where it took too long. */
  refresh(application: ApplicationName, how?: 'hard'): Promise<Answer | undefined>;
  managedResources(application: ApplicationName): Promise<readonly ManagedResource[]>;
  /** The rendered objects at a commit; `uncached` renders them anew, from Argo CD 3.2 on. */
  manifests(
    application: ApplicationName,
    revision: string,
    sourceIndex?: number,
    how?: 'uncached',
  ): Promise<readonly Json[]>;
  sync(application: ApplicationName, request: SyncRequest): Promise<SyncAnswer>;
  /** The sync windows that are assigned to it. */
  syncWindows(application: ApplicationName): Promise<SyncWindows>;
  /** Whether the ApplicationSet that generates it syncs it, in its own order. */
  syncOrder(application: ApplicationName, applicationSet: string): Promise<Omit<SyncOrder, 'takenAt'>>;
  /** All its objects in the cluster, also those that controllers have made. */
  tree(application: ApplicationName): Promise<readonly TreeNode[]>;
  /** What Kubernetes has noted of one of them. */
  events(application: ApplicationName, object: TreeNode): Promise<readonly ObjectEvent[]>;
  /** As it came; undefined where there is none, or the token may not see it. */
  applicationSet(set: Pick<ApplicationName, 'name' | 'namespace'>): Promise<Json>;
  /**
   * Shows an application until `until`: by a GET at first, then whenever it changes, when `wake` says, and now and then anyway. One
   * stream stands behind all that are watched; without it they are polled.
   */
  watch(application: ApplicationName, watching: Watching): AsyncIterable<Seen>;
}
