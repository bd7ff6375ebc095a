import { grouped } from '@sluice/core/grouped';
import { packageKey } from './group.ts';
import type { ScanInput } from './types.ts';

/** Why not every SBOM counts as looked up, and that as a sentence without a full stop. */
export interface Unlooked {
  readonly reason: 'nothing-to-scan' | 'too-many-unmatched';
  readonly what: string;
}

/**
 * What stands in the way of every SBOM counting as looked up, the heaviest first; empty where each does. Counted are packages, as the
 * source was asked about them: by what is shown of them they cannot be told apart, because a component of a distribution that
 * names packages and their sources is two of one purl.
 */
export function unlooked(
  { sboms, packages, scan, settings }: Pick<ScanInput, 'sboms' | 'packages' | 'scan' | 'settings'>,
  unmatched: number,
): readonly Unlooked[] {
  const unanswered = new Set(scan.unanswered.map(packageKey));
  const files = new Set<string>();
  for (const one of packages) {
    if (unanswered.has(packageKey(one))) continue;
    for (const file of one.files) files.add(file);
  }
  const found: Unlooked[] = [];
  const empty = sboms.map(({ file }) => file).filter((file) => !files.has(file));
  if (sboms.length === 0 || empty.length > 0)
    found.push({
      reason: 'nothing-to-scan',
      what: `nothing in ${namesOf(empty) || 'it'} could be looked up`,
    });
  const { maxUnmatched } = settings;
  if (maxUnmatched !== undefined && unmatched > maxUnmatched) {
    const components = `${grouped(unmatched)} ${unmatched === 1 ? 'component' : 'components'}`;
    found.push({
      reason: 'too-many-unmatched',
      what: `${components} could not be looked up, and \`max-unmatched\` is ${maxUnmatched}`,
    });
  }
  return found;
}

const SHOWN = 3;
const LONGEST_NAME = 200;

function namesOf(files: readonly string[]): string {
  const shown = files.slice(0, SHOWN).map((file) => file.slice(0, LONGEST_NAME));
  const more = files.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
