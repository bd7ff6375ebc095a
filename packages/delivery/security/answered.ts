import type { Package, Unmatched } from '@sluice/sbom/types';

/** A package in any version, and of any release of its distribution: `npm qs`. */
export const nameOfPackage = ({ ecosystem, name }: Pick<Package, 'ecosystem' | 'name'>): string =>
  `${ecosystem.split(':')[0]} ${name}`;

/** Whether an SBOM told of a package, by `nameOfPackage`. */
export type Answered = (name: string) => boolean;

/**
 * Of which packages an SBOM told all that is known: of one that it lists, where none of its versions is among what the source could not
 * tell of; and of any where no component that could not be looked up may be it. Those of a distribution may be it by another name: that
 * of the source, or of what is built from it.
 */
export function answeredOf(
  packages: readonly Package[],
  unanswered: readonly Package[],
  unmatched: readonly Unmatched[],
): Answered {
  const listed = new Set(packages.map(nameOfPackage));
  const untold = new Set(unanswered.map(nameOfPackage));
  const words = new Set(unmatched.flatMap(({ component }) => wordsOf(component)));
  const isOfSystem = unmatched.some(({ component }) => SYSTEM.test(component));
  return (name) => {
    if (untold.has(name) || words.has(wordsOf(name).at(-1) ?? '')) return false;
    return listed.has(name) || !(isOfSystem && !PLAIN.has(name.split(' ', 1)[0] ?? ''));
  };
}

const SYSTEM = /^pkg:(?:alpm|apk|deb|rpm)\//i;
/** Ecosystems of no distribution. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['npm', 'Maven', 'PyPI', 'Go', 'NuGet', 'RubyGems', 'crates.io', 'Packagist', 'Pub', 'Hex', 'SwiftURL'],
]);

/** What a purl, or a name and a version, is made of. Registries that take `_`, `-` and `.` in names for one write them in any way. */
const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/(?:[/@?#:\s]|%2f|%40|%3a)+/)
    .map((word) => word.replace(/[-_.]+/g, '-'));
