import path from 'node:path';
import type { Manifest } from '../types.ts';
import { readManifests } from './yaml.ts';

const manifestFile = /\.(ya?ml|json)$/;

/** Plain manifests of one folder; the folders below it only with `recurse`. */
export function renderDirectory(
  files: ReadonlyMap<string, string>,
  folder: string,
  recurse: boolean,
): readonly Manifest[] {
  const inside = [...files.keys()].filter((file) => {
    const relative = path.posix.relative(folder, file);
    if (relative.startsWith('..') || !manifestFile.test(file)) return false;
    if (path.posix.basename(file).startsWith('.argocd-source')) return false;
    return recurse || !relative.includes('/');
  });
  return inside
    .toSorted()
    .flatMap((file) => readManifests(path.posix.relative(folder, file), files.get(file) ?? ''));
}
