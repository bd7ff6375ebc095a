import type { PlaceOf } from '../site.ts';
import { nameOf, type ObjectName } from './object-lookup.ts';

/** Places of an object. `outer` leads to a text of YAML by itself, and the paths are then those inside it. */
export function objectPlace(object: ObjectName, outer?: string): PlaceOf {
  const name = { type: 'object-value', ...nameOf(object) } as const;
  return (path, holds) =>
    outer === undefined ? { ...name, path, holds } : { ...name, path: outer, within: path, holds };
}

/** `Application/argocd/shop` */
export function nameText({ kind, namespace, name }: ObjectName): string {
  return [kind, namespace, name].filter((part) => part !== undefined).join('/');
}
