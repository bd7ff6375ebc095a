import { formatPath, type Step } from '../path.ts';
import { type ImageReference, readReference } from '../reference.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/tree.ts';
import {
  child,
  entriesOf,
  follow,
  isMapping,
  isScalar,
  itemsOf,
  itemsWith,
  type Reached,
  textAt,
} from '../yaml/walk.ts';
import type { HelmField, ImageSite } from './site.ts';

/**
 * The images of a file of Helm values, found by their shape: maps of `repository` with `tag` or `digest` (and maybe `registry`),
 * and references with a tag or digest under a key `image`, `…Image`, or in `images`.
 */
export function helmSites(document: YamlNode | undefined): ImageSite[] {
  const root = follow(document);
  return root === undefined ? [] : sitesIn(root, []);
}

function sitesIn(reached: Reached, steps: readonly Step[]): ImageSite[] {
  if (isScalar(reached)) return isImageKey(steps) ? referenceSite(reached, steps) : [];
  if (!isMapping(reached)) {
    return itemsOf(reached).flatMap((item, index) =>
      sitesIn(item, elementSteps(reached, item, index, steps)),
    );
  }
  const nested = entriesOf(reached).flatMap(({ key, value }) => sitesIn(value, [...steps, { key }]));
  const site = mapSite(reached, steps);
  return site === undefined ? nested : [site, ...nested];
}

/** `image`, `proxyImage`, `init_image`, or anything in `images`. */
function isImageKey(steps: readonly Step[]): boolean {
  const last = steps.at(-1);
  if (last === undefined) return false;
  if (/image$/i.test(last.key)) return true;
  const around = last.select === undefined ? steps.at(-2) : last;
  return around !== undefined && /^images$/i.test(around.key);
}

function referenceSite(value: Reached<ScalarNode>, steps: readonly Step[]): ImageSite[] {
  const reference = readReference(value.node.text);
  if (reference === undefined || (reference.tag === undefined && reference.digest === undefined)) return [];
  return [{ type: 'reference', place: helmPlace(formatPath(steps), 'reference'), value, reference }];
}

function mapSite(map: Reached<MappingNode>, steps: readonly Step[]): ImageSite | undefined {
  const reference = joinReference(textAt(map, 'registry'), textAt(map, 'repository'));
  const tag = field(map, 'tag', steps);
  const digest = field(map, 'digest', steps);
  if (reference === undefined || (tag === undefined && digest === undefined)) return undefined;
  return { type: 'helm', reference, tag, digest };
}

/** The repository that a chart makes of its two values; undefined where they are no plain repository. */
export function joinReference(
  registry: string | undefined,
  repository: string | undefined,
): ImageReference | undefined {
  if (repository === undefined) return undefined;
  const reference = readReference(registry ? `${registry}/${repository}` : repository);
  return reference?.tag === undefined && reference?.digest === undefined ? reference : undefined;
}

function field(map: Reached<MappingNode>, key: string, steps: readonly Step[]): HelmField | undefined {
  const value = child(map, key);
  return isScalar(value) ? { path: formatPath([...steps, { key }]), value } : undefined;
}

/** An element is addressed by its name where that is its own alone: so it is found again after another was added. */
function elementSteps(list: Reached, item: Reached, index: number, steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1);
  if (last === undefined || last.select !== undefined) return [...steps, { key: String(index) }];
  const name = textAt(item, 'name');
  const own = name !== undefined && itemsWith(list, 'name', name).length === 1;
  const select = own ? { field: 'name', text: name } : { index };
  return [...steps.slice(0, -1), { key: last.key, select }];
}

export function helmPlace(path: string, holds: 'reference' | 'repository' | 'tag' | 'digest') {
  return { type: 'helm-value', path, holds } as const;
}
