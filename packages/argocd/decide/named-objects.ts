import type { Place } from '@sluice/gitops/change';
import type { Look, ManagedResource } from './types.ts';

/** A place that says by name in which object it is. */
export type ObjectPlace = Extract<Place, { type: 'container' | 'object-value' }>;

/** What renders every object under the name that Git gives it. */
const KEEPS_NAMES = new Set(['Directory', 'Helm']);

/**
 * The object with the place's very name; where it may be rendered under another namespace, or with a prefix or suffix (Kustomize,
 * plugins), the only one that `has` the place.
 */
export function namedObjects(
  place: ObjectPlace,
  managed: readonly ManagedResource[],
  { application, sourceIndex }: Look,
  has: (item: ManagedResource) => boolean,
): readonly ManagedResource[] {
  const ofKind = managed.filter(
    ({ group, kind, target }) =>
      group === groupOf(place.apiVersion) && kind === place.kind && target !== undefined,
  );
  const sameName = ofKind.filter(({ name }) => name === place.name);
  const namespace = place.namespace ?? application.destination.namespace ?? '';
  const exact = sameName.filter((one) => one.namespace === namespace);
  if (exact.length > 0) return exact;
  if (sameName.length > 0) return sameName;
  if (KEEPS_NAMES.has(application.sourceTypes[application.multiSource ? sourceIndex : 0] ?? '')) return [];
  const affixed = ofKind.filter((item) => item.name.includes(place.name) && has(item));
  return affixed.length === 1 ? affixed : [];
}

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
