import type { MissingPlace } from '../find/edit-plan.ts';
import type { FileEntry } from '../git/repository.ts';
import type { ImageTemplate } from '../image-replace-paths.ts';

/** The key of a deployment; an empty tenant is none. */
export interface DeploymentKey {
  readonly project: string;
  readonly environment: string;
  readonly tenant: string;
}

export interface ApplicationName {
  readonly name: string;
  readonly namespace: string;
}

/** How Argo CD makes manifests of a source. */
export type SourceType = 'Directory' | 'Kustomize' | 'Helm' | 'Plugin';

/** What of a repository a source of an Application is made from. Paths are relative to the repository. */
export type SourceContent =
  | {
      readonly type: 'folder';
      readonly path: string;
      /** Absent where Argo CD has not said: what lies in the folder tells. */
      readonly sourceType?: SourceType;
      readonly directory: DirectoryOptions;
      /** Of a chart, beside its own values. */
      readonly valueFiles: readonly ValueFile[];
      /** Folders that the Application adds to the kustomization. */
      readonly components: readonly string[];
    }
  /** The files that a Helm source of the same Application names by `$ref/…`. */
  | { readonly type: 'values'; readonly valueFiles: readonly ValueFile[] };

export interface ValueFile {
  /** A path or, as Argo CD allows, a glob. */
  readonly path: string;
  /** `helm.ignoreMissingValueFiles` */
  readonly mayMiss: boolean;
}

/** `spec.source.directory`; patterns as Argo CD has them, empty for none. */
export interface DirectoryOptions {
  readonly recurse: boolean | undefined;
  readonly include: string;
  readonly exclude: string;
}

/** One source of an Application: what it is made from, and how images are read in that. */
export interface Scope {
  readonly application: ApplicationName;
  /** Of the source, counted from 0. */
  readonly index: number;
  /** `Application argocd/shop, source 0 (values)`: for messages. */
  readonly source: string;
  readonly content: SourceContent;
  /** Of Helm values; empty where no annotation says. */
  readonly imageReplacePaths: readonly ImageTemplate[];
  /** Helm values are read by templates alone, as Octopus does for what its annotations select; else by their shape as well. */
  readonly templatesOnly: boolean;
  readonly defaultRegistry: string;
}

/** One repository and branch, and all that is to be looked at there. */
export interface TargetScope {
  /** `owner/name` on the server that the workflow runs on. */
  readonly repository: string;
  /** Empty: the default branch. */
  readonly branch: string;
  readonly scopes: readonly Scope[];
}

/** An Application that belongs to the deployment, for `result.applications`. */
export interface ApplicationReport extends ApplicationName {
  readonly sources: readonly SourceReport[];
}

export interface SourceReport {
  readonly index: number;
  readonly name?: string;
  /** `owner/name`, or the address as the Application has it where it is on another server. */
  readonly repository: string;
  /** Empty: the default branch. */
  readonly branch: string;
  readonly path?: string;
  readonly status: 'in-scope' | 'left-out' | 'refused';
  /** Why it is not in scope. */
  readonly message?: string;
}

/** Why nothing may be written. */
export interface ScopeRefusal {
  readonly reason: 'pinned-revision' | 'invalid-application';
  readonly message: string;
  readonly hint: string;
}

/** Nothing to write was found. */
export interface NoScope {
  readonly reason: 'no-application' | 'no-writable-source';
  readonly message: string;
  readonly hint: string;
}

/** What the Applications of one deployment come to. */
export interface FoundScopes {
  readonly targets: readonly TargetScope[];
  readonly applications: readonly ApplicationReport[];
  /** One sentence each. */
  readonly warnings: readonly string[];
  /** With one of these nothing may be written. */
  readonly refusals: readonly ScopeRefusal[];
  /** Where there is no target. */
  readonly none?: NoScope;
}

/** A file of one commit, and how images in it are read. */
export interface ScopedFile extends FileEntry {
  /** The sources that are made from it: `<namespace>/<name> <index>`. */
  readonly sources: readonly string[];
  readonly imageReplacePaths: readonly ImageTemplate[];
  readonly templatesOnly: boolean;
  readonly defaultRegistry: string;
}

/** What the scopes of a target come to in one commit: `filesOfTarget(target, snapshot)` in `files.ts`. */
export interface TargetFiles {
  /** Each once. */
  readonly files: readonly ScopedFile[];
  /** Values files that an Application names and the commit lacks. */
  readonly missing: readonly MissingPlace[];
  /** One sentence each. */
  readonly warnings: readonly string[];
  /** Sentences for an image that has no place in the files: where else it may stand. */
  readonly hints: readonly string[];
}
