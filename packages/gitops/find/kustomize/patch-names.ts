import { posix } from 'node:path';
import { isKustomization } from './kustomize.ts';

/**
 * Names of files, relative to the repository, that kustomizations may call patches and that no ending tells: kustomize takes any.
 * Read from the text alone, so it may name more; which of them are patches is told when they are read.
 */
export function oddPatchNames(texts: ReadonlyMap<string, string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [path, text] of texts) {
    if (!isKustomization(path) || !text.includes('patch')) continue;
    for (const [, name = ''] of text.matchAll(NAMED)) {
      if (!/\.(?:ya?ml|json)$/i.test(name)) names.add(posix.join(posix.dirname(path), name));
    }
  }
  return names;
}

/** `path: deploy.patch`, `"path": "deploy.patch"`, and `- deploy.patch`. */
const NAMED =
  /(?:\bpath["']?[ \t]*:|^[ \t]*-(?![ \t]+["']?\w+["']?[ \t]*:))[ \t]+["']?((?:\.\/)*\w[\w./+-]*)/gm;
