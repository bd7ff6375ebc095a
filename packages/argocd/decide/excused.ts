import { keyOf, type ResourceStatus } from '../observation.ts';
import { isSameObject } from './look.ts';
import { objectsOfChange } from './scope.ts';
import type { Look } from './types.ts';

/** What was broken before the change, and is so since, is not its doing. */
export const isExcused = (resource: ResourceStatus, look: Look): boolean =>
  resource.health === 'Degraded' &&
  look.history.resources.get(keyOf(resource))?.recovered !== true &&
  before(resource, look)?.health === 'Degraded';

/** Degraded or Missing as before the change, never Healthy since, and nothing of it: told of, and not waited for. */
export const isLeftUnwell = (resource: ResourceStatus, look: Look): boolean =>
  (resource.health === 'Degraded' || resource.health === 'Missing') &&
  before(resource, look)?.health === resource.health &&
  look.history.resources.get(keyOf(resource))?.wasHealthy !== true &&
  isOthers(resource, look);

/** The same of what was OutOfSync before, and was never Synced since. */
export const isLeftOutOfSync = (resource: ResourceStatus, look: Look): boolean =>
  resource.sync === 'OutOfSync' &&
  before(resource, look)?.sync === 'OutOfSync' &&
  look.history.resources.get(keyOf(resource))?.wasSynced !== true &&
  isOthers(resource, look);

const before = (resource: ResourceStatus, { baseline }: Look) =>
  baseline.unwell.find((one) => keyOf(one) === keyOf(resource));

/** Where nothing tells which objects are those of the change, all may be. */
function isOthers(resource: ResourceStatus, look: Look): boolean {
  const ours = touchesNamedObjects(look) ? objectsOfChange(look) : undefined;
  return ours !== undefined && !ours.some((key) => isSameObject(key, resource));
}

/**
 * A container, or a value of an object, is of that object alone; what an edit without an image has changed is seen in what is
 * rendered. What a Helm value or an image of a kustomization goes into beside the containers of its repository nobody has looked at.
 */
const touchesNamedObjects = ({ expectation }: Look): boolean =>
  expectation.type === 'change' &&
  expectation.edits.every(
    ({ edit: { image, place } }) =>
      image === undefined || place.type === 'container' || place.type === 'object-value',
  );
