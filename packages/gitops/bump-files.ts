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

/**
 * Reads what the inputs name. Throws a SluiceError of kind input for a path that is not there, a file of `path` that is
 * neither YAML nor JSON, and a folder in which there is none.
 */
export async function readBumpFiles(
  inputs: BumpInputs,
  snapshot: Snapshot,
  where: string,
): Promise<BumpFiles> {
  const inPath = new Map<string, FileEntry>();
  const named = new Set<string>();
  for (const path of inputs.path) {
    const found = await snapshot.list(path);
    const manifests = found.filter((file) => isManifestPath(file.path, path));
    if (found.length === 0) throw missingPath(path, where);
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
