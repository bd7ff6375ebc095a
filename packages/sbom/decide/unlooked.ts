import { packageKey } from './group.ts';
import type { ScanInput } from './types.ts';

/**
 * Why not every SBOM counts as looked up; undefined where each does. Counted are packages, as the source was asked about them: by
 * what is shown of them they cannot be told apart, because a component of a distribution that names packages and their sources
 * is two of one purl.
 */
export function unlooked(
  { sboms, packages, scan, settings }: Pick<ScanInput, 'sboms' | 'packages' | 'scan' | 'settings'>,
  unmatched: number,
): 'nothing-to-scan' | 'too-many-unmatched' | undefined {
  const unanswered = new Set(scan.unanswered.map(packageKey));
  const files = new Set<string>();
  for (const one of packages) {
    if (unanswered.has(packageKey(one))) continue;
    for (const file of one.files) files.add(file);
  }
  if (sboms.length === 0 || sboms.some(({ file }) => !files.has(file))) return 'nothing-to-scan';
  return unmatched > (settings.maxUnmatched ?? Number.POSITIVE_INFINITY) ? 'too-many-unmatched' : undefined;
}
