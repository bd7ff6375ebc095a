import { posix } from 'node:path';
import type { Edit } from '../../change.ts';
import type { ImageEntry } from '../../entries.ts';
import type { ImageReference } from '../../reference.ts';
import { appendItems, type Item } from '../../yaml/append.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { Splice } from '../../yaml/write.ts';
import type { PlannedFile, PlanRequest } from '../edit-plan.ts';
import { holdTest } from '../may-hold.ts';
import type { KustomizeField } from '../site.ts';
import type { Kustomizations } from './kustomizations.ts';
import { isKustomization, kustomizeEntries } from './kustomize.ts';

/** Entries that the `images:` of kustomizations get, by path. */
export type Additions = ReadonlyMap<string, readonly ImageEntry[]>;

/**
 * Which kustomizations get an entry for which images, as `kustomize edit set image` would add it: the named ones, or those that no
 * other brings in; of several, those that bring in a file which names the image, or else the one above all others. One that has an
 * entry, or brings one in, needs none.
 */
export function additionsFor(
  request: PlanRequest,
  planned: readonly PlannedFile[],
  kustomizations: Kustomizations,
): Additions {
  const additions = new Map<string, ImageEntry[]>();
  if (request.kustomizeImages !== 'set') return additions;
  const isLookedAt = (path: string) => request.settings?.(path).byShape !== false;
  const named = [...(request.named ?? [])].filter(isKustomization);
  const candidates = (named.length > 0 ? named : kustomizations.roots()).filter(isLookedAt);
  const trees = new Map(candidates.map((path) => [path, kustomizations.treeOf(path)]));
  for (const entry of request.entries ?? []) {
    const holding = planned.flatMap(({ path, edits }) => {
      const places = edits.filter(({ image }) => image === entry.image).map(({ place }) => place.type);
      return places.length === 0 ? [] : [{ path, isSet: places.includes('kustomize-image') }];
    });
    const names = holdTest([entry]);
    const isNamed = (path: string) => !isKustomization(path) && names(request.files.get(path) ?? '');
    const inTree = (tree: ReadonlySet<string>) => holding.filter(({ path }) => tree.has(path));
    const fitting = [...trees].filter(([, tree]) => inTree(tree).length > 0 || [...tree].some(isNamed));
    const isClear = named.length > 0 || trees.size === 1;
    const taking = isClear ? [...trees] : fitting.length > 0 ? fitting : topmost(trees);
    for (const [path, tree] of taking) {
      if (inTree(tree).some(({ isSet }) => isSet)) continue;
      additions.set(path, [...(additions.get(path) ?? []), entry]);
    }
  }
  return additions;
}

/** The one in whose folder all others lie: its bases may be elsewhere. */
function topmost<T>(trees: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  const isAbove = (path: string) => {
    const folder = posix.dirname(path);
    return folder === '.' || [...trees.keys()].every((other) => other.startsWith(`${folder}/`));
  };
  return [...trees].filter(([path]) => isAbove(path));
}

export type Added =
  | { readonly ok: true; readonly edits: readonly Edit[]; readonly splice: Splice }
  | { readonly ok: false; readonly place: string; readonly why: string };

/** Adds entries to a kustomization's `images:`. */
export function addImages(
  source: string,
  documents: readonly YamlNode[],
  entries: readonly ImageEntry[],
): Added {
  const items = entries.map((entry) => ({ entry, name: nameOf(entry), item: itemOf(entry) }));
  const present = new Set(kustomizeEntries(documents[0]).map(({ name }) => name));
  const taken = items.find(({ name }) => present.has(name));
  if (taken !== undefined) {
    return {
      ok: false,
      place: `images[name=${taken.name}]`,
      why: `the entry stands for another image; give it as ${taken.name}=${taken.entry.text}`,
    };
  }
  const splice = appendItems(
    source,
    documents,
    'images',
    items.map(({ item }) => item),
  );
  if (splice === undefined)
    return { ok: false, place: 'images', why: 'no entry can be added to it without changing more' };
  const edits = items.flatMap(({ entry, name, item }) =>
    item.flatMap(([field, to]): Edit[] => {
      if (!isField(field)) return [];
      return [{ place: { type: 'kustomize-image', name, field }, from: null, to, image: entry.image }];
    }),
  );
  return { ok: true, edits, splice };
}

/** The name that the manifests have. */
export function nameOf({ name, reference }: ImageEntry): string {
  return name ?? spelled(reference);
}

function spelled({ registry, repository }: ImageReference): string {
  return registry === undefined ? repository : `${registry}/${repository}`;
}

/** In the order that kustomize writes. */
function itemOf(entry: ImageEntry): Item {
  const { tag, digest } = entry.reference;
  const [name, newName] = [nameOf(entry), spelled(entry.reference)];
  return [
    ...(digest === undefined ? [] : [['digest', digest] as const]),
    ['name', name] as const,
    ...(newName === name ? [] : [['newName', newName] as const]),
    ...(tag === undefined ? [] : [['newTag', tag] as const]),
  ];
}

const isField = (key: string): key is KustomizeField => ['newName', 'newTag', 'digest'].includes(key);
