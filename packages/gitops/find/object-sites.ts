import type { CrdPath } from '../crd-paths.ts';
import type { ImageTemplate } from '../image-replace-paths.ts';
import { manifestSites } from './manifest.ts';
import { crdSites } from './object-crd.ts';
import type { KubeObject } from './object-lookup.ts';
import { unknownPlaces } from './object-unknown.ts';
import { type ImageSite, nodesOfSite } from './site.ts';

/** What the user says of where images stand. */
export interface LookFor {
  readonly crdPaths?: readonly CrdPath[];
  readonly imageReplacePaths?: readonly ImageTemplate[];
}

/** The images of a Kubernetes object, whatever its kind. */
export function objectSites(object: KubeObject, { crdPaths = [] }: LookFor): ImageSite[] {
  const containers = manifestSites(object);
  const nodes = new Set(containers.flatMap(nodesOfSite));
  // A line for a kind that is known anyhow finds nothing new.
  const told = crdSites(object, crdPaths).filter(
    (site) => !nodesOfSite(site).some((node) => nodes.has(node)),
  );
  const known = [...containers, ...told];
  return [...known, ...unknownPlaces(object, known)];
}
