import { posix } from 'node:path';
import { isManifestPath } from '../find/files.ts';
import { isKustomization } from '../find/kustomize/kustomize.ts';
import type { FileEntry, Snapshot } from '../git/repository.ts';
import { globExpression } from './glob.ts';
import { implicitValues } from './helm-files.ts';
import { kustomizeFiles } from './kustomize-files.ts';
import { sourceId } from './places.ts';
import { typeOfFolder } from './source-type.ts';
import type { DirectoryOptions, Scope, ScopedFile, TargetFiles, TargetScope, ValueFile } from './types.ts';

interface Found {
  readonly files: readonly FileEntry[];
  /** They are Helm values. */
  readonly areValues?: boolean;
  readonly missing?: readonly string[];
  readonly warning?: string;
  readonly hint?: string;
}

/** Which files of a commit the scopes of a target come to. Reads kustomizations, and lists folders. */
export async function filesOfTarget(target: TargetScope, snapshot: Snapshot): Promise<TargetFiles> {
  const files = new Map<string, ScopedFile>();
  const missing: TargetFiles['missing'][number][] = [];
  const warnings = new Set<string>();
  const hints = new Set<string>();
  await fetchKustomizations(target, snapshot);
  for (const scope of target.scopes) {
    const found = await filesOf(scope, snapshot);
    if (found.warning !== undefined) warnings.add(`${scope.source}: ${found.warning}.`);
    if (found.hint !== undefined) hints.add(`${scope.source}: ${found.hint}.`);
    if (found.areValues && scope.templatesOnly && scope.imageReplacePaths.length === 0)
      warnings.add(
        `${scope.source}: the annotation image-replace-paths of its Helm source is missing; without it, \`image-replace-paths\` or \`helm-values\` nothing in its values is changed.`,
      );
    for (const path of found.missing ?? [])
      missing.push({ text: path, path, message: `there is no ${path}, which ${scope.source} is made from` });
    for (const file of found.files) {
      const other = files.get(file.path);
      files.set(
        file.path,
        merge(file, { ...scope, templatesOnly: scope.templatesOnly && found.areValues === true }, other),
      );
      if (other !== undefined && other.defaultRegistry !== scope.defaultRegistry)
        warnings.add(
          `${file.path} belongs to clusters with different default registries: ${other.defaultRegistry} is taken, not ${scope.defaultRegistry} of ${scope.source}.`,
        );
    }
  }
  return { files: [...files.values()], missing, warnings: [...warnings], hints: [...hints] };
}

/** From a partial clone each file would be a request of its own, and one kustomization tells only after another where the next is. */
async function fetchKustomizations({ scopes }: TargetScope, snapshot: Snapshot): Promise<void> {
  const folders = new Set(scopes.flatMap(({ content }) => (content.type === 'folder' ? [content.path] : [])));
  const paths = new Set<string>();
  for (const folder of folders) {
    const below = await snapshot.list(folder);
    for (const { path } of below) if (isKustomization(path)) paths.add(path);
  }
  await snapshot.read([...paths]);
}

/** A file that several sources share is read by the templates of all. */
function merge(file: FileEntry, scope: Scope, other: ScopedFile | undefined): ScopedFile {
  const templates = new Map(
    [...(other?.imageReplacePaths ?? []), ...scope.imageReplacePaths].map((one) => [one.text, one]),
  );
  return {
    ...file,
    sources: [...new Set([...(other?.sources ?? []), sourceId(scope)])],
    imageReplacePaths: [...templates.values()],
    templatesOnly: scope.templatesOnly && other?.templatesOnly !== false,
    defaultRegistry: other?.defaultRegistry ?? scope.defaultRegistry,
  };
}

async function filesOf({ content }: Scope, snapshot: Snapshot): Promise<Found> {
  if (content.type === 'values')
    return { ...(await valueFilesIn(content.valueFiles, snapshot)), areValues: true };
  const { path, directory } = content;
  const below = await snapshot.list(path);
  if (below.length === 0) return { files: [], missing: [path] };
  const paths = below.map((file) => file.path);
  switch (content.sourceType ?? typeOfFolder(path, paths)) {
    case 'Helm':
      return await chartFiles(path, content.valueFiles, below, snapshot);
    case 'Kustomize':
      return await kustomization(path, content.components, snapshot);
    default:
      return directoryFiles(path, directory, below);
  }
}

/** A name that is a glob stands for all that it matches; one that matches nothing is missing as a plain one is. */
async function valueFilesIn(valueFiles: readonly ValueFile[], snapshot: Snapshot): Promise<Found> {
  const files: FileEntry[] = [];
  const missing: string[] = [];
  for (const { path, mayMiss } of valueFiles) {
    const isGlob = /[*?[{]/.test(path);
    const listed = await snapshot.list(isGlob ? path.replace(/\/?[^/]*[*?[{].*$/, '') || '.' : path);
    const matching = listed.filter((file) =>
      isGlob ? posix.matchesGlob(file.path, path) : file.path === path,
    );
    files.push(...matching);
    if (matching.length === 0 && !mayMiss) missing.push(path);
  }
  return { files, missing };
}

async function chartFiles(
  folder: string,
  valueFiles: readonly ValueFile[],
  below: readonly FileEntry[],
  snapshot: Snapshot,
): Promise<Found> {
  const named = await valueFilesIn(valueFiles, snapshot);
  const implicit = implicitValues(folder, new Set(below.map(({ path }) => path)));
  return {
    ...named,
    areValues: true,
    files: [...below.filter(({ path }) => path === implicit), ...named.files],
  };
}

async function kustomization(
  folder: string,
  components: readonly string[],
  snapshot: Snapshot,
): Promise<Found> {
  const { files, outside } = await kustomizeFiles(folder, components, snapshot);
  if (files.length === 0) return { files, warning: `there is no kustomization in ${folder}` };
  if (outside.length === 0) return { files };
  return {
    files,
    hint: `it takes ${outside.join(', ')} as well, which others may share and which is left alone: give the image an entry in \`images:\` of its own kustomization`,
  };
}

/**
 * Argo CD reads what lies in the folder itself, and with `recurse` what lies below. A folder with nothing of its own renders nothing;
 * there, all below is looked at, as Octopus does.
 */
function directoryFiles(folder: string, options: DirectoryOptions, below: readonly FileEntry[]): Found {
  const excluded = options.exclude === '' ? undefined : globExpression(options.exclude);
  const included = options.include === '' ? undefined : globExpression(options.include);
  const manifests = below.filter(({ path }) => {
    const relative = folder === '.' ? path : path.slice(folder.length + 1);
    const isTaken = options.include === '' || included?.test(relative) === true;
    return isManifestPath(path, folder) && isTaken && excluded?.test(relative) !== true;
  });
  if (options.recurse === true) return { files: manifests };
  const own = manifests.filter(({ path }) => posix.dirname(path) === folder);
  if (own.length > 0 || options.recurse === false || manifests.length === 0) return { files: own };
  return {
    files: manifests,
    warning: `Argo CD reads no folder below ${folder} while directory.recurse is not set; those files were looked at all the same`,
  };
}
