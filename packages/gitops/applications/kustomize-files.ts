import { posix } from 'node:path';
import { isKustomization } from '../find/kustomize/kustomize.ts';
import type { FileEntry, Snapshot } from '../git/repository.ts';
import { readValue } from '../yaml/events.ts';

export interface KustomizeFiles {
  readonly files: readonly FileEntry[];
  /** Folders and files outside of the source's own folder that it takes, relative to the repository. */
  readonly outside: readonly string[];
}

/** A tree of bases that no team writes by hand. */
const mostFolders = 200;

/**
 * The kustomization of a folder and what it brings in from below that: resources, bases, components, patches, values of charts.
 * What lies elsewhere other overlays may share, and other environments with them: it is named, and not followed.
 */
export async function kustomizeFiles(
  folder: string,
  components: readonly string[],
  snapshot: Snapshot,
): Promise<KustomizeFiles> {
  const below = await snapshot.list(folder);
  const entries = new Map(below.map((entry) => [entry.path, entry]));
  const files = new Map<string, FileEntry>();
  const outside = new Set<string>();
  const folders = new Set([folder]);
  const bringIn = (path: string): void => {
    const entry = entries.get(path);
    if (entry !== undefined) files.set(path, entry);
    else if (!isWithin(path, folder)) outside.add(path);
    else if (folders.size < mostFolders && kustomizationOf(path, entries) !== undefined) folders.add(path);
  };
  // A set hands out what is added to it meanwhile.
  for (const here of folders) {
    const kustomization = kustomizationOf(here, entries);
    if (kustomization === undefined) continue;
    files.set(kustomization.path, kustomization);
    const text = (await snapshot.read([kustomization.path])).get(kustomization.path) ?? '';
    for (const reference of referencesOf(readValue(text)))
      bringIn(posix.join(here, reference).replace(/\/$/, ''));
    if (here === folder) components.forEach(bringIn);
  }
  return { files: [...files.values()], outside: [...outside] };
}

function kustomizationOf(folder: string, entries: ReadonlyMap<string, FileEntry>): FileEntry | undefined {
  return ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
    .map((name) => entries.get(posix.join(folder, name)))
    .find((entry) => entry !== undefined && isKustomization(entry.path));
}

const isWithin = (path: string, folder: string): boolean =>
  folder === '.' ? !path.startsWith('..') : path === folder || path.startsWith(`${folder}/`);

const lists = [
  'resources',
  'bases',
  'components',
  'patchesStrategicMerge',
  'generators',
  'transformers',
] as const;
const listsOfMaps = [
  ['patches', 'path'],
  ['patchesJson6902', 'path'],
  ['helmCharts', 'valuesFile'],
] as const;

/** Paths that a kustomization names, relative to its folder; of what has lines it is content, and with `://` or `?ref=` remote. */
function referencesOf(kustomization: unknown): readonly string[] {
  const named = [
    ...lists.flatMap((key) => items(field(kustomization, key))),
    ...listsOfMaps.flatMap(([key, inner]) =>
      items(field(kustomization, key)).map((one) => field(one, inner)),
    ),
    ...items(field(kustomization, 'helmCharts')).flatMap((one) => items(field(one, 'additionalValuesFiles'))),
  ];
  return named.filter(
    (one): one is string => typeof one === 'string' && one !== '' && !/[\n?]|:\/\/|^git@/.test(one),
  );
}

const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
