import type { Edit, Place } from '@sluice/gitops/change';
import { formatPath, parsePath } from '@sluice/gitops/path';
import type { Json } from '../json.ts';
import { describeResource } from '../observation.ts';
import { along, valueAt } from '../value-at.ts';
import { isSameObject } from './look.ts';
import { namedObjects } from './named-objects.ts';
import { podsLeft } from './pods-left.ts';
import type { Target } from './targets.ts';
import type { Look, ManagedResource } from './types.ts';

/** A place whose kind does not tell where it holds images: only the path in the place does. */
export type ValuePlace = Extract<Place, { type: 'object-value' }> | PodPlace;
type PodPlace = Extract<Place, { type: 'container' }> & { readonly pod: string };

export function isValuePlace(place: Place): place is ValuePlace {
  return place.type === 'object-value' || (place.type === 'container' && place.pod !== undefined);
}

/**
 * The objects of a place that is found by its path alone. What their controller makes of the value is not rendered: the object itself
 * must show it, in what is rendered and in the cluster.
 */
export function ofValue(
  edit: Edit & { readonly image: string; readonly place: ValuePlace },
  managed: readonly ManagedResource[],
  look: Look,
): Target[] {
  const { place } = edit;
  const has = ({ target }: ManagedResource): boolean => shownAt(target, place) !== undefined;
  return namedObjects(place, managed, look, has).map((item) => {
    const { group, kind, namespace, name } = item;
    const live = item.live === undefined ? [] : [shown(shownAt(item.live, place), edit)];
    return {
      key: { group, kind, namespace, name },
      list: place.type === 'container' ? place.list : 'field',
      container: place.type === 'container' ? place.container : describe(place),
      wanted: edit.image,
      rendered: shown(shownAt(item.target, place), edit),
      live: item.live === undefined && item.missing !== true ? undefined : live,
      hook: item.hook === true,
      dormant: item.dormant === true,
      podsLeft: podsLeft(item.live),
    };
  });
}

/**
 * What is to be said of objects that show the image while nobody tells how they are: Argo CD has no health of their kind, and what their
 * controller makes of it is not among what the application renders.
 */
export function unwatched(targets: readonly Target[], { application }: Look): readonly string[] {
  const silent = targets.filter(
    ({ list, key }) =>
      list === 'field' &&
      application.resources.some((one) => isSameObject(one, key) && one.health === undefined),
  );
  return [...new Set(silent.map(({ key }) => describeResource(key)))].map(
    (name) =>
      `${name} holds the image; Argo CD knows no health of that kind, and what its controller runs was not looked at.`,
  );
}

const describe = ({ path, within }: Extract<Place, { type: 'object-value' }>): string =>
  within === undefined ? path : `${path} ${within}`;

/** The wanted image where the place holds its part of it: a tag alone is no image. A field that is left out is an empty one. */
function shown(value: Json, { to, image }: Edit & { readonly image: string }): string {
  return (value ?? '') === to ? image : String(value ?? 'nothing');
}

function shownAt(manifest: Json, place: ValuePlace): Json {
  if (place.type === 'object-value') return valueAt(manifest, place);
  const select = { field: 'name', text: place.container };
  const pod = formatPath([...parsePath(place.pod), { key: place.list, select }, { key: 'image' }]);
  return along(manifest, parsePath(pod));
}
