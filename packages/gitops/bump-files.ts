import { SluiceError } from '@sluice/core/errors';
import { isManifestPath } from './find/files.ts';
import type { BumpInputs } from './inputs.ts';
import type { FileEntry, Snapshot } from './repository.ts';

/** A file that was left out, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: 'not-utf8';
  readonly message: string;
}

/** The files of one commit that a bump looks at. */
export interface BumpFiles {
  /** Below the input `path`: here images are looked for. */
  readonly inPath: ReadonlyMap<string, string>;
  /** Named by `set` or `helm-values` only. */
  readonly outside: ReadonlyMap<string, string>;
  /** Named one by one in `path`. */
  readonly named: ReadonlySet<string>;
  readonly executable: ReadonlySet<string>;
  readonly leftOut: readonly LeftOut[];
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
): Promise<BumpFiles> {
  const inPath = new Map<string, FileEntry>();
  const named = new Set<string>();
  for (const path of inputs.path) {
    const found = await snapshot.list(path);
    const manifests = found.filter((file) => isManifestPath(file.path, path));
    if (found.length === 0) throw await missing(path, snapshot, where);
    if (manifests.length === 0) throw noManifests(path, found[0]?.path === path);
    for (const file of manifests) inPath.set(file.path, file);
    if (found[0]?.path === path) named.add(path);
  }
  const outside = new Map<string, FileEntry>();
  for (const { file } of [...inputs.set, ...inputs['helm-values']]) {
    const [entry] = inPath.has(file) ? [] : await snapshot.list(file);
    if (entry?.path === file) outside.set(file, entry);
  }
  const entries = [...inPath.values(), ...outside.values()];
  const texts = await snapshot.read(entries.map((entry) => entry.path));
  const unread = entries.filter((entry) => !texts.has(entry.path)).map((entry) => entry.path);
  const wanted = unread.find((path) => named.has(path) || outside.has(path));
  if (wanted !== undefined) throw notUtf8(wanted);
  const pick = (from: ReadonlyMap<string, FileEntry>) =>
    new Map([...texts].filter(([path]) => from.has(path)));
  return {
    inPath: pick(inPath),
    outside: pick(outside),
    named,
    executable: new Set(entries.filter(({ mode }) => mode === '100755').map(({ path }) => path)),
    leftOut: unread.map((path) => ({ path, reason: 'not-utf8', message: 'it is not UTF-8 text' })),
  };
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

function notUtf8(path: string): SluiceError {
  return new SluiceError(
    'input',
    'not-utf8',
    `${JSON.stringify(path)} is not UTF-8 text, so it cannot be edited safely.`,
    {
      hint: 'Save the file as UTF-8.',
    },
  );
}
