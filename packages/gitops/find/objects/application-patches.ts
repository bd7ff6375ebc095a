import { formatPath, type Step } from '../../path.ts';
import { readEmbedded } from '../../yaml/embedded.ts';
import { child, follow, isMapping, isScalar, itemsOf, type Reached } from '../../yaml/walk.ts';
import { elementSteps, TELLING } from '../element.ts';
import { fragmentSites, isJsonPatch, operationImages, operationSite } from '../kustomize/json-patch.ts';
import type { ImageSite, PlaceOf } from '../site.ts';
import { unreadText } from '../unread.ts';
import type { ObjectName } from './object-lookup.ts';
import { nameText, objectPlace } from './object-place.ts';

/** The images in patches that an object hands to kustomize as texts: strategic ones, and operations that set an image (RFC 6902). */
export function patchTexts(
  object: ObjectName,
  list: Reached | undefined,
  steps: readonly Step[],
): ImageSite[] {
  return itemsOf(list).flatMap((item, index) => {
    const text = child(item, 'patch');
    if (list === undefined || !isScalar(text)) return [];
    const outer = formatPath([...elementSteps(list, item, index, steps, TELLING), { key: 'patch' }]);
    const embedded = readEmbedded(text.node);
    if (!('documents' in embedded)) return unreadText(text, `${nameText(object)} ${outer} is left alone`);
    const [document, ...more] = embedded.documents;
    const root = follow(document, text.via);
    if (more.length > 0) {
      // A place in a text is one in its first document.
      const message = `${nameText(object)} ${outer} is left alone: it has several documents`;
      return [{ type: 'left-alone', reason: 'unknown-kind', message, about: { text: text.node.text } }];
    }
    return root === undefined ? [] : patchSites(root, objectPlace(object, outer));
  });
}

function patchSites(root: Reached, place: PlaceOf): ImageSite[] {
  if (isJsonPatch(root)) {
    // An operation has no name, only its turn.
    return operationImages(root).flatMap(({ index, pointer, image, isTest }) => {
      // Nothing runs what a label or an annotation says.
      if (pointer.includes('/metadata/')) return [];
      const path = formatPath([{ key: String(index) }, ...image.steps]);
      return operationSite(place(path, 'reference'), image, isTest);
    });
  }
  if (!isMapping(root)) return [];
  return fragmentSites(root, undefined).flatMap((site) => {
    const path = site.type === 'reference' && 'path' in site.place ? site.place.path : undefined;
    return path === undefined || site.type !== 'reference'
      ? []
      : [{ ...site, place: place(path, 'reference') }];
  });
}
