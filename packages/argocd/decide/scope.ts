import { at, text } from '../json.ts';
import type { ResourceKey, ResourceStatus } from '../observation.ts';
import { currentResources, isSameObject, isUnavailable } from './look.ts';
import { findTargets } from './targets.ts';
import type { Look, ManagedResource } from './types.ts';

/**
 * The objects that must be Synced and Healthy. `undefined`: all of the application, because that was asked for or because nothing
 * names fewer: a scope that matches nothing must not make an empty proof.
 */
export const scopeOf = (look: Look): readonly ResourceKey[] | undefined =>
  look.settings.scope === 'application' ? undefined : objectsOfChange(look);

/** The objects that the change touches, and what rolls them out; `undefined` where nothing tells. */
export function objectsOfChange(look: Look): readonly ResourceKey[] | undefined {
  if (look.expectation.type === 'revision') return undefined;
  const { targets } = findTargets(look);
  const all = touchedObjects(look);
  const matched = all.some((key) => look.application.resources.some((one) => isSameObject(one, key)));
  const hooksOnly = all.length === 0 && targets.length > 0;
  return matched || hooksOnly ? [...all, ...driversOf(all, look)] : undefined;
}

/** Kinds whose controller rolls out what another object describes; each has health of its own. */
const isDriver = ({ group, kind }: ResourceKey): boolean =>
  kind === 'Rollout' || (group === 'flagger.app' && kind === 'Canary');

/**
 * The objects that roll out one of these: by `workloadRef` (Argo Rollouts, OpenKruise) or Flagger's `targetRef`. Nothing is live
 * before clause 8 has asked for the rendered objects, which tell.
 */
function driversOf(all: readonly ResourceKey[], look: Look): readonly ResourceKey[] {
  const managed = currentResources(look)?.items ?? [];
  return managed.filter((item) => {
    const reference = referenceOf(item);
    return (
      reference !== undefined &&
      all.some((key) => isSameObject({ ...reference, namespace: item.namespace }, key))
    );
  });
}

/** The object that this one rolls out. */
export function referenceOf(item: ManagedResource): Omit<ResourceKey, 'namespace'> | undefined {
  if (!isDriver(item)) return undefined;
  const spec = at(item.target, 'spec');
  const reference = at(spec, 'workloadRef') ?? at(spec, 'objectRef', 'workloadRef') ?? at(spec, 'targetRef');
  const kind = text(at(reference, 'kind'));
  const name = text(at(reference, 'name'));
  if (kind === undefined || name === undefined) return undefined;
  const [group, version] = (text(at(reference, 'apiVersion')) ?? '').split('/');
  return { group: version === undefined ? '' : (group ?? ''), kind, name };
}

/** What the change is seen in: the rendered objects with its images, and those that differ by it. */
export function touchedObjects(look: Look): readonly ResourceKey[] {
  const { rendered } = look.evidence;
  const { targets, carriers } = findTargets(look);
  const keys = targets.filter(({ hook }) => !hook).map(({ key }) => key);
  return [
    ...keys,
    ...carriers,
    ...(rendered === undefined || isUnavailable(rendered) ? [] : rendered.differing),
  ];
}

/** Those of the application's objects that are in scope. Hooks come and go: the operation speaks for them. */
export function resourcesInScope(look: Look): readonly ResourceStatus[] {
  const keys = scopeOf(look);
  const all = look.application.resources.filter(({ hook }) => !hook);
  return keys === undefined ? all : all.filter((one) => keys.some((key) => isSameObject(one, key)));
}

/**
 * Rendered objects of the change that the application does not list: not applied yet, whatever else says Synced. Where it lists
 * none at all, their live state tells.
 */
export function absentInScope(look: Look): readonly ResourceKey[] {
  const { resources } = look.application;
  return findTargets(look)
    .targets.filter(({ hook, live }) => !hook && (resources.length > 0 || live === undefined))
    .map(({ key }) => key)
    .filter((key) => !resources.some((one) => isSameObject(one, key)));
}
