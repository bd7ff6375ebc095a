import type { Edit } from '@sluice/gitops/change';
import { describePlace } from '@sluice/gitops/describe';
import { readReference, sameRepository } from '@sluice/gitops/reference';
import { carriersOf, handsOn } from '../children/carriers.ts';
import { imagesOfManifest, type ManifestImage } from '../evidence/images-of-manifest.ts';
import { describeResource, type ResourceKey } from '../observation.ts';
import { defaultRegistryOf, rendersImage } from './images.ts';
import { currentResources } from './look.ts';
import { namedObjects } from './named-objects.ts';
import { isValuePlace, ofValue } from './object-targets.ts';
import { podsLeft } from './pods-left.ts';
import type { Look, ManagedResource } from './types.ts';

/** One container that must run the wanted image. */
export interface Target {
  readonly key: ResourceKey;
  readonly container: string;
  readonly list: ManifestImage['list'];
  readonly wanted: string;
  /** What Git renders to. */
  readonly rendered: string;
  /** What that container has in the live object; undefined where Argo CD shows no live object, empty where it says that there is none. */
  readonly live: readonly string[] | undefined;
  /** What a hook runs shows only in the result of the operation that ran it. */
  readonly hook: boolean;
  /** A hook that no sync runs: nothing is to be seen of it. */
  readonly dormant: boolean;
  /** Pods that keep running what was before, although the object is Healthy. */
  readonly podsLeft: number;
}

export interface Found {
  readonly targets: readonly Target[];
  /** Wanted images for which nothing is rendered, as sentences. */
  readonly unrendered: readonly string[];
  /** Applications and ApplicationSets that may hand an image on to what they deploy. */
  readonly carriers: readonly ResourceKey[];
}

/** The containers that the change's image edits are about, in what Argo CD renders now. */
export function findTargets(look: Look): Found {
  const managed = currentResources(look)?.items ?? [];
  const targets = new Map<string, Target>();
  const unrendered: string[] = [];
  const carriers: ResourceKey[] = [];
  for (const edit of imageEdits(look)) {
    const found = targetsOf(edit, managed, look);
    const handing = handsOn(edit, found.length > 0) ? carriersOf(edit, managed) : [];
    carriers.push(...handing);
    if (found.length === 0 && handing.length === 0)
      unrendered.push(`${describeEdit(edit)} is not among what the application renders`);
    for (const target of found) {
      targets.set(
        `${describeResource(target.key)} ${target.list} ${target.container} ${target.wanted}`,
        target,
      );
    }
  }
  return { targets: [...targets.values()], unrendered, carriers };
}

function targetsOf(edit: ImageEdit, managed: readonly ManagedResource[], look: Look): Target[] {
  const { place } = edit;
  if (isValuePlace(place)) return ofValue({ ...edit, place }, managed, look);
  return place.type === 'container' ? ofContainer(edit, managed, look) : ofImage(edit, managed, look);
}

type ImageEdit = Edit & { readonly image: string };

export const imageEdits = ({ expectation }: Look): readonly ImageEdit[] =>
  expectation.type === 'revision'
    ? []
    : expectation.edits.map(({ edit }) => edit).filter((edit): edit is ImageEdit => edit.image !== undefined);

export const describeTarget = ({ key, list, container }: Target): string =>
  `${describeResource(key)} ${list === 'field' ? container : `container ${container}`}`;

function describeEdit({ place, image }: ImageEdit): string {
  if (place.type === 'object-value') return describePlace(place);
  if (place.type !== 'container') return `A container with the repository of ${image}`;
  const namespace = place.namespace === undefined ? '' : `${place.namespace}/`;
  return `${place.kind} ${namespace}${place.name} container ${place.container}`;
}

/**
 * Kustomize and Helm edit images by repository: every container of that repository is meant, but for those that show what another
 * place of Git asks for. Where none shows the wanted image, nothing is excused.
 */
function ofImage(edit: ImageEdit, managed: readonly ManagedResource[], look: Look): Target[] {
  const registry = defaultRegistryOf(look.expectation);
  const all = managed.flatMap((item) =>
    imagesOfManifest(item.target)
      .filter(({ image }) => isOf(edit.image, image, registry))
      .map((found) => target(item, found, edit.image)),
  );
  const isShown = ({ rendered }: Target): boolean => rendersImage(edit.image, rendered, registry);
  return all.some(isShown) ? all.filter((one) => isShown(one) || !isSibling(one, look)) : all;
}

/** Whether a container shows the image of another edit, or of a place beside the change. */
function isSibling({ rendered }: Target, look: Look): boolean {
  const registry = defaultRegistryOf(look.expectation);
  const siblings = currentResources(look)?.siblings ?? [];
  return (
    siblings.includes(rendered) || imageEdits(look).some((one) => rendersImage(one.image, rendered, registry))
  );
}

function isOf(wanted: string, image: string, registry: string | undefined): boolean {
  const [a, b] = [readReference(wanted), readReference(image)];
  return a !== undefined && b !== undefined && sameRepository(a, b, registry);
}

function ofContainer(edit: ImageEdit, managed: readonly ManagedResource[], look: Look): Target[] {
  const { place } = edit;
  if (place.type !== 'container') return [];
  const has = ({ target: rendered }: ManagedResource): boolean =>
    imagesOfManifest(rendered).some((found) => isContainerOf(edit, found));
  return namedObjects(place, managed, look, has).flatMap((item) =>
    imagesOfManifest(item.target)
      .filter((found) => isContainerOf(edit, found))
      .map((found) => target(item, found, edit.image)),
  );
}

const isContainerOf = ({ place }: ImageEdit, { list, container }: ManifestImage): boolean =>
  place.type === 'container' && list === place.list && container === place.container;

function target(item: ManagedResource, rendered: ManifestImage, wanted: string): Target {
  const { group, kind, namespace, name } = item;
  const { list, container } = rendered;
  const live = imagesOfManifest(item.live).filter((one) => one.list === list && one.container === container);
  return {
    key: { group, kind, namespace, name },
    list,
    container,
    wanted,
    rendered: rendered.image,
    live: item.live === undefined && item.missing !== true ? undefined : live.map(({ image }) => image),
    hook: item.hook === true,
    dormant: item.dormant === true,
    podsLeft: podsLeft(item.live),
  };
}
