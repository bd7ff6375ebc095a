import type { Component, Sbom } from '../types.ts';
import { isDistribution } from './distros.ts';

/** Why a component is no package: then nothing of it could be looked up, whatever was known of it. */
export type SetAsideWhy =
  /** What the SBOM describes, and not what that is made of. */
  | 'subject'
  /** A file, data, a key: what it is part of is listed by itself. */
  | 'file'
  /** The distribution whose packages are listed beside it. */
  | 'distribution'
  /** A lock file or a folder, with neither version nor purl, that only holds others. */
  | 'group';

/** Types of CycloneDX and purposes of SPDX that are no software by themselves. */
const FILES: ReadonlySet<string> = new Set(['file', 'data', 'cryptographic-asset', 'certificate']);

/**
 * Of a component that has no purl of a known ecosystem: whether it is a package that nothing is known of, which is undefined and counts as unmatched,
 * or none. Devices, firmware, models and programs are what somebody runs, so they count.
 */
export function whyNoPackage(component: Component, sbom: Sbom, isRoot: boolean): SetAsideWhy | undefined {
  const { ref, name, version, purl, type } = component;
  const holdsOthers = (sbom.dependsOn.get(ref)?.length ?? 0) > 0;
  // Some writers of SPDX let the document describe every package: what is described and stands alone is one of them.
  if (isRoot && holdsOthers) return 'subject';
  if (purl !== undefined) return undefined;
  if (type !== undefined && FILES.has(type)) return 'file';
  if (type === 'operating-system' && isDistribution(name)) return 'distribution';
  return version === undefined && holdsOthers ? 'group' : undefined;
}
