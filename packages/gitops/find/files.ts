import type { YamlNode } from '../yaml/tree.ts';
import { follow, isOnlyDocument } from '../yaml/walk.ts';
import { helmSites, toldSites, valuesFile } from './helm.ts';
import { isJsonPatch } from './json-patch.ts';
import { isKustomization, kustomizeSites } from './kustomize.ts';
import { isManifest } from './object-lookup.ts';
import type { LookFor } from './object-sites.ts';
import { inlinePatchSites, patchSites } from './patch-sites.ts';
import { patchesIn } from './patches.ts';
import type { ImageSite } from './site.ts';

export type { LookFor } from './object-sites.ts';

/**
 * Whether a file found in a folder can hold places: YAML, JSON, or a kustomization, and neither hidden nor in a hidden folder below
 * the one that was asked for: workflows in `.github` name images that are not deployed. Both paths are relative to the repository.
 */
export function isManifestPath(path: string, folder = '.'): boolean {
  const below = folder === '.' ? path : path.slice(folder.length);
  if (/(?:^|\/)\.[^/]/.test(below)) return false;
  return /\.(?:ya?ml|json)$/i.test(path) || isKustomization(path);
}

/**
 * Every place of a file that names an image, whichever image. Here is decided what a file is: a kustomization by its name, Kubernetes
 * objects by `apiVersion` and `kind`, and any other YAML of one document as Helm values, unless it is known to be something else.
 */
export function sitesOf(path: string, documents: readonly YamlNode[], lookFor: LookFor = {}): ImageSite[] {
  if (isKustomization(path)) return [...kustomizeSites(documents), ...inlinePatchSites(documents, lookFor)];
  if (lookFor.isPatch === true) return patchSites(patchesIn(documents), lookFor);
  const patches = patchesIn(documents).filter(
    ({ root, target }) => target !== undefined || isJsonPatch(root),
  );
  if (patches.length > 0) return patchSites(patches, lookFor);
  const isValues = isOnlyDocument(documents) && !/\.json$/i.test(path) && !isCompose(path);
  const values = isValues ? valuesFile(documents[0]) : undefined;
  if (values === undefined) return [];
  return lookFor.templatesOnly === true
    ? toldSites(values, lookFor.imageReplacePaths)
    : helmSites(values, lookFor.imageReplacePaths);
}

/** A file of Docker Compose has keys `image` as values have, and nothing of it is deployed by Argo CD. */
function isCompose(path: string): boolean {
  return /(?:^|\/)(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/i.test(path);
}
