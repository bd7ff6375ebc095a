import type { Edit } from '../change.ts';
import type { CrdPath } from '../crd-paths.ts';
import type { Assignment, HelmValuesPath, ImageEntry } from '../entries.ts';
import type { ImageTemplate } from '../image-replace-paths.ts';
import type { PlaceRefusal, WrongInput } from '../reasons.ts';
import type { Splice } from '../yaml/write.ts';

export interface PlanRequest {
  /** Text by path relative to the repository. */
  readonly files: ReadonlyMap<string, string>;
  readonly entries?: readonly ImageEntry[];
  readonly assignments?: readonly Assignment[];
  readonly helmValues?: readonly HelmValuesPath[];
  /** Files that the user named one by one: one of these that cannot be read is an error, not skipped. */
  readonly named?: ReadonlySet<string>;
  /** Of references in files that name no registry; where `settings` says nothing else of a file. */
  readonly defaultRegistry?: string;
  readonly allowDowngrade?: boolean;
  /** Where custom resources hold images. */
  readonly crdPaths?: readonly CrdPath[];
  /** `set`: an image without a place gets an entry in the `images:` of the kustomizations that are not part of another. */
  readonly kustomizeImages?: 'update' | 'set';
  /** What differs from file to file. */
  readonly settings?: (path: string) => FileSettings;
}

/** How one file is to be looked at. */
export interface FileSettings {
  readonly defaultRegistry?: string;
  /** False: only what lines of `set` and `helm-values` name is edited, no image that is found by shape. */
  readonly byShape?: boolean;
  /** Templates of image references in Helm values. */
  readonly imageReplacePaths?: readonly ImageTemplate[];
  /** True: images in Helm values are found by the templates alone, none by its shape. */
  readonly templatesOnly?: boolean;
}

export interface PlannedFile {
  readonly path: string;
  /** Also those that hold already: `from` equals `to`. */
  readonly edits: readonly Edit[];
  readonly splices: readonly Splice[];
  readonly before: string;
  /** Equal to `before` where nothing is to be changed. */
  readonly after: string;
}
export interface ImageReport {
  /** As given. */
  readonly image: string;
  /** What the registry made of it, where it was asked for the tag or the digest: `nginx:1.27.3@sha256:…`. */
  readonly resolved?: string;
  /** `already`: each place held the image before. */
  readonly status: 'updated' | 'already' | 'not-found';
  /** Where the image stands, by file and as in `files[].edits[]`. */
  readonly places: readonly { readonly path: string; readonly place: string }[];
}
/** A file that is left alone, or a part of it. */
export interface SkippedFile {
  readonly path: string;
  /** `outside`: a kustomization takes a folder that is not looked at, and an image was not found. */
  readonly reason: 'too-large' | 'template' | 'not-yaml' | 'expression' | 'unknown-kind' | 'outside';
  readonly message: string;
}
/** `input`: what the user wrote cannot be meant; `refused`: it could be written, but must not. */
export type Problem =
  | (ProblemPlace & { readonly kind: 'input'; readonly code: WrongInput })
  | (ProblemPlace & { readonly kind: 'refused'; readonly code: PlaceRefusal });
export type RefusedPlace = Extract<Problem, { readonly kind: 'refused' }>;
interface ProblemPlace {
  readonly path: string;
  readonly place?: string;
  readonly message: string;
}
export interface MissingPlace {
  /** The line of `set` or `helm-values`, as given. */
  readonly text: string;
  readonly path: string;
  readonly message: string;
}
export interface EditPlan {
  /** Only files with edits. */
  readonly files: readonly PlannedFile[];
  readonly images: readonly ImageReport[];
  readonly skipped: readonly SkippedFile[];
  readonly missing: readonly MissingPlace[];
  /** With one of these nothing may be written. */
  readonly problems: readonly Problem[];
}
