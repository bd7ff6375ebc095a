import { formatPath, type Step } from '../path.ts';
import { type ImageReference, readReference } from '../reference.ts';
import type { MappingNode } from '../yaml/tree.ts';
import { child, entriesOf, isScalar, type Reached, textAt } from '../yaml/walk.ts';
import type { HelmField, ImageSite, PlaceOf } from './site.ts';

export interface HelmMap {
  readonly map: Reached<MappingNode>;
  readonly steps: readonly Step[];
  readonly place: PlaceOf;
  /** What `global.imageRegistry` says; it wins over the `registry` of a map in every chart of Bitnami, and in those made like them. */
  readonly globalRegistry?: string | undefined;
}

/** `image`, `proxyImage`, `init_image`, or anything in `images`. */
export function isImageKey(steps: readonly Step[]): boolean {
  const last = steps.at(-1);
  if (last === undefined) return false;
  if (/image$/i.test(last.key)) return true;
  const around = last.select === undefined ? steps.at(-2) : last;
  return around !== undefined && /^images$/i.test(around.key);
}

/**
 * The images of which a map holds the repository in one key and the tag or digest in others: `repository` and `tag`, `imageRepository`
 * and `imageTag`, `image.repository` and `image.tag` as keys with a dot. A pair that could mean something else is no image:
 * a `version` beside a `repository` is a chart's, and a tag alone is nobody's.
 */
export function mapSites(at: HelmMap): ImageSite[] {
  const stems = new Set(
    entriesOf(at.map).flatMap(({ key }) => /^(.*?)(?:tag|digest)$/i.exec(key)?.[1] ?? []),
  );
  return [...stems].flatMap((stem) => siteOf(at, stem));
}

function siteOf(at: HelmMap, stem: string): ImageSite[] {
  const tag = field(at, stem, 'tag');
  const digest = field(at, stem, 'digest');
  const reference = repositoryFor(at, stem);
  if (reference === undefined || (tag === undefined && digest === undefined)) return [];
  return [{ type: 'helm', reference, tag, digest, place: at.place }];
}

function repositoryFor({ map, steps, globalRegistry }: HelmMap, stem: string): ImageReference | undefined {
  const textOf = (word: string): string | undefined => textAt(map, keyOf(stem, word));
  const own = textOf('registry');
  const registry = own === undefined ? undefined : (globalRegistry ?? own);
  const repository = textOf('repository');
  if (repository !== undefined) return joinReference(registry, repository);
  const aboutImage = stem === '' ? isImageKey(steps) : /image[._-]?$/i.test(stem);
  const name = aboutImage ? textOf('name') : undefined;
  if (name !== undefined) return joinReference(registry, name);
  const bare = stem === '' ? 'image' : stem.replace(/[._-]$/, '');
  return /image$/i.test(bare) ? joinReference(registry, textAt(map, bare)) : undefined;
}

/** `tag`, `imageTag`, `image_tag`, `image.tag`. */
function keyOf(stem: string, word: string): string {
  return stem === '' || /[._-]$/.test(stem)
    ? `${stem}${word}`
    : `${stem}${word[0]?.toUpperCase()}${word.slice(1)}`;
}

function field({ map, steps }: HelmMap, stem: string, word: string): HelmField | undefined {
  const key = keyOf(stem, word);
  const value = child(map, key);
  return isScalar(value) ? { path: formatPath([...steps, { key }]), value } : undefined;
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
