import type { YamlNode } from '../../yaml/tree.ts';
import { isMapping } from '../../yaml/walk.ts';
import { type LookFor, objectSites } from '../objects/object-sites.ts';
import type { ImageSite } from '../site.ts';
import { unreadText } from '../unread.ts';
import { fragmentSites, isJsonPatch, jsonPatchSites } from './json-patch.ts';
import { inlinePatches, type Patch, readPatch } from './patches.ts';

/** The images that patches set. One that says which object it is for is read as that object is. */
export function patchSites(patches: readonly Patch[], lookFor: LookFor): ImageSite[] {
  return patches.flatMap(({ root, target, object }) => {
    if (isJsonPatch(root)) return jsonPatchSites(root, target);
    if (object !== undefined) return objectSites(object, lookFor);
    return isMapping(root) ? fragmentSites(root, target) : [];
  });
}

/** The images that the patches in a kustomization set. */
export function inlinePatchSites(documents: readonly YamlNode[], lookFor: LookFor): ImageSite[] {
  const patches = inlinePatches(documents);
  const unread = patches.flatMap(({ text }) => unreadText(text, 'a patch in it is left alone'));
  return [...patchSites(patches.flatMap(readPatch), lookFor), ...unread];
}
