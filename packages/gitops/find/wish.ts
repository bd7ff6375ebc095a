import type { Place } from '../change.ts';
import type { ImageEntry } from '../entries.ts';
import { canonicalRepository, formatReference, type ImageReference } from '../reference.ts';
import type { Scalar } from '../scalar.ts';
import type { MappingNode, ScalarNode } from '../yaml/tree.ts';
import { readScalar } from '../yaml/value.ts';
import { child, isScalar, type Reached } from '../yaml/walk.ts';
import { helmPlace } from './helm/helm.ts';
import type { HelmField, ImageSite, KustomizeField, PlaceOf } from './site.ts';

/** A value that a place shall hold; the place exists, or is to be added to a mapping, or cannot be. */
export interface Wish {
  readonly place: Place;
  readonly target:
    | { readonly type: 'scalar'; readonly value: Reached<ScalarNode> }
    | { readonly type: 'entry'; readonly holder: Reached<MappingNode>; readonly key: string }
    | { readonly type: 'absent'; readonly why: string };
  readonly to: Scalar;
  /** How a number or boolean is to be written, where that is given: `2.0`. */
  readonly plain?: string;
  /** Canonical; absent for assignments. */
  readonly image?: string;
  /** The tag found and the tag wanted, for the check against going back. */
  readonly tags?: { readonly found: string | undefined; readonly wanted: string | undefined };
  /** An empty text means the same as no text: where the key can go alone, it goes. */
  readonly orAbsent?: boolean;
  /** What stands there is compared with another place, and must not be changed alone. */
  readonly tested?: boolean;
}

/** What an entry wants of a site; nothing where the site holds another repository. */
export function wishesOf(site: ImageSite, entry: ImageEntry, defaultRegistry: string): Wish[] {
  if (site.type === 'left-alone') return [];
  const same = canonicalRepository(site.reference, defaultRegistry) === entry.repository;
  const isKustomize = site.type === 'kustomize' || site.type === 'kustomize-text';
  if (isKustomize && entry.name !== undefined ? site.name !== entry.name : !same) return [];
  if (site.type === 'kustomize') return kustomizeWishes(site, entry, same);
  if (site.type === 'helm') return helmWishes(site.tag, site.digest, entry, site.place);
  const found = same ? site.reference : repositoryOf(entry.reference);
  const reference = formatReference(retag(found, entry.reference));
  const to =
    site.type === 'reference' ? reference.slice(site.elsewhere ?? 0) : kustomizeText(site, reference, same);
  const tags = { found: site.reference.tag, wanted: entry.reference.tag };
  const tested = site.type === 'reference' && site.tested === true;
  const target = { type: 'scalar', value: site.value } as const;
  return [{ place: site.place, target, to, image: entry.image, tags, tested }];
}

function repositoryOf({ registry, repository }: ImageReference): ImageReference {
  return { ...(registry !== undefined && { registry }), repository };
}

/** `name=newName:tag`; the name alone is enough as long as it is the image's own. */
function kustomizeText(
  { name, value }: Extract<ImageSite, { type: 'kustomize-text' }>,
  reference: string,
  sameRepository: boolean,
): string {
  return value.node.text.includes('=') || !sameRepository ? `${name}=${reference}` : reference;
}

