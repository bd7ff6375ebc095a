import { noteText } from '@sluice/sbom/page/scan-page';
import type { Scanned } from './scan-targets.ts';

/** What is to be known beside the findings. */
export interface Notes {
  /** Entries of the allow-list that have expired. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * What is said of each SBOM, once. That an entry of a file was not used counts only where no SBOM used it, and all were scanned: it may be
 * there for one of the others.
 */
export function notesOf(scanned: readonly Scanned[]): Notes {
  const decisions = scanned.flatMap((one) => (one.type === 'seen' ? [one.decision] : []));
  const said = new Map<string, number>();
  const everywhere = new Set<string>();
  for (const { warnings } of decisions) {
    for (const note of new Set(warnings.map(noteText))) said.set(note, (said.get(note) ?? 0) + 1);
    for (const note of warnings) if (typeof note === 'string') everywhere.add(noteText(note));
  }
  return {
    problems: [...new Set(decisions.flatMap(({ problems }) => problems.map(noteText)))],
    warnings: [...said]
      .filter(([note, times]) => everywhere.has(note) || times === scanned.length)
      .map(([note]) => note),
  };
}
