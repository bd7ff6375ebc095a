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
  /** A lock file or a folder, with neither version nor purl, in which others are written. */
  | 'group';

/** Types of CycloneDX and purposes of SPDX that are no software by themselves. */
const FILES: ReadonlySet<string> = new Set(['file', 'data', 'cryptographic-asset', 'certificate']);

/** Trivy's word for a lock file: https://trivy.dev/latest/docs/supply-chain/sbom/. */
const LOCK_FILE = 'lang-pkgs';

/**
 * Of a component that has no purl of a known ecosystem: whether it is a package that nothing is known of, which is undefined and counts as unmatched,
 * or none. Devices, firmware, models and programs are what somebody runs, so they count; and so does what depends on others: packages do.
 */
export function whyNoPackage(component: Component, isOnlyRoot: boolean): SetAsideWhy | undefined {
  const { name, version, purl, type, holdsOthers, kind, hasCpe } = component;
  if (isOnlyRoot) return 'subject';
  if (purl !== undefined) return undefined;
  // A file that has a version and a CPE is a program; one with a version alone may be any.
  const isProduct = version !== undefined && hasCpe === true;
  if (type !== undefined && FILES.has(type) && !isProduct) return 'file';
  if (type === 'operating-system' && isDistribution(name)) return 'distribution';
  const isGroup = holdsOthers === true || (kind === LOCK_FILE && type === 'application');
  return version === undefined && isGroup ? 'group' : undefined;
}

/**
 * The component that the SBOM describes, where it is one that brings in others. Some writers of SPDX let the document describe
 * every package, and of several that it describes each may be one; what stands alone is a package too.
 */
export function onlyRootOf({ roots, dependsOn, components }: Sbom): string | undefined {
  const [root, ...others] = roots;
  const needed = root === undefined || others.length > 0 ? [] : (dependsOn.get(root) ?? []);
  if (needed.length === 0) return undefined;
  const asked = new Set(needed);
  return components.some(({ ref }) => ref !== root && asked.has(ref)) ? root : undefined;
}
