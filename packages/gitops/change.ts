import type { Scalar } from './scalar.ts';

/**
 * Where an edit stands: by name, never by line or index, so that it survives reordering and reformatting.
 * `path` is written in the grammar of the input `set`: `spec.containers[name=app].image`. In a list of references `[=acme/shop]` is the
 * one of that name.
 */
export type Place =
  | {
      readonly type: 'container';
      readonly apiVersion: string;
      readonly kind: string;
      /** As the file says; absent where it says nothing. */
      readonly namespace?: string;
      readonly name: string;
      readonly list: 'containers' | 'initContainers' | 'ephemeralContainers';
      readonly container: string;
      /** Where the object holds the pod's specification, in a kind that `crd-paths` names: the kind itself does not tell. */
      readonly pod?: string;
    }
  | {
      readonly type: 'kustomize-image';
      readonly name: string;
      readonly field: 'newName' | 'newTag' | 'digest';
    }
  | {
      readonly type: 'helm-value';
      readonly path: string;
      readonly holds: 'reference' | 'repository' | 'tag' | 'digest';
    }
  | {
      /** The value of an operation of a JSON patch (RFC 6902), or of a strategic merge patch whose object has no known name; in a kustomization or a file. */
      readonly type: 'json-patch';
      /** What the patch is for, as its `target` or it itself says: `Deployment/shop`; absent where neither does. */
      readonly target?: string;
      /** `/spec/template/spec/containers/0/image`; empty of a strategic merge patch. */
      readonly pointer: string;
      /** Where in the operation's value the image stands; empty where it is the value itself. */
      readonly path: string;
    }
  | {
      /** A value of a Kubernetes object that is no container: of a custom resource, an Application, a HelmRelease. */
      readonly type: 'object-value';
      readonly apiVersion: string;
      readonly kind: string;
      readonly namespace?: string;
      readonly name: string;
      /** From the object's root. */
      readonly path: string;
      /** Where the value at `path` is a text of YAML by itself (`helm.values`): the path in it. */
      readonly within?: string;
      readonly holds: 'reference' | 'repository' | 'tag' | 'digest';
    }
  | { readonly type: 'value'; readonly document: number; readonly path: string };

/** One field, from what, to what. `from` equals `to` where the place already held the wanted value. */
export interface Edit {
  readonly place: Place;
  readonly from: Scalar;
  readonly to: Scalar;
  /** The whole reference that the cluster must run when this edit is live; absent for edits that are not of an image. */
  readonly image?: string;
}

export interface ChangedFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly edits: readonly Edit[];
}

/** The exact edits that a deployment means to make. Data: it can be checked against the files of any commit. */
export interface Change {
  readonly schema: 'sluice.change.v1';
  /** Where to clone it, without credentials: `https://github.com/acme/gitops`. */
  readonly repository: string;
  readonly branch: string;
  /** A commit that holds the change: ours, or the head where nothing was left to do. */
  readonly commit: string;
  /** The head on which it was made. Equal to `commit` where nothing was left to do. */
  readonly base: string;
  readonly project?: string;
  readonly environment?: string;
  readonly tenant?: string;
  /** The run that made it, `<owner>/<repository>/<run id>/<attempt>`: tells newer changes from older ones. */
  readonly run?: string;
  /** Where it is not Docker Hub: the registry of references that name none, in files and in the cluster. */
  readonly defaultRegistry?: string;
  readonly files: readonly ChangedFile[];
}
