import type { Edit } from '@sluice/gitops/change';
import type { ManagedResource } from '../decide/types.ts';
import { at } from '../json.ts';
import { isArgoCDs } from './kinds.ts';
import { namesVersion } from './values.ts';

/**
 * The Applications and ApplicationSets that are rendered with the version of an image, so that the value that was edited may go on
 * through them. A place that names its object itself needs no guess.
 */
export function carriersOf(
  { place, image }: Edit & { readonly image: string },
  managed: readonly ManagedResource[],
): readonly ManagedResource[] {
  if (place.type === 'container' || place.type === 'object-value') return [];
  return managed.filter(
    (item) => isArgoCDs(item) && namesVersion(JSON.stringify(at(item.target, 'spec') ?? ''), image),
  );
}

/** Templates of a chart may hand a value to whatever they render; kustomize and patches change the containers alone that they find. */
export const handsOn = ({ place }: Edit, hasContainers: boolean): boolean =>
  place.type === 'helm-value' || !hasContainers;
