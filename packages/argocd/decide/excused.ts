import { keyOf, type ResourceStatus } from '../observation.ts';
import { isSameObject } from './look.ts';
import { objectsOfChange } from './scope.ts';
import type { Look } from './types.ts';

/** What was broken before the change, and never mended since, is not its doing. */
export const isExcused = (resource: ResourceStatus, { baseline, history }: Look): boolean =>
  resource.health === 'Degraded' &&
  history.resources.get(keyOf(resource))?.recovered !== true &&
  baseline.unwell.some((one) => keyOf(one) === keyOf(resource) && one.health === 'Degraded');

/** Degraded as before the change, and nothing of it: told of, and not waited for. */
export const isLeftDegraded = (resource: ResourceStatus, look: Look): boolean =>
  isExcused(resource, look) && isOthers(resource, look);

/** The same of what was OutOfSync before, and is still. */
export const isLeftOutOfSync = (resource: ResourceStatus, look: Look): boolean =>
  resource.sync === 'OutOfSync' &&
  look.baseline.unwell.some((one) => keyOf(one) === keyOf(resource) && one.sync === 'OutOfSync') &&
  isOthers(resource, look);

/** Where nothing tells which objects are those of the change, all may be. */
function isOthers(resource: ResourceStatus, look: Look): boolean {
  const ours = objectsOfChange(look);
  return ours !== undefined && !ours.some((key) => isSameObject(key, resource));
}
