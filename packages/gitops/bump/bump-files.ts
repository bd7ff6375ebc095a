import { SluiceError } from '@sluice/core/errors';
import { filesOfTarget } from '../applications/files.ts';
import type { TargetFiles, TargetScope } from '../applications/types.ts';
import type { FileSettings, MissingPlace } from '../find/edit-plan.ts';
import { isManifestPath } from '../find/files.ts';
import { isValuesFile } from '../find/helm/overrides.ts';
import { isKustomization } from '../find/kustomize/kustomize.ts';
import { oddPatchNames } from '../find/kustomize/patch-names.ts';
import { holdTest } from '../find/may-hold.ts';
import type { FileEntry, Snapshot } from '../git/repository.ts';
import { namesElsewhere } from '../image-replace-paths.ts';
import type { BumpInputs } from '../inputs.ts';
import { TOO_LARGE } from '../yaml/load.ts';

/** A file that was left out, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: 'not-utf8' | 'too-large';
  readonly message: string;
}

/** The files of one commit that a bump looks at. */
export interface BumpFiles {
  /** Below the input `path`: here images are looked for. Those that name none are left out, but for kustomizations. */
  readonly inPath: ReadonlyMap<string, string>;
  /** Named by `set` or `helm-values` only. */
  readonly outside: ReadonlyMap<string, string>;
  /** Named one by one in `path`. */
  readonly named: ReadonlySet<string>;
  readonly isExecutable: (path: string) => boolean;
  readonly leftOut: readonly LeftOut[];
  /** What the Applications of the run are made from; absent where `path` says what is looked at. */
  readonly scoped?: TargetFiles;
  /** How images in a file are read. */
  readonly settings: (path: string) => Required<Omit<FileSettings, 'byShape'>>;
  /** Files that Applications name and that are not there. */
  readonly missing: readonly MissingPlace[];
  readonly warnings: readonly string[];
  /** Where else an image may stand that is not found. */
  readonly hints: readonly string[];
}

/** Where files are looked for: in a branch, or in the workspace. */
export type Where = { readonly repository: string; readonly branch: string } | 'workspace';

/**
 * Reads what the inputs name. Throws a SluiceError of kind input for a path that is not there, a file of `path` that is
 * neither YAML nor JSON, and a folder in which there is none.
 */
export async function readBumpFiles(
  inputs: BumpInputs,
  snapshot: Snapshot,
  where: Where,
  scope?: TargetScope,
): Promise<BumpFiles> {
  const scoped = scope === undefined ? undefined : await filesOfTarget(scope, snapshot);
  const { inPath, named, others } =
    scoped === undefined ? await filesInPath(inputs, snapshot, where) : ofScope(scoped);
  const outside = new Map<string, FileEntry>();
  const lines = [...inputs.set, ...inputs['helm-values']].map(({ file }) => file);
  for (const file of lines) {
    const [entry] = inPath.has(file) ? [] : await snapshot.list(file);
    if (entry?.path === file) outside.set(file, entry);
  }
  const entries = [...inPath.values(), ...outside.values()];
  const asked = new Set([...named, ...lines]);
  const settings = settingsOf(inputs, scoped);
  const found = await readTexts(inputs, snapshot, entries, asked, settings);
  const patches = [...oddPatchNames(found.texts)].flatMap((path) => others.get(path) ?? []);
  for (const patch of patches) inPath.set(patch.path, patch);
  const more = patches.length === 0 ? undefined : await readTexts(inputs, snapshot, patches, asked, settings);
  const texts = more === undefined ? found.texts : new Map([...found.texts, ...more.texts]);
  const leftOut = [...found.leftOut, ...(more?.leftOut ?? [])];
  const wanted = leftOut.find(({ path }) => asked.has(path));
  if (wanted !== undefined) throw unreadable(wanted);
  const pick = (from: ReadonlyMap<string, FileEntry>) =>
    new Map([...texts].filter(([path]) => from.has(path)));
  return {
    inPath: pick(inPath),
    outside: pick(outside),
    named,
    isExecutable: (path) => (inPath.get(path) ?? outside.get(path))?.mode === '100755',
    leftOut,
    ...(scoped && { scoped }),
    settings,
    missing: scoped?.missing ?? [],
    warnings: scoped?.warnings ?? [],
    hints: scoped?.hints ?? [],
  };
}

async function filesInPath(inputs: BumpInputs, snapshot: Snapshot, where: Where) {
  const inPath = new Map<string, FileEntry>();
  const named = new Set<string>();
  const others = new Map<string, FileEntry>();
  for (const path of inputs.path) {
    const found = await snapshot.list(path);
    const manifests = found.filter((file) => isManifestPath(file.path, path));
    if (found.length === 0) throw await missing(path, snapshot, where);
    if (manifests.length === 0) throw noManifests(path, found[0]?.path === path);
    for (const file of found) others.set(file.path, file);
    for (const file of manifests) inPath.set(file.path, file);
    if (found[0]?.path === path) named.add(path);
  }
  return { inPath, named, others };
}

