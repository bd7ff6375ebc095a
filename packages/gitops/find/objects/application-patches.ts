import { formatPath, type Step } from '../../path.ts';
import { readEmbedded } from '../../yaml/embedded.ts';
import { child, follow, isMapping, isScalar, itemsOf, type Reached, textAt } from '../../yaml/walk.ts';
import { elementSteps, TELLING } from '../element.ts';
import { referenceSite } from '../helm/helm.ts';
import { fragmentSites, isJsonPatch } from '../kustomize/json-patch.ts';
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
    // A place in a text is one in its first document.
    return root === undefined || more.length > 0 ? [] : patchSites(root, objectPlace(object, outer));
  });
}

function patchSites(root: Reached, place: PlaceOf): ImageSite[] {
  if (isJsonPatch(root)) return operationSites(root, place);
  if (!isMapping(root)) return [];
  return fragmentSites(root, undefined).flatMap((site) => {
    const path = site.type === 'reference' && 'path' in site.place ? site.place.path : undefined;
    return path === undefined || site.type !== 'reference'
      ? []
      : [{ ...site, place: place(path, 'reference') }];
  });
}

/** An operation has no name, only its turn. What tests for a value would fail with another one, and then the patch with it. */
function operationSites(root: Reached, place: PlaceOf): ImageSite[] {
  const operations = itemsOf(root);
  if (operations.some((one) => textAt(one, 'op') === 'test')) return [];
  return operations.flatMap((one, index) => {
    const value = child(one, 'value');
    const sets = ['add', 'replace'].includes(textAt(one, 'op') ?? '');
    const isImage = /\/(?:containers|initContainers|ephemeralContainers)\/[^/]+\/image$/.test(
      textAt(one, 'path') ?? '',
    );
    return sets && isImage && isScalar(value)
      ? referenceSite(value, [{ key: String(index) }, { key: 'value' }], place)
      : [];
  });
}
