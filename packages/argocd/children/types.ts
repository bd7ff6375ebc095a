import type { Json } from '../json.ts';
import type { ResourceKey } from '../observation.ts';
import type { ValueAt } from '../value-at.ts';

/** An edit, as the object of the cluster that deploys others shows it. */
export interface ObjectEdit {
  /** Absent where it is of no known place. */
  readonly at?: ValueAt;
  readonly was: Json;
  readonly to: Json;
  /** The whole reference that must run; absent for edits that are of no image. */
  readonly image?: string;
}

/** An Application or ApplicationSet that the change is in: Synced by itself, it says nothing of what it deploys. */
export interface Generator {
  readonly key: ResourceKey;
  /** The object as the cluster has it. */
  readonly object: Json;
  readonly edits: readonly ObjectEdit[];
}

/** What the spec of a generated Application must hold. */
export interface Want {
  /** Absent where nothing tells the place: the spec must name the version of the image then. */
  readonly at?: ValueAt;
  readonly was: Json;
  readonly to: Json;
  /** Where only parts of the value are known: a regular expression for the whole of it. */
  readonly like?: string;
  readonly image?: string;
  /** Why the Application keeps what it has, where the ApplicationSet says so. */
  readonly kept?: string;
  /** Why nothing tells whether it is wanted of this Application at all. */
  readonly unsure?: string;
}

/** Of an Application whose spec the change is in: the spec takes the place of Git. */
export interface Generated {
  /** `ApplicationSet argocd/shops`. */
  readonly by: string;
  /** Of the object itself, or of the ApplicationSet that owns it. */
  readonly uid: string;
  readonly wants: readonly Want[];
}
