import { formatPath, type Step } from '../../path.ts';
import { formatReference, type ImageReference } from '../../reference.ts';
import { entriesOf, isMapping, isScalar, itemsOf, type Reached } from '../../yaml/walk.ts';
import { taggedSite } from '../helm/helm.ts';
import { mapSites } from '../helm/helm-map.ts';
import { CONTAINER_LISTS } from '../manifest.ts';
import { type ImageSite, type LeftAlone, nodesOfSite, type PlaceOf } from '../site.ts';
import { apiGroup, type KubeObject } from './object-lookup.ts';
import { nameText, objectPlace } from './object-place.ts';

/**
 * Images that a custom resource holds where nobody said that it does: each is told with the line that would find it. `known` are its
 * places that were found. Of Kubernetes' own kinds it is known where they hold images.
 */
export function unknownPlaces(object: KubeObject, known: readonly ImageSite[]): LeftAlone[] {
  const group = apiGroup(object.apiVersion);
  if (!group.includes('.') || group.endsWith('.k8s.io')) return [];
  const found = new Set(known.flatMap(nodesOfSite));
  const lines = new Map<string, LeftAlone>();
  const isMap = { place: objectPlace(object), isImage: false };
  const visit = (reached: Reached, steps: readonly Step[]): void => {
    const sites =
      isMapping(reached) && steps.length > 0 ? mapSites(reached, steps, isMap) : tagged(reached, isMap.place);
    for (const site of sites) {
      if (site.type === 'left-alone' || nodesOfSite(site).some((node) => found.has(node))) continue;
      const line = `${object.apiVersion}/${object.kind}: ${formatPath(lineFor(steps))}`;
      lines.set(`${formatReference(site.reference)} ${line}`, advice(object, site.reference, line));
    }
    for (const { steps: further, value } of below(reached)) visit(value, [...steps, ...further]);
  };
  for (const { key, value } of isMapping(object.root) ? entriesOf(object.root) : []) {
    if (!NOT_WANTED.has(key)) visit(value, [{ key }]);
  }
  return [...lines.values()];
}

/** Of a container in a list the path of the pod's specification, so that those beside it are found as well. */
function lineFor(steps: readonly Step[]): readonly Step[] {
  const [list, image] = steps.slice(-2);
  const isContainer = image?.key === 'image' && CONTAINER_LISTS.some((name) => name === list?.key);
  return isContainer && steps.length > 2 ? steps.slice(0, -2) : steps;
}

/** What a node holds. The path of a line leads into every element of a list. */
function below(reached: Reached): readonly { readonly steps: readonly Step[]; readonly value: Reached }[] {
  if (isMapping(reached)) return entriesOf(reached).map(({ key, value }) => ({ steps: [{ key }], value }));
  return itemsOf(reached).map((value) => ({ steps: [], value }));
}

function tagged(reached: Reached, place: PlaceOf): ImageSite[] {
  if (!isScalar(reached)) return [];
  return taggedSite(reached, [], place);
}

function advice(object: KubeObject, reference: ImageReference, line: string): LeftAlone {
  const message = `${nameText(object)} holds ${formatReference(reference)} where it is not looked for: \`crd-paths\` needs the line \`${line}\``;
  return { type: 'left-alone', reason: 'unknown-kind', message, about: { reference } };
}

/** What stands here was seen or is about the object, and nothing runs it. */
const NOT_WANTED = new Set(['apiVersion', 'kind', 'metadata', 'status']);
