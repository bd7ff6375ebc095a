import type { Expired, FileNote } from '@sluice/sbom/decide/types';
import { noteText } from '@sluice/sbom/page/scan-page';
import type { Scanned } from './scan-targets.ts';

/** What is to be known beside the findings. */
export interface Notes {
  /** Entries of the allow-list that have expired, each with all that it hid in any SBOM. */
  readonly expired: readonly Expired[];
  readonly warnings: readonly (FileNote | string)[];
}

/**
 * What is said of each SBOM, once. That an entry of a file was not used counts only where no SBOM used it, and all were scanned: it may be
 * there for one of the others.
 */
export function notesOf(scanned: readonly Scanned[]): Notes {
  const decisions = scanned.flatMap((one) => (one.type === 'seen' ? [one.decision] : []));
  const said = new Map<string, { readonly note: FileNote | string; times: number }>();
  for (const { warnings } of decisions) {
    for (const [text, note] of new Map(warnings.map((one) => [noteText(one), one]))) {
      const known = said.get(text) ?? { note, times: 0 };
      known.times += 1;
      said.set(text, known);
    }
  }
  return {
    expired: expiredIn(scanned),
    warnings: [...said.values()]
      .filter(({ note, times }) => typeof note === 'string' || times === scanned.length)
      .map(({ note }) => note),
  };
}

function expiredIn(scanned: readonly Scanned[]): readonly Expired[] {
  const entries = new Map<string, Expired>();
  for (const one of scanned) {
    for (const entry of expiredOf(one)) {
      const text = noteText(entry);
      const hides = [...(entries.get(text)?.hides ?? []), ...entry.hides];
      entries.set(text, { ...entry, hides });
    }
  }
  return [...entries.values()];
}

/** The entries of the allow-list that had expired when it was scanned. */
export const expiredOf = (one: Scanned): readonly Expired[] =>
  one.type === 'seen' ? one.decision.problems.filter((problem) => typeof problem !== 'string') : [];
