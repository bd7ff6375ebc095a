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
      /** How many characters of the reference, at its beginning, stand elsewhere; absent where all of it stands here. */
      readonly elsewhere?: number;
      /** A `test` of a JSON patch: with another value there the patch fails. */
      readonly tested?: true;
    }
  | {
      /** An element of a kustomization's `images:`. */
      readonly type: 'kustomize';
      readonly name: string;
      readonly reference: ImageReference;
      readonly holder: Reached<MappingNode>;
      /** In an object that is no kustomization. */
      readonly place?: (field: KustomizeField) => Place;
    }
  | {
      /** One scalar that says what kustomize sets, `name=newName:tag` or `name:tag`, as Applications have it. */
      readonly type: 'kustomize-text';
      readonly name: string;
      readonly place: Place;
      readonly value: Reached<ScalarNode>;
      readonly reference: ImageReference;
    }
  | {
      /** A map of Helm values with the repository and its tag or digest in separate keys. */
      readonly type: 'helm';
      readonly reference: ImageReference;
      readonly tag: HelmField | undefined;
      readonly digest: HelmField | undefined;
      readonly place: PlaceOf;
    }
  | LeftAlone;

/** Something that may name an image, and that is not understood well enough to be edited. */
export interface LeftAlone {
  readonly type: 'left-alone';
  readonly reason: 'expression' | 'unknown-kind' | 'not-yaml' | 'too-large';
  /** What it is, and what to do, behind the name of the file. */
  readonly message: string;
  /** The image that it names, or a text in which the name of one may stand. */
  readonly about: { readonly reference: ImageReference } | { readonly text: string };
}

export type KustomizeField = 'newName' | 'newTag' | 'digest';
export type Holds = 'reference' | 'repository' | 'tag' | 'digest';

/** The place at a path of a file or object. */
export type PlaceOf = (path: string, holds: Holds) => Place;

export interface HelmField {
  /** In the grammar of the input `set`. */
  readonly path: string;
  readonly value: Reached<ScalarNode>;
  /** A digest that is written without `sha256:`. */
  readonly isBareHash?: true;
}

/** The scalars that an edit of a site would write. Those of a kustomize entry are found when it is known what is wanted. */
export function nodesOfSite(site: ImageSite): ScalarNode[] {
  if (site.type === 'reference' || site.type === 'kustomize-text') return [site.value.node];
  return site.type === 'helm' ? [site.tag, site.digest].flatMap((field) => field?.value.node ?? []) : [];
}
