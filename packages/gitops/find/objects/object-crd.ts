import type { CrdPath } from '../../crd-paths.ts';
import { formatPath, resolvePath, type Step } from '../../path.ts';
import type { MappingNode } from '../../yaml/tree.ts';
import { child, isMapping, isScalar, itemsOf, type Reached } from '../../yaml/walk.ts';
import { elementSteps } from '../element.ts';
import { referenceSite } from '../helm/helm.ts';
import { mapSites } from '../helm/helm-map.ts';
import { CONTAINER_LISTS, containerSite, containersOfPod } from '../manifest.ts';
import type { ImageSite } from '../site.ts';
import { type KubeObject, reach } from './object-lookup.ts';
import { objectPlace } from './object-place.ts';

interface At {
  readonly reached: Reached;
  readonly steps: readonly Step[];
}

/** The images of a custom resource at the paths that are given for its kind. Another version of the kind may hold them elsewhere. */
export function crdSites(object: KubeObject, crdPaths: readonly CrdPath[]): ImageSite[] {
  return crdPaths
    .filter(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind)
    .flatMap(({ path }) => along(object.root, path))
    .flatMap((at) => imagesAt(object, at));
}

/** Where a path leads to: into a list without a select, to each of its elements. */
function along(root: Reached, path: readonly Step[]): readonly At[] {
  let reached: readonly At[] = [{ reached: root, steps: [] }];
  for (const step of path) {
    reached = reached
      .flatMap((at) => (/^\d+$/.test(step.key) ? [at] : elementsOf(at)))
      .flatMap((at) => {
        const found = resolvePath(at.reached, [step]);
        return found.type === 'found' ? [{ reached: found.value, steps: [...at.steps, step] }] : [];
      });
  }
  return reached;
}

function elementsOf(at: At): readonly At[] {
  if (at.reached.node.kind !== 'sequence') return [at];
  return itemsOf(at.reached).map((item, index) => ({
    reached: item,
    steps: elementSteps(at.reached, item, index, at.steps),
  }));
}

/** What stands there tells: a pod's specification, containers, a container, a map of repository and tag, a reference, a list of these. */
function imagesAt(object: KubeObject, { reached, steps }: At): ImageSite[] {
  const place = objectPlace(object);
  if (isScalar(reached)) return referenceSite(reached, steps, place);
  if (isMapping(reached)) return imagesOfMap(object, reached, steps);
  const list = CONTAINER_LISTS.find((name) => name === steps.at(-1)?.key && steps.length > 1);
  if (list !== undefined) {
    const pod = formatPath(steps.slice(0, -1));
    return containersOfPod(reach(object.root, pod).value, object, pod)
      .filter((container) => container.place.list === list)
      .flatMap(containerSite);
  }
  return elementsOf({ reached, steps }).flatMap((at) => imagesAt(object, at));
}

function imagesOfMap(object: KubeObject, map: Reached<MappingNode>, steps: readonly Step[]): ImageSite[] {
  if (CONTAINER_LISTS.some((list) => child(map, list)?.node.kind === 'sequence')) {
    return containersOfPod(map, object, formatPath(steps)).flatMap(containerSite);
  }
  const around = { place: objectPlace(object), isImage: true };
  const pairs = mapSites(map, steps, around);
  const image = child(map, 'image');
  if (pairs.length > 0 || image === undefined) return pairs;
  const below = [...steps, { key: 'image' }];
  if (isMapping(image)) return mapSites(image, below, around);
  return isScalar(image) ? referenceSite(image, below, around.place) : [];
}
