import { keyOf, type ResourceKey, type ResourceStatus } from '../observation.ts';
import { findResource, isUnavailable } from './look.ts';
import { findTargets } from './targets.ts';
import type { Look } from './types.ts';

/**
 * The objects that must be Synced and Healthy. `undefined`: all of the application: asked for, or because nothing names fewer.
 */
export function scopeOf(look: Look): readonly ResourceKey[] | undefined {
  if (look.settings.scope === 'application' || look.expectation.type === 'revision') return undefined;
  const { rendered } = look.evidence;
  const keys = new Map<string, ResourceKey>();
  for (const { key, hook } of findTargets(look).targets) if (!hook) keys.set(keyOf(key), key);
  if (rendered !== undefined && !isUnavailable(rendered)) {
    for (const key of rendered.differing) keys.set(keyOf(key), key);
  }
  return keys.size === 0 && !hasHooksOnly(look) ? undefined : [...keys.values()];
}

const hasHooksOnly = (look: Look): boolean => {
  const { targets } = findTargets(look);
  return targets.length > 0 && targets.every(({ hook }) => hook);
};

/** Those of the application's objects that are in scope. Hooks come and go: the operation speaks for them. */
export function resourcesInScope(look: Look): readonly ResourceStatus[] {
  const keys = scopeOf(look);
  const all = look.application.resources.filter(({ hook }) => !hook);
  if (keys === undefined) return all;
  const wanted = new Set(keys.map(keyOf));
  return all.filter((resource) => wanted.has(keyOf(resource)));
}

/** Rendered objects in scope that the application does not list. */
export function absentInScope(look: Look): readonly ResourceKey[] {
  const rendered = findTargets(look).targets.filter(({ hook }) => !hook);
  const inScope = new Set((scopeOf(look) ?? []).map(keyOf));
  return rendered
    .map(({ key }) => key)
    .filter((key) => inScope.has(keyOf(key)) && findResource(look.application, key) === undefined);
}
