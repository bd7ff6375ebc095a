import type { YamlNode } from '../yaml/tree.ts';
import { follow, isOnlyDocument } from '../yaml/walk.ts';
import { helmSites, toldSites, valuesFile } from './helm/helm.ts';
import { isJsonPatch } from './kustomize/json-patch.ts';
import {
  inlineChartSites,
  isKustomization,
  isKustomizationRoot,
  kustomizeSites,
} from './kustomize/kustomize.ts';
import { inlinePatchSites, patchSites } from './kustomize/patch-sites.ts';
import { type Patch, patchesIn } from './kustomize/patches.ts';
import type { LookFor } from './objects/object-sites.ts';
import type { ImageSite } from './site.ts';
import { withoutExpressions } from './templated.ts';

export type { LookFor } from './objects/object-sites.ts';

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
  if (isKustomization(path) && isKustomizationRoot(follow(documents[0])))
    return [
      ...kustomizeSites(documents),
      ...inlinePatchSites(documents, lookFor),
      ...inlineChartSites(documents, lookFor.imageReplacePaths),
    ];
  const patches = patchesIn(documents);
  const known = patches.filter(({ root, target }) => target !== undefined || isJsonPatch(root));
  const named = lookFor.patchesOf?.() ?? [];
  if (known.length > 0)
    return patchSites(
      known.map((patch) => retargeted(patch, named)),
      lookFor,
    );
  if (named.length > 0) return patchSites(patches, lookFor);
  const isValues = isOnlyDocument(documents) && !/\.json$/i.test(path) && !isCompose(path);
  const values = isValues ? valuesFile(documents[0]) : undefined;
  if (values === undefined) return [];
  return withoutExpressions(
    values.root,
    lookFor.templatesOnly === true
      ? toldSites(values, lookFor.imageReplacePaths)
      : helmSites(values, lookFor.imageReplacePaths),
  );
}

/** A kustomization that says what a patch is for means it, whatever name the patch itself bears. */
function retargeted(patch: Patch, named: readonly { readonly targetName?: string }[]): Patch {
  const { object, ...fragment } = patch;
  const isOther = named.some(({ targetName }) => targetName !== undefined && targetName !== object?.name);
  return isOther ? fragment : patch;
}

/** A file of Docker Compose has keys `image` as values have, and nothing of it is deployed by Argo CD. */
function isCompose(path: string): boolean {
  return /(?:^|\/)(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/i.test(path);
}
