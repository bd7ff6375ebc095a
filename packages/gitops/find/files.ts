import type { YamlNode } from '../yaml/tree.ts';
import { helmSites } from './helm.ts';
import { isKustomization, kustomizeSites } from './kustomize.ts';
import { isManifest, manifestSites } from './manifest.ts';
import type { ImageSite } from './site.ts';

/** Whether a file of this name can hold places at all: YAML, JSON, or a kustomization. */
export function isManifestPath(path: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(path) || isKustomization(path);
}

/**
 * Every place of a file that names an image, whichever image. Here is decided what a file is: a kustomization by its name, Kubernetes
 * objects by `apiVersion` and `kind`, and anything else of one document as Helm values.
 */
export function sitesOf(path: string, documents: readonly YamlNode[]): ImageSite[] {
  if (isKustomization(path)) return kustomizeSites(documents);
  if (documents.some(isManifest)) return documents.flatMap(manifestSites);
  return documents.length === 1 ? helmSites(documents[0]) : [];
}
