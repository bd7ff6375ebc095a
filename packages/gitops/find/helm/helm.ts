import type { ImageTemplate } from '../../image-replace-paths.ts';
import { formatPath, type Step } from '../../path.ts';
import { readReference } from '../../reference.ts';
import type { ScalarNode, YamlNode } from '../../yaml/tree.ts';
import { entriesOf, follow, isMapping, isScalar, itemsOf, type Reached, textAt } from '../../yaml/walk.ts';
import { elementSteps } from '../element.ts';
import type { ImageSite, PlaceOf } from '../site.ts';
import { isImageKey, mapSites } from './helm-map.ts';
import { templateSites } from './helm-template.ts';

/** A tree of Helm values: a file of its own, or a part of an object. */
export interface ValuesTree {
  readonly root: Reached;
  /** How to get there. */
  readonly steps: readonly Step[];
  readonly place: PlaceOf;
}

/** The tree of a values file; none where it is empty. */
export function valuesFile(document: YamlNode | undefined): ValuesTree | undefined {
  const root = follow(document);
  return root === undefined ? undefined : { root, steps: [], place: helmPlace };
}

/**
 * The images of Helm values, found by their shape: maps of a repository with its tag or digest, and references with a tag or digest
 * under a key `image`, `…Image`, or in `images`. What a template says of a value goes before what its shape says.
 */
export function helmSites(tree: ValuesTree, templates: readonly ImageTemplate[] = []): ImageSite[] {
  const told = toldSites(tree, templates);
  const paths = new Set(told.flatMap(pathsOf));
  return [...told, ...shapes(tree).filter((site) => !pathsOf(site).some((path) => paths.has(path)))];
}

/** Where the values of a site stand: one that several aliases lead to stands in several places. */
function pathsOf(site: ImageSite): string[] {
  if (site.type === 'helm') return [site.tag, site.digest].flatMap((field) => field?.path ?? []);
  return site.type === 'reference' && 'path' in site.place ? [site.place.path] : [];
}

/** The images that templates say. */
export function toldSites(tree: ValuesTree, templates: readonly ImageTemplate[] = []): ImageSite[] {
  return templates.flatMap((template) => templateSites(tree, template));
}

function shapes(tree: ValuesTree): ImageSite[] {
  const globalRegistry = textAt(tree.root, 'global', 'imageRegistry') || undefined;
  const sitesIn = (reached: Reached, steps: readonly Step[]): ImageSite[] => {
    if (isScalar(reached)) return isImageKey(steps) ? taggedSite(reached, steps, tree.place) : [];
    if (!isMapping(reached)) {
      return itemsOf(reached).flatMap((item, index) =>
        sitesIn(item, elementSteps(reached, item, index, steps)),
      );
    }
    // No path leads through an empty key.
    const named = entriesOf(reached).filter(({ key }) => key !== '');
    const nested = named.flatMap(({ key, value }) => sitesIn(value, [...steps, { key }]));
    const around = { place: tree.place, isImage: isImageKey(steps), globalRegistry };
    return [...mapSites(reached, steps, around), ...nested];
  };
  return sitesIn(tree.root, tree.steps);
}

/** A reference by its shape alone: text without tag and digest may be anything. */
export function taggedSite(value: Reached<ScalarNode>, steps: readonly Step[], place: PlaceOf): ImageSite[] {
  return referenceSite(value, steps, place).filter(
    ({ reference }) => reference.tag !== undefined || reference.digest !== undefined,
  );
}

/** A value that is known to be a reference; none where its text is no such thing. */
export function referenceSite(
  value: Reached<ScalarNode>,
  steps: readonly Step[],
  place: PlaceOf,
): Extract<ImageSite, { type: 'reference' }>[] {
  const reference = readReference(value.node.text);
  if (reference === undefined) return [];
  return [{ type: 'reference', place: place(formatPath(steps), 'reference'), value, reference }];
}

export function helmPlace(path: string, holds: 'reference' | 'repository' | 'tag' | 'digest') {
  return { type: 'helm-value', path, holds } as const;
}