/** The file's spelling of the repository with the wanted tag and digest. The old digest stays only beside the tag that it stood beside. */
export function retag(found: ImageReference, wanted: ImageReference): ImageReference {
  const { registry, repository } = found;
  const { tag, digest = keptDigest(found.digest, found.tag, tag) } = wanted;
  return {
    ...(registry !== undefined && { registry }),
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** What is pinned stays pinned where the wanted tag is the one in place; a digest is never left beside another tag. */
function keptDigest(
  digest: string | undefined,
  foundTag: string | undefined,
  wantedTag: string | undefined,
): string | undefined {
  return wantedTag !== undefined && wantedTag === foundTag ? digest : undefined;
}

type KustomizeSite = Extract<ImageSite, { type: 'kustomize' }>;

function kustomizeWishes(site: KustomizeSite, entry: ImageEntry, sameRepository: boolean): Wish[] {
  const { tag, digest } = entry.reference;
  const wishes: Wish[] = [];
  const add = (field: KustomizeField, to: string): void => {
    const value = child(site.holder, field);
    const place = site.place?.(field) ?? ({ type: 'kustomize-image', name: site.name, field } as const);
    const tags = field === 'newTag' && isScalar(value) ? { found: value.node.text, wanted: tag } : undefined;
    const target: Wish['target'] = isScalar(value)
      ? { type: 'scalar', value }
      : value === undefined
        ? { type: 'entry', holder: site.holder, key: field }
        : { type: 'absent', why: 'it is not a text' };
    wishes.push({
      place,
      target,
      to,
      image: entry.image,
      orAbsent: true,
      ...(tags !== undefined && { tags }),
    });
  };
  const held = (field: string): boolean => !isBlank(child(site.holder, field));
  if (!sameRepository) {
    const { registry, repository } = entry.reference;
    add('newName', registry === undefined ? repository : `${registry}/${repository}`);
  }
  // An empty text is to kustomize as if the field were absent.
  if (tag !== undefined || held('newTag')) add('newTag', tag ?? '');
  const newTag = child(site.holder, 'newTag');
  const sameTag = sameRepository && tag !== undefined && isScalar(newTag) && newTag.node.text === tag;
  if (digest !== undefined || (held('digest') && !sameTag)) add('digest', digest ?? '');
  return wishes;
}

/**
 * What an entry wants of a tag and a digest that stand in separate Helm values. A digest not wanted becomes the empty text, which charts
 * take for none; a tag stays beside a digest that is wanted alone, because a chart may not take an empty one.
 */
export function helmWishes(
  tag: HelmField | undefined,
  digest: HelmField | undefined,
  entry: ImageEntry,
  placeOf: PlaceOf = helmPlace,
): Wish[] {
  const wanted = entry.reference;
  const [foundTag = '', foundDigest] = tag?.value.node.text.split('@') ?? [];
  if (tag !== undefined && foundDigest !== undefined && digest === undefined) {
    // `1.27@sha256:…` under the key of the tag: a chart that writes `repository:tag` takes it so.
    const pinned = wanted.digest ?? keptDigest(foundDigest, foundTag, wanted.tag);
    const to = `${wanted.tag ?? foundTag}${pinned === undefined ? '' : `@${pinned}`}`;
    const target = { type: 'scalar', value: tag.value } as const;
    const tags = { found: foundTag, wanted: wanted.tag };
    return [{ place: placeOf(tag.path, 'tag'), target, to, image: entry.image, tags }];
  }
  const wishes: Wish[] = [];
  const add = (field: HelmField | undefined, holds: 'tag' | 'digest', to: string): void => {
    const beside = (holds === 'tag' ? digest : tag)?.path ?? '';
    const target: Wish['target'] =
      field === undefined
        ? { type: 'absent', why: `the file has no ${holds} beside ${beside}` }
        : { type: 'scalar', value: field.value };
    const tags = holds === 'tag' ? { tags: { found: tag?.value.node.text, wanted: wanted.tag } } : {};
    const place = placeOf(field?.path ?? beside, holds);
    wishes.push({ place, target, to, image: entry.image, ...tags });
  };
  if (wanted.tag !== undefined) add(tag, 'tag', wanted.tag);
  if (wanted.digest !== undefined) add(digest, 'digest', spelledAs(digest, wanted.digest));
  else if (!isBlank(digest?.value) && tag?.value.node.text !== wanted.tag) add(digest, 'digest', '');
  return wishes;
}

/** A hash without its algorithm stays one: the chart writes `sha256:` itself. */
function spelledAs(field: HelmField | undefined, digest: string): string {
  const isBare =
    field?.isBareHash === true || /^[0-9a-f]{64}$/i.test(field === undefined ? '' : field.value.node.text);
  return isBare ? digest.replace(/^sha256:/, '') : digest;
}

/** Absent, empty or null: all the same to kustomize and to charts. */
function isBlank(value: Reached | undefined): boolean {
  return value === undefined || (isScalar(value) && (readScalar(value.node) ?? '') === '');
}
