import path from 'node:path';
import type { Manifest } from '../types.ts';
import { readManifests } from './yaml.ts';

const manifestFile = /\.(ya?ml|json)$/;

/** `*` stands for anything, slashes too; other wildcards of Argo CD are not played. */
const fits = (include: string, file: string): boolean =>
  new RegExp(`^${include.split('*').map(RegExp.escape).join('.*')}$`).test(file);

/** Plain manifests of one folder; the folders below it only with `recurse`, and only those that `include` names. */
export function renderDirectory(
  files: ReadonlyMap<string, string>,
  folder: string,
  recurse: boolean,
  include?: string,
): readonly Manifest[] {
  const inside = [...files.keys()].filter((file) => {
    const relative = path.posix.relative(folder, file);
    if (relative.startsWith('..') || !manifestFile.test(file)) return false;
    if (path.posix.basename(file).startsWith('.argocd-source')) return false;
    if (include !== undefined && !fits(include, relative)) return false;
    return recurse || !relative.includes('/');
  });
  return inside
    .toSorted()
    .flatMap((file) => readManifests(path.posix.relative(folder, file), files.get(file) ?? ''));
}
