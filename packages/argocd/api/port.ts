import type { ManagedResource } from '../decide/types.ts';
import type { Json } from '../json.ts';
import type { Application } from '../observation.ts';
import type { ListFilter, Project } from './list-filter.ts';
import type { ObjectEvent, TreeNode } from './tree.ts';

/** What names an Application to the API. With its project, *does not exist* and *not allowed* are told apart. */
export type ApplicationName = Pick<Application, 'name' | 'namespace' | 'project'>;

export interface Answer {
  readonly application: Application;
  /** The server's clock when it answered (header `Date`, whole seconds), ms since the epoch; the local one where it said none. */
  readonly serverTime: number;
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
  /** Comes back in the operation's `info`: tells our operation from others. */
  readonly marker: { readonly name: string; readonly value: string };
}

/** What became of a request to sync; `message` holds Argo CD's words. */
export type SyncAnswer =
  | { readonly result: 'accepted' }
  | {
      readonly result: 'busy' | 'window' | 'transient' | 'forbidden' | 'refused';
      readonly message: string;
    };

export type Seen =
  | { readonly type: 'answer'; readonly answer: Answer }
  /** Nothing could be seen this time: the server is away, or the application is. */
  | { readonly type: 'away'; readonly sentence: string };

export interface Watching {
  /** The local time at which it ends, ms since the epoch. */
  readonly until: number;
  /** How many applications are watched at once: they share a budget of about one request a second. */
  readonly together: number;
  /** The local time at which time alone may change what the watcher thinks: it is shown the application then. */
  readonly wake: () => number | undefined;
}

/** The Argo CD API, as far as we use it. Every method throws a SluiceError: `platform` for what may pass by itself. */
export interface ArgoCD {
  /** The base URL, for messages. */
  readonly server: string;
  /** The same for a run that ends at this local time, ms since the epoch: no request outlasts that by more than two seconds. */
  within(until: number): ArgoCD;
  /** Those that the filter names and the token may read. */
  list(filter: ListFilter): Promise<readonly Listed[]>;
  /** The projects that the token may read; of the token of a project's role that project. Empty where it tells none. */
  projects(): Promise<readonly Project[]>;
  get(application: ApplicationName): Promise<Answer>;
  /** Asks for a comparison. What it answers proves nothing: a refresh can be lost; undefined where it took too long. */
  refresh(application: ApplicationName): Promise<Answer | undefined>;
  managedResources(application: ApplicationName): Promise<readonly ManagedResource[]>;
  /** The rendered objects at a commit. */
  manifests(application: ApplicationName, revision: string, sourceIndex?: number): Promise<readonly Json[]>;
  sync(application: ApplicationName, request: SyncRequest): Promise<SyncAnswer>;
  /** A sentence where a sync window keeps a manual sync away now. */
  closedWindow(application: ApplicationName): Promise<string | undefined>;
  /** All its objects in the cluster, also those that controllers have made. */
  tree(application: ApplicationName): Promise<readonly TreeNode[]>;
  /** What Kubernetes has noted of one of them. */
  events(application: ApplicationName, object: TreeNode): Promise<readonly ObjectEvent[]>;
  /**
   * Shows an application until `until`, at least every five seconds, whether it changed or not. A stream may stand behind it.
   */
  watch(application: ApplicationName, watching: Watching): AsyncIterable<Seen>;
}