function ofScope({ files }: TargetFiles) {
  const inPath = new Map<string, FileEntry>(files.map((file) => [file.path, file]));
  return { inPath, named: new Set<string>(), others: new Map<string, FileEntry>() };
}

/** An Application's own templates come before those of the inputs. */
function settingsOf(inputs: BumpInputs, scoped: TargetFiles | undefined): BumpFiles['settings'] {
  const files = new Map(scoped?.files.map((file) => [file.path, file]));
  const { 'image-replace-paths': given, 'default-registry': registry } = inputs;
  const usual = { imageReplacePaths: given, defaultRegistry: registry, templatesOnly: false };
  return (path) => {
    const file = files.get(path);
    if (file === undefined) return usual;
    const { imageReplacePaths = [], defaultRegistry = registry, templatesOnly = false } = file;
    return { imageReplacePaths: [...imageReplacePaths, ...given], defaultRegistry, templatesOnly };
  };
}

/**
 * Of ten thousand files a hundred name the image: the others are searched as bytes, and neither decoded nor kept. What a kustomization
 * brings in may depend on it, whatever it names, and a tag in Helm values may be of an image that another file of them names.
 */
async function readTexts(
  inputs: BumpInputs,
  snapshot: Snapshot,
  entries: readonly FileEntry[],
  asked: ReadonlySet<string>,
  settings: BumpFiles['settings'],
): Promise<{ texts: ReadonlyMap<string, string>; leftOut: readonly LeftOut[] }> {
  const mayHold = holdTest(inputs.images);
  const taken: string[] = [];
  const tooLarge: string[] = [];
  const paths = entries.map(({ path }) => path);
  const texts = await snapshot.read(paths, (path, bytes) => {
    if (bytes === 'too-large') tooLarge.push(path);
    const takes =
      bytes !== 'too-large' &&
      (asked.has(path) ||
        isKustomization(path) ||
        (isValuesFile(path) && bytes.includes('tag')) ||
        isUtf16(bytes) ||
        namesElsewhere(settings(path).imageReplacePaths) ||
        mayHold(bytes.toString('latin1')));
    if (takes) taken.push(path);
    return takes;
  });
  const leftOut: readonly LeftOut[] = [
    ...tooLarge.map((path) => ({ path, reason: 'too-large', message: TOO_LARGE }) as const),
    ...taken
      .filter((path) => !texts.has(path))
      .map((path) => ({ path, reason: 'not-utf8', message: 'it is not UTF-8 text' }) as const),
  ];
  return { texts, leftOut };
}

/** Its names are not found as bytes, and somebody may wonder why. */
function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

async function missing(path: string, snapshot: Snapshot, where: Where): Promise<SluiceError> {
  if (where !== 'workspace') return missingPath(path, `${where.repository}, branch ${where.branch}`);
  const isEmpty = (await snapshot.list('.')).length === 0;
  return isEmpty ? nothingCheckedOut(path) : missingPath(path, 'the workspace');
}

function missingPath(path: string, where: string): SluiceError {
  return new SluiceError(
    'input',
    'path-not-found',
    `There is no file or folder ${JSON.stringify(path)} in ${where}.`,
    {
      hint: 'Correct the input `path`; it is relative to the repository, and symbolic links are not followed.',
    },
  );
}

/** The folder of the workspace is there before anything is checked out, and is empty. */
function nothingCheckedOut(path: string): SluiceError {
  const what = path === '.' ? 'file' : JSON.stringify(path);
  return new SluiceError(
    'input',
    'path-not-found',
    `There is no ${what} in the workspace: nothing is checked out.`,
    { hint: 'Run actions/checkout before this step, or use `commit: direct`.' },
  );
}

function noManifests(path: string, isFile: boolean): SluiceError {
  const what = JSON.stringify(path);
  return isFile
    ? new SluiceError('input', 'not-a-manifest', `${what} is neither a YAML nor a JSON file.`, {
        hint: 'Name manifests, kustomizations or Helm values in the input `path`.',
      })
    : new SluiceError('input', 'no-manifests', `The folder ${what} holds no YAML or JSON file.`, {
        hint: 'Name the folder of the manifests in the input `path`.',
      });
}

function unreadable({ path, reason }: LeftOut): SluiceError {
  const what = JSON.stringify(path);
  return reason === 'too-large'
    ? new SluiceError('input', reason, `${what} is larger than 5 MB and is not read.`, {
        hint: 'Name smaller files: no manifest, kustomization or file of values is as large.',
      })
    : new SluiceError('input', reason, `${what} is not UTF-8 text, so it cannot be edited safely.`, {
        hint: 'Save the file as UTF-8.',
      });
}
