import type { Unmatched } from '@sluice/sbom/types';
import type { Scanned } from './scan-targets.ts';

/** A component that could not be looked up, in all that lists it. */
export interface UnmatchedIn extends Pick<Unmatched, 'component' | 'why'> {
  /** Names of what lists it, each once. */
  readonly where: readonly string[];
}

/** What could not be looked up anywhere, each component once, in the order in which it was met. */
export function unmatchedOf(scanned: readonly Scanned[]): readonly UnmatchedIn[] {
  const known = new Map<string, Omit<UnmatchedIn, 'where'> & { readonly where: Set<string> }>();
  for (const one of scanned) {
    if (one.type !== 'seen') continue;
    for (const { component, why } of one.decision.unmatched) {
      const key = `${why} ${component}`;
      const entry = known.get(key) ?? { component, why, where: new Set<string>() };
      entry.where.add(one.target.name);
      known.set(key, entry);
    }
  }
  return [...known.values()].map(({ where, ...one }) => ({ ...one, where: [...where] }));
}
