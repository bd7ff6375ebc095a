import { formatPath, type Step } from '../../path.ts';
import { type ImageReference, readReference } from '../../reference.ts';
import type { MappingNode } from '../../yaml/tree.ts';
import { entriesOf, isScalar, type Reached, textOf } from '../../yaml/walk.ts';
import type { HelmField, ImageSite, PlaceOf } from '../site.ts';

/** Keys with values, however they are written: a map, or a list of names and values. */
export interface Keyed {
  readonly keys: readonly string[];
  readonly text: (key: string) => string | undefined;
  readonly field: (key: string) => HelmField | undefined;
}

export interface Around {
  readonly place: PlaceOf;
  /** Whether the keys are those of an image, so that a `name` among them is its name. */
  readonly isImage: boolean;
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
 * The images of which the repository stands under one key and the tag or digest under others: `repository` and `tag`,
 * `imageRepository` and `imageTag`, `image.repository` and `image.tag` as keys with a dot. A pair that could mean something else is
 * no image: a `version` beside a `repository` is a chart's, and a tag alone is nobody's.
 */
export function pairSites(keyed: Keyed, around: Around): ImageSite[] {
  const stems = new Set(keyed.keys.flatMap((key) => /^(.*?)(?:tag|digest)$/i.exec(key)?.[1] ?? []));
  return [...stems].flatMap((stem) => {
    const reference = repositoryFor(keyed, around, stem);
    const tag = keyed.field(keyOf(stem, 'tag'));
    const digest = keyed.field(keyOf(stem, 'digest')) ?? hashField(keyed, stem);
    if (reference === undefined || (tag === undefined && digest === undefined)) return [];
    return [{ type: 'helm', reference, tag, digest, place: around.place } as const];
  });
}

/** `sha: aaaa…` of the charts of Grafana and Prometheus: a digest without its algorithm. Other text there is no digest. */
function hashField(keyed: Keyed, stem: string): HelmField | undefined {
  const field = keyed.field(keyOf(stem, 'sha'));
  return field !== undefined && /^(?:[0-9a-f]{64})?$/i.test(textOf(field.value) ?? '')
    ? { ...field, isBareHash: true }
    : undefined;
}

/** The pairs of a map. `steps` lead to it. */
export function mapSites(map: Reached<MappingNode>, steps: readonly Step[], around: Around): ImageSite[] {
  // Looked up often, and one by one a map with merge keys would be read anew for each key.
  const values = new Map(entriesOf(map).map(({ key, value }) => [key, value]));
  const field = (key: string): HelmField | undefined => {
    const value = values.get(key);
    return isScalar(value) ? { path: formatPath([...steps, { key }]), value } : undefined;
  };
  return pairSites({ keys: [...values.keys()], text: (key) => textOf(values.get(key)), field }, around);
}

function repositoryFor(
  { text }: Keyed,
  { isImage, globalRegistry }: Around,
  stem: string,
): ImageReference | undefined {
  const own = text(keyOf(stem, 'registry'));
  const registry = own === undefined ? undefined : (globalRegistry ?? own);
  const repository = text(keyOf(stem, 'repository'));
  if (repository !== undefined) return joinReference(registry, repository);
  const image = stem === '' ? joinReference(registry, text('image')) : undefined;
  if (image !== undefined) return image;
  const isNamed = stem === '' ? isImage : /image[._-]?$/i.test(stem);
  const name = isNamed ? text(keyOf(stem, 'name')) : undefined;
  if (name !== undefined) return joinReference(registry, name);
  const bare = stem === '' ? 'image' : stem.replace(/[._-]$/, '');
  return /image$/i.test(bare) ? joinReference(registry, text(bare)) : undefined;
}

/** `tag`, `imageTag`, `image_tag`, `image.tag`. */
function keyOf(stem: string, word: string): string {
  const isApart = stem === '' || /[._-]$/.test(stem);
  return `${stem}${isApart ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`}`;
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
