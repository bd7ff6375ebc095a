import { currentResources, isSameObject, isUnavailable } from '../decide/look.ts';
import { namedObjects } from '../decide/named-objects.ts';
import { imageEdits } from '../decide/targets.ts';
import type { Look, ManagedResource } from '../decide/types.ts';
import { isRecord } from '../json.ts';
import type { ResourceKey } from '../observation.ts';
import { valueAt } from '../value-at.ts';
import { carriersOf } from './carriers.ts';
import { isArgoCDs, isGenerator } from './kinds.ts';
import type { Generator, ObjectEdit } from './types.ts';
import { pathOf } from './values.ts';

/**
 * The Applications and ApplicationSets among the touched objects, with the edits that they hold. Undefined where one of them cannot
 * be followed: it is Flux's, or the cluster does not show it.
 */
export function generatorsOf(touched: readonly ResourceKey[], look: Look): readonly Generator[] | undefined {
  const managed = currentResources(look)?.items ?? [];
  const found: Generator[] = [];
  for (const key of touched.filter(isGenerator)) {
    const item = managed.find((one) => isSameObject(one, key));
    if (!isArgoCDs(key) || item === undefined || !isRecord(item.live)) return undefined;
    if (found.some((one) => isSameObject(one.key, item))) continue;
    const { group, kind, namespace, name } = item;
    const edits = [
      ...ofImages(item, managed, look),
      ...carried(item, managed, look),
      ...ofFields(item, look),
    ];
    found.push({ key: { group, kind, namespace, name }, object: item.live, edits });
  }
  return found;
}

function ofImages(item: ManagedResource, managed: readonly ManagedResource[], look: Look): ObjectEdit[] {
  return imageEdits(look).flatMap(({ place, from, to, image }) => {
    if (place.type !== 'object-value') return [];
    const has = ({ target }: ManagedResource): boolean => valueAt(target, place) !== undefined;
    if (!namedObjects(place, managed, look, has).includes(item)) return [];
    const { path, within } = place;
    return [{ at: { path, ...(within !== undefined && { within }) }, was: from, to, image }];
  });
}

/** Images that it hands on; nothing tells where in its spec they stand. */
function carried(item: ManagedResource, managed: readonly ManagedResource[], look: Look): ObjectEdit[] {
  return imageEdits(look)
    .filter((edit) => carriersOf(edit, managed).includes(item))
    .map(({ from, to, image }) => ({ was: from, to, image }));
}

/** Edits that are of no image are known by what they make of the rendered object. */
function ofFields(item: ManagedResource, { evidence: { rendered } }: Look): ObjectEdit[] {
  if (rendered === undefined || isUnavailable(rendered)) return [];
  const fields = rendered.differing
    .filter((one) => isSameObject(one, item))
    .flatMap((one) => one.fields ?? []);
  return fields
    .filter(({ path }) => path[0] === 'spec')
    .map(({ path, before, after }) => ({ at: { path: pathOf(path) }, was: before, to: after }));
}
