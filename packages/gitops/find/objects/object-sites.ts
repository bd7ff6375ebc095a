import type { CrdPath } from '../../crd-paths.ts';
import type { ImageTemplate } from '../../image-replace-paths.ts';
import { manifestSites } from '../manifest.ts';
import { type ImageSite, nodesOfSite } from '../site.ts';
import { deployerSites, isDeployer } from './application-sites.ts';
import { crdSites } from './object-crd.ts';
import type { KubeObject } from './object-lookup.ts';
import { unknownPlaces } from './object-unknown.ts';

/** What the user says of where images stand. */
export interface LookFor {
  readonly crdPaths?: readonly CrdPath[];
  readonly imageReplacePaths?: readonly ImageTemplate[];
  /** Of a values file only what the templates say, and nothing by its shape. */
  readonly templatesOnly?: boolean;
  /** How kustomizations name the file as a patch. */
  readonly patchesOf?: () => readonly { readonly targetName?: string }[];
}

/** The images of a Kubernetes object, whatever its kind. */
export function objectSites(
  object: KubeObject,
  { crdPaths = [], imageReplacePaths = [] }: LookFor,
): ImageSite[] {
  const known = deployerSites(object, imageReplacePaths) ?? manifestSites(object);
  const nodes = new Set(known.flatMap(nodesOfSite));
  // A line for a kind that is known anyhow may find nothing new.
  const told = crdSites(object, crdPaths).filter(
    (site) => !nodesOfSite(site).some((node) => nodes.has(node)),
  );
  const sites = [...known, ...told];
  return isDeployer(object) ? sites : [...sites, ...unknownPlaces(object, sites)];
}
