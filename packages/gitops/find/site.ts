import type { Place } from '../change.ts';
import type { ImageReference } from '../reference.ts';
import type { MappingNode, ScalarNode } from '../yaml/tree.ts';
import type { Reached } from '../yaml/walk.ts';

/** A place that names an image, whichever; found by what the file is, before anything is asked of it. */
export type ImageSite =
  | {
      /** One scalar holds the whole reference. */
      readonly type: 'reference';
      readonly place: Place;
      readonly value: Reached<ScalarNode>;
      readonly reference: ImageReference;
    }
  | {
      /** An element of a kustomization's `images:`. */
      readonly type: 'kustomize';
      readonly name: string;
      readonly reference: ImageReference;
      readonly holder: Reached<MappingNode>;
    }
  | {
      /** A map of Helm values with the repository and its tag or digest in separate keys. */
      readonly type: 'helm';
      readonly reference: ImageReference;
      readonly tag: HelmField | undefined;
      readonly digest: HelmField | undefined;
    };

export interface HelmField {
  /** In the grammar of the input `set`. */
  readonly path: string;
  readonly value: Reached<ScalarNode>;
}
