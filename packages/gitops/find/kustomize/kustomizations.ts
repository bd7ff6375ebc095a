import { posix } from 'node:path';
import type { ImageEntry } from '../../entries.ts';
import { canonicalRepository, type ImageReference, readReference } from '../../reference.ts';
import { loadYaml } from '../../yaml/load.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { child, follow, isScalar, itemsOf, type Reached, textAt } from '../../yaml/walk.ts';
import { isKustomization, isKustomizationRoot, KUSTOMIZATION_NAMES, kustomizeEntries } from './kustomize.ts';
import { type Additions, nameOf } from './kustomize-set.ts';

/** What a kustomization takes from elsewhere, as paths relative to the repository. */
interface Kustomization {
  readonly path: string;
  readonly folder: string;
  /** Files, and folders of other kustomizations: resources, bases and components. */
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly patches: readonly PatchFile[];
  /** Canonical repositories that its `images:` match. */
  readonly images: readonly string[];
}

interface PatchFile {
  readonly path: string;
  /** The name of the objects that the patch is for, where the kustomization says it; empty where it selects them otherwise. */
  readonly targetName?: string;
}

/** The kustomizations of a tree. One is read when something depends on it. */
export interface Kustomizations {
  /** Whether the image of a file is a placeholder: it says neither tag nor digest, and a kustomization sets it. */
  isPlaceholder(path: string, reference: ImageReference): boolean;
  /** How kustomizations name a file as a patch; they may name what is below their own folders. */
  patchesOf(path: string): readonly PatchFile[];
  /** The kustomizations that no other one brings in. */
  roots(): readonly string[];
  /** A kustomization, and every file that it brings in. */
  treeOf(path: string): ReadonlySet<string>;
  /** The folders that each kustomization takes and that are not among the files. */
  outside(): readonly { readonly path: string; readonly takes: readonly string[] }[];
}

/** The kustomizations among files. `defaultRegistry` is that of names without one, `added` what their `images:` get. */
export function kustomizationsIn(
  files: ReadonlyMap<string, string>,
  defaultRegistry: string,
  added: Additions = new Map(),
): Kustomizations {
  const paths = [...files.keys()].filter(isKustomization);
  const known = new Map<string, Kustomization>();
  const read = (path: string): Kustomization => {
    const already = known.get(path);
    if (already !== undefined) return already;
    const one = readKustomization(path, files.get(path) ?? '', added.get(path) ?? [], defaultRegistry);
    known.set(path, one);
    return one;
  };
  let folders: ReadonlyMap<string, Kustomization> | undefined;
  const byFolder = (): ReadonlyMap<string, Kustomization> => {
    folders ??= new Map(paths.map((path) => [posix.dirname(path), read(path)]));
    return folders;
  };
  return {
    isPlaceholder: (path, { tag, digest, ...name }) =>
      tag === undefined &&
      digest === undefined &&
      imagesSetFor(path, byFolder()).has(canonicalRepository(name, defaultRegistry)),
    patchesOf: (path) =>
      foldersOf(path).flatMap((folder) =>
        kustomizationsOf(folder, files).flatMap((one) =>
          read(one).patches.filter((patch) => patch.path === path),
        ),
      ),
    roots() {
      const all = [...byFolder().values()];
      const taken = new Set(all.flatMap(({ resources }) => resources));
      return all.filter(({ folder, path }) => !taken.has(folder) && !taken.has(path)).map(({ path }) => path);
    },
    treeOf(path) {
      const reached = new Set([path]);
      // A set hands out what is added to it meanwhile.
      for (const one of reached) {
        const own = byFolder().get(one) ?? known.get(one);
        if (own !== undefined)
          for (const next of [own.path, ...own.resources, ...own.patches.map((patch) => patch.path)])
            reached.add(next);
      }
      return reached;
    },
    outside() {
      const all = byFolder();
      return [...all.values()].flatMap(({ path, resources }) => {
        // A file that is not there may name no image; a folder would have its kustomization.
        const takes = resources.filter((one) => !all.has(one) && !/\.(?:ya?ml|json)$/i.test(one));
        return takes.length === 0 ? [] : [{ path, takes }];
      });
    },
  };
}

/** The folder of a file, and those around it. */
function foldersOf(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [folder] : [folder, ...foldersOf(folder)];
}

function kustomizationsOf(folder: string, files: ReadonlyMap<string, string>): readonly string[] {
  return KUSTOMIZATION_NAMES.map((name) => posix.join(folder, name)).filter((path) => files.has(path));
}

/** The images that are set by the kustomizations which bring a file in, directly or by way of others. */
function imagesSetFor(path: string, known: ReadonlyMap<string, Kustomization>): Set<string> {
  const images = new Set<string>();
  const reached = new Set([path]);
  for (const target of reached) {
    for (const [folder, { path: own, resources, patches }] of known) {
      if (own !== target && !resources.includes(target) && !patches.some((patch) => patch.path === target))
        continue;
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

function readKustomization(
  path: string,
  text: string,
  added: readonly ImageEntry[],
  defaultRegistry: string,
): Kustomization {
  const loaded = loadYaml(text);
  const first: YamlNode | undefined = loaded.ok ? loaded.documents[0] : undefined;
  const document = isKustomizationRoot(follow(first)) ? first : undefined;
  const root = follow(document);
  const folder = posix.dirname(path);
  const at = (key: string) => pathsIn(itemsOf(child(root, key)), folder);
  const patchesAt = (key: string): PatchFile[] =>
    itemsOf(child(root, key)).flatMap((item) => {
      const target = child(item, 'target');
      const targetName = target === undefined ? {} : { targetName: textAt(target, 'name') ?? '' };
      return pathsIn([child(item, 'path') ?? item], folder).map((one) => ({ path: one, ...targetName }));
    });
  const names = [...kustomizeEntries(document).map(({ name }) => name), ...added.map(nameOf)];
  const images = names.flatMap((name) => readReference(name) ?? []);
  return {
    path,
    folder,
    resources: [...at('resources'), ...at('bases'), ...at('components')],
    components: at('components'),
    patches: ['patches', 'patchesJson6902', 'patchesStrategicMerge'].flatMap(patchesAt),
    images: images.map((image) => canonicalRepository(image, defaultRegistry)),
  };
}

/** Of texts the paths: what has lines is content, and `https://…`, `git@…` and `…?ref=…` are elsewhere. */
function pathsIn(items: readonly Reached[], folder: string): readonly string[] {
  return items.flatMap((item) =>
    isScalar(item) && !/[\n?]|:\/\/|^git@/.test(item.node.text)
      ? [posix.join(folder, item.node.text).replace(/\/$/, '')]
      : [],
  );
}
