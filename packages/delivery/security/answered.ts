import type { Package, Unmatched } from '@sluice/sbom/types';

/** A package in any version, and of any release of its distribution: `npm qs`. */
export const nameOfPackage = ({ ecosystem, name }: Pick<Package, 'ecosystem' | 'name'>): string =>
  `${ecosystem.split(':')[0]} ${name}`;

/**
 * The packages of an SBOM of which it was told all that is known: none of them, by any version, is among what the source could
 * not tell of, and no component that could not be looked up has its name.
 */
export function answeredOf(
  packages: readonly Package[],
  unanswered: readonly Package[],
  unmatched: readonly Unmatched[],
): ReadonlySet<string> {
  const untold = new Set(unanswered.map(nameOfPackage));
  const words = new Set(unmatched.flatMap(({ component }) => wordsOf(component)));
  return new Set(
    packages
      .filter(({ name }) => !words.has(wordsOf(name).at(-1) ?? ''))
      .map(nameOfPackage)
      .filter((name) => !untold.has(name)),
  );
}

/** What a purl, or a name and a version, is made of. */
const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/(?:[/@?#:\s]|%2f|%40|%3a)+/);
