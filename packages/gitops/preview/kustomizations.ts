import { posix } from 'node:path';
import { load } from 'js-yaml';

/** `kustomize build` of one folder. */
export interface KustomizeBuild {
  readonly folder: string;
  /** Every file that it reads, relative to the repository. */
  readonly files: ReadonlySet<string>;
  /** What it takes from elsewhere, as its file says: nothing is fetched for a preview. */
  readonly remote?: string;
}

const NAME = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
/** Fields whose entries may be addresses. */
const TAKEN = ['resources', 'bases', 'components', 'crds', 'openapi', 'patches', 'helmCharts'] as const;
const ADDRESS =
  /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:|^(?:github|gitlab|bitbucket)\.\w+\/|[?&](?:ref|version)=/i;

export const isKustomization = (path: string): boolean => NAME.test(path);

interface Folder {
  readonly file: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly remote?: string;
  readonly isComponent: boolean;
}

/**
 * The folders to build so that every change is seen: those that read a changed file and that no other such folder takes in.
 * `texts`: the kustomizations by path; `all`: every file of the repository; `isInPath`: where a build may be.
 */
export function affectedBuilds(
  texts: ReadonlyMap<string, string>,
  all: ReadonlySet<string>,
  changed: ReadonlySet<string>,
  isInPath: (folder: string) => boolean,
): readonly KustomizeBuild[] {
  const folders = new Map<string, Folder>();
  const names = new Set([...texts.keys()].map((path) => posix.dirname(path)));
  for (const [path, text] of texts) folders.set(posix.dirname(path), readFolder(path, text, all, names));
  const builds = [...folders.keys()]
    .filter((folder) => isInPath(folder) && folders.get(folder)?.isComponent === false)
    .map((folder) => buildOf(folder, folders))
    .filter(({ files }) => [...files].some((file) => changed.has(file)));
  const takenIn = new Set(builds.flatMap(({ folder }) => folders.get(folder)?.folders ?? []));
  return builds.filter(({ folder }) => !takenIn.has(folder));
}

function buildOf(folder: string, folders: ReadonlyMap<string, Folder>): KustomizeBuild {
  const seen = new Set([folder]);
  const files = new Set<string>();
  let remote: string | undefined;
  for (const one of seen) {
    const found = folders.get(one);
    if (found === undefined) continue;
    for (const file of [found.file, ...found.files]) files.add(file);
    for (const next of found.folders) seen.add(next);
    remote ??= found.remote;
  }
  return { folder, files, ...(remote !== undefined && { remote }) };
}

/** Whatever text in a kustomization names a file or a folder of the repository is one that it may read. */
function readFolder(
  file: string,
  text: string,
  all: ReadonlySet<string>,
  kustomized: ReadonlySet<string>,
): Folder {
  const folder = posix.dirname(file);
  const content = parse(text);
  const paths = [...textsIn(content)]
    .flatMap((value) => [value, value.slice(value.indexOf('=') + 1)])
    .filter((value) => value.length < 1000 && !value.includes('\n'))
    .map((value) => posix.join(folder, value).replace(/(?<=.)\/$/, ''));
  const taken = TAKEN.flatMap((field) => [...textsIn(Object(content)[field])]);
  const remote = taken.find((value) => ADDRESS.test(value) && !all.has(posix.join(folder, value)));
  return {
    file,
    files: paths.filter((path) => all.has(path)),
    folders: paths.filter((path) => kustomized.has(path) && path !== folder),
    isComponent: Object(content).kind === 'Component',
    ...(remote !== undefined && { remote }),
  };
}

function parse(text: string): unknown {
  try {
    return load(text);
  } catch {
    // kustomize will say what is wrong with it.
    return undefined;
  }
}

/** Every text in a value, each object once: aliases may multiply without end. */
function textsIn(value: unknown): ReadonlySet<string> {
  const texts = new Set<string>();
  const values = new Set([value]);
  for (const one of values) {
    if (typeof one === 'string') texts.add(one);
    if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) values.add(inner);
  }
  return texts;
}
