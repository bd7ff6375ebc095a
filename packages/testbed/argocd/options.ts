import type { ServerOptions } from 'node:https';
import type { TokenOptions } from './accounts.ts';
import type { ClusterOptions } from './clusters.ts';
import type { Faults } from './faults.ts';
import type { JsonObject } from './json.ts';
import type { LoginOptions, Logins } from './logins.ts';
import type { SyncWindow, Timing } from './rig.ts';
import type { RolloutAction } from './rollouts.ts';
import type { SeenRequest } from './server.ts';
import type { PodTrouble } from './troubles.ts';
import type {
  Automated,
  HealthStatus,
  HelmSource,
  Hydrator,
  KustomizeSource,
  Manifest,
  Source,
  Spec,
} from './types.ts';

export interface StandInOptions {
  /** Folder of bare repositories: `https://host/acme/gitops` is read from `<gitBase>/acme/gitops.git`. Else from its URL. */
  readonly gitBase?: string;
  /** Where to read a repository from, when neither its URL nor `gitBase` tells: a folder or a URL. */
  readonly locate?: (repoURL: string) => string;
  /** Server root path, as `/argocd`. */
  readonly basePath?: string;
  readonly timing?: Partial<Timing>;
  /** References that never become healthy. */
  readonly badImages?: readonly string[];
  /** With it the tree and `summary.images` show Pods. */
  readonly pods?: boolean;
  /** Clusters beside Argo CD's own. */
  readonly clusters?: readonly ClusterOptions[];
  /** To sync to another revision than the Application's own takes the right `override`; default false. */
  readonly requireOverride?: boolean;
  /** Argo CD's clock; default the system's. */
  readonly now?: () => number;
  readonly tls?: ServerOptions;
  /** The ways in beside tokens that were made before; default none. */
  readonly login?: LoginOptions;
}

export interface ApplicationOptions {
  readonly name: string;
  readonly repoURL: string;
  readonly path: string;
  /** Default `HEAD`. */
  readonly targetRevision?: string;
  /** `true`, or what `syncPolicy.automated` holds; absent: manual. */
  readonly automated?: boolean | Automated;
  /** Default `default`. */
  readonly project?: string;
  readonly helm?: HelmSource;
  readonly kustomize?: KustomizeSource;
  readonly directory?: Source['directory'];
  /** The cluster by its name or server; default Argo CD's own. */
  readonly destination?: { readonly name: string } | { readonly server: string };
  /** Where the objects go; default the application's name. */
  readonly namespace?: string;
  /** The Application's own namespace; default `argocd`. */
  readonly appNamespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly syncOptions?: readonly string[];
  readonly retry?: NonNullable<Spec['syncPolicy']>['retry'];
  /** What `repoURL` and `path` name is rendered to a branch, and that one is synced. */
  readonly hydrator?: Omit<Hydrator, 'drySource'>;
  /** Several sources instead of `repoURL` and `path`. */
  readonly sources?: readonly Source[];
  /** Wanted objects are applied and healthy at once, as if it had run for long. Default false. */
  readonly deployed?: boolean;
}

export interface ArgoCdStandIn {
  readonly url: string;
  /** Mints a token: by default one that may do everything. */
  token(options?: TokenOptions): string;
  /** Resolves when it has been compared once; an automated one is syncing then. */
  createApplication(options: ApplicationOptions): Promise<void>;
  /** Changes the spec, as somebody who edits the Application; compared at once, unless told not to. */
  updateSpec(
    app: string,
    change: (spec: Spec) => Spec,
    options?: { readonly compare?: boolean },
  ): Promise<void>;
  /** `kubectl apply`: an Application or ApplicationSet that nothing in Git manages. */
  apply(manifest: Manifest): void;
  /** The ApplicationSet controller is away, or back. */
  holdApplicationSets(on: boolean): void;
  /** `windows`: those that are active now, whatever their schedules say; `idle`: the others. */
  createProject(name: string, windows?: readonly SyncWindow[], idle?: readonly SyncWindow[]): void;
  /** The Application as GET shows it, without a request. */
  application(app: string): JsonObject;
  /** `resource`: `web` or `Deployment/web`. `auto` gives it back to its rollout. */
  setHealth(app: string, resource: string, status: HealthStatus | 'auto', message?: string): void;
  /** The live objects by `Kind/name`. */
  live(app: string): ReadonlyMap<string, Manifest>;
  /** The images of all live objects, sorted. */
  liveImages(app: string): readonly string[];
  /** Somebody edits the cluster: a drift. */
  setLiveImage(app: string, resource: string, image: string, container?: string): void;
  setBadImages(images: readonly string[]): void;
  /** From now on new Pods of it do not come up, with `pods`; undefined takes that back. */
  setTrouble(app: string, resource: string, trouble: PodTrouble | undefined): void;
  /** What somebody tells a Rollout; `message`: why an analysis made it give up. */
  rollout(app: string, resource: string, action: RolloutAction, message?: string): void;
  /** Compares now, as the poll does. */
  poll(app: string): Promise<void>;
  /** Waits until no operation and no comparison runs. */
  idle(app: string): Promise<void>;
  /** Serves the recorded answer in the contents of a file; returns how to stop. */
  replay(contents: string): () => void;
  readonly timing: Timing;
  readonly faults: Faults;
  readonly logins: Logins;
  readonly requests: readonly SeenRequest[];
  /** Open now, the most at once since the start, and what was sent over all of them, in bytes. */
  readonly connections: () => { readonly open: number; readonly most: number; readonly bytes: number };
  /** What a real Argo CD would not know: routes, parameters, body fields. */
  readonly violations: readonly string[];
  close(): Promise<void>;
}
