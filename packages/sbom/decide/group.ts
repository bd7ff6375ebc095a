import type { Advisory, Match, Package } from '../types.ts';
import { connected } from './connected.ts';
import { versionIn } from './purl.ts';

/** One vulnerability of one package version, under all its names. */
export interface Group {
  readonly package: Package;
  /** The id that is shown. */
  readonly id: string;
  /** All other names, sorted. */
  readonly aliases: readonly string[];
  /** The one that is shown first. */
  readonly advisories: readonly Advisory[];
  readonly fixed: readonly string[];
  /**
   * What has to be allowed, each by any of its names (in capitals): one part, unless the advisories put several CVEs together.
   * Then it is one part for each CVE, under that and the ids of the advisories that name it: who allows one has not allowed all.
   */
  readonly parts: readonly ReadonlySet<string>[];
}

/** Ids are compared without their case. */
export const nameKey = (name: string): string => name.toUpperCase();
const isCve = (name: string): boolean => /^CVE-/i.test(name);

/**
 * A package version is the same in whatever SBOM and by whatever qualifiers; the `v` of Go's some writers leave out, and ids of NuGet
 * have no case (https://learn.microsoft.com/nuget/reference/nuspec#id).
 */
export const packageKey = ({
  ecosystem,
  name,
  version,
}: Pick<Package, 'ecosystem' | 'name' | 'version'>): string =>
  [
    ecosystem,
    ecosystem === 'NuGet' ? name.toLowerCase() : name,
    ecosystem === 'Go' ? versionIn('golang', version) : version,
  ].join('\0');

export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/**
 * Puts together what is one vulnerability: the advisories for a package version that share a name, directly or through others.
 * Does not depend on the order of the matches.
 */
export function groupMatches(matches: readonly Match[]): readonly Group[] {
  const packages = new Map<string, Match[]>();
  for (const match of matches) {
    const key = packageKey(match.package);
    const known = packages.get(key);
    if (known) known.push(match);
    else packages.set(key, [match]);
  }
  const groups: Group[] = [];
  for (const all of packages.values()) {
    const merged = mergePackages([...new Set(all.map((match) => match.package))]);
    for (const together of connected(all, keysOf)) groups.push(groupOf(merged, together));
  }
  return groups;
}

const namesOf = ({ id, aliases }: Advisory): readonly string[] => [id, ...aliases];
const keysOf = ({ advisory }: Match): readonly string[] => namesOf(advisory).map(nameKey);

function groupOf(found: Package, matches: readonly Match[]): Group {
  const sorted = matches.toSorted(
    (a, b) =>
      compareNames(a.advisory.id, b.advisory.id) ||
      compareText(JSON.stringify([a.advisory, a.fixed]), JSON.stringify([b.advisory, b.fixed])),
  );
  const advisories = sorted.map(({ advisory }) => advisory);
  const id = advisories[0]?.id ?? '';
  const names = new Map<string, string>();
  for (const name of advisories.flatMap(namesOf).sort(compareText)) {
    const key = nameKey(name);
    if (!names.has(key)) names.set(key, name);
  }
  const all = new Set(names.keys());
  names.delete(nameKey(id));
  return {
    package: found,
    id,
    aliases: [...names.values()].toSorted(compareNames),
    advisories,
    fixed: [...new Set(sorted.flatMap(({ fixed }) => fixed))],
    parts: partsOf(advisories, all),
  };
}

function partsOf(advisories: readonly Advisory[], all: ReadonlySet<string>): readonly ReadonlySet<string>[] {
  const parts = new Map<string, Set<string>>();
  for (const cve of [...all].filter(isCve).toSorted(compareText)) parts.set(cve, new Set([cve]));
  if (parts.size <= 1) return [all];
  for (const advisory of advisories) {
    if (isCve(advisory.id)) continue;
    for (const name of advisory.aliases) parts.get(nameKey(name))?.add(nameKey(advisory.id));
  }
  return [...parts.values()];
}

/** What people search for comes first: CVE, then GitHub's, then those of single databases; then older ones. */
function compareNames(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || a.length - b.length || compareText(a, b);
}

function rankOf(name: string): number {
  if (isCve(name)) return 0;
  return /^GHSA-/i.test(name) ? 1 : 2;
}

function mergePackages(all: readonly Package[]): Package {
  const [only, another] = all;
  if (only !== undefined && another === undefined) return only;
  const sorted = all.toSorted((a, b) => compareText(a.purl, b.purl));
  const first = sorted[0];
  if (first === undefined) throw new TypeError('a group without a package');
  const paths = new Map(sorted.flatMap((one) => one.paths).map((path) => [path.join('\0'), path] as const));
  return {
    ...first,
    paths: [...paths.values()].toSorted(
      (a, b) => a.length - b.length || compareText(a.join('\0'), b.join('\0')),
    ),
    files: [...new Set(sorted.flatMap((one) => one.files))].toSorted(compareText),
  };
}
