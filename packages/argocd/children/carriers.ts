import type { Edit } from '@sluice/gitops/change';
import type { ManagedResource } from '../decide/types.ts';
import { at } from '../json.ts';
import { isArgoCDs } from './kinds.ts';
import { namesVersion } from './values.ts';

/**
 * The Applications and ApplicationSets that are rendered with the version of an image: where nothing else of that image is
 * rendered, the value that was edited goes on through them. A place that names its object itself needs no guess.
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
