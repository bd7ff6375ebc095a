import { posix } from 'node:path';
import { canonicalRepository, type ImageReference, readReference } from '../reference.ts';
import { loadYaml } from '../yaml/load.ts';
import { child, follow, isScalar, itemsOf, type Reached } from '../yaml/walk.ts';
import { isKustomization, kustomizeEntries } from './kustomize.ts';

/** Whether the image of a manifest is a placeholder: it says neither tag nor digest, and a kustomization sets it. */
export type IsPlaceholder = (path: string, reference: ImageReference) => boolean;

interface Kustomization {
  /** What it brings in, relative to the repository: files, and folders of other kustomizations. */
  readonly resources: readonly string[];
  readonly components: readonly string[];
  /** Canonical repositories that its `images:` match. */
  readonly images: readonly string[];
}

/**
 * In a kustomization's folder a bare `image: shop` is the name that its `images:` refer to; the tag stands there, and nobody wants it
 * twice. The kustomizations are read when the first bare image asks.
 */
export function placeholderTest(files: ReadonlyMap<string, string>, defaultRegistry: string): IsPlaceholder {
  let known: ReadonlyMap<string, Kustomization> | undefined;
  return (path, reference) => {
    if (reference.tag !== undefined || reference.digest !== undefined) return false;
    known ??= readKustomizations(files, defaultRegistry);
    return imagesSetFor(path, known).has(canonicalRepository(reference, defaultRegistry));
  };
}

/** The images that are set by the kustomizations which bring a file in, directly or by way of others. */
function imagesSetFor(path: string, known: ReadonlyMap<string, Kustomization>): Set<string> {
  const images = new Set<string>();
  const reached = new Set([path]);
  // A set hands out what is added to it meanwhile.
  for (const target of reached) {
    for (const [folder, { resources }] of known) {
      if (!resources.includes(target)) continue;
      reached.add(folder);
      for (const image of imagesOf(folder, known)) images.add(image);
    }
  }
  return images;
}

/** Of a kustomization and the components that it takes, which change its resources as it does itself. */
function imagesOf(folder: string, known: ReadonlyMap<string, Kustomization>): readonly string[] {
  const own = known.get(folder);
  if (own === undefined) return [];
  return [...own.images, ...own.components.flatMap((component) => known.get(component)?.images ?? [])];
}

function readKustomizations(
  files: ReadonlyMap<string, string>,
  defaultRegistry: string,
): ReadonlyMap<string, Kustomization> {
  const found = new Map<string, Kustomization>();
  for (const [path, text] of files) {
    const loaded = isKustomization(path) ? loadYaml(text) : undefined;
    if (loaded?.ok !== true) continue;
    const [document] = loaded.documents;
    const folder = posix.dirname(path);
    const paths = (key: string) => pathsAt(child(follow(document), key), folder);
    const images = kustomizeEntries(document).flatMap(({ name }) => readReference(name) ?? []);
    found.set(folder, {
      resources: [...paths('resources'), ...paths('bases'), ...paths('components')],
      components: paths('components'),
      images: images.map((image) => canonicalRepository(image, defaultRegistry)),
    });
  }
  return found;
}

function pathsAt(list: Reached | undefined, folder: string): readonly string[] {
  return itemsOf(list).flatMap((item) =>
    isScalar(item) ? [posix.join(folder, item.node.text).replace(/\/$/, '')] : [],
  );
}
