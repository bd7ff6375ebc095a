import { formatPurl, parsePurl } from '../purl/purl.ts';
import type { Package } from '../types.ts';

/** The bill that scanners are given: what we read out of the real ones, so that all look up the same. */
export function scannerSbom<T extends Pick<Package, 'name' | 'version' | 'purl'>>(
  packages: readonly T[],
  purlOf: (entry: T) => string = ({ purl }) => purl,
  more: readonly object[] = [],
): string {
  const components = packages.map((entry, index) => ({
    type: 'library',
    'bom-ref': refOf(index),
    name: entry.name,
    version: entry.version,
    purl: purlOf(entry),
  }));
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    components: [...more, ...components],
  });
}

/** `npm` of `pkg:npm/qs@6.5.0`. */
export const typeOf = ({ purl }: Pick<Package, 'purl'>): string => /^pkg:([^/]+)\//.exec(purl)?.[1] ?? '';

export const refOf = (index: number): string => `package-${index}`;

/** By its source package, as OSV has it: `pkg:deb/debian/openssl@3.0.11-1?distro=debian-12`. */
export function sourcePurl({ purl, name, version }: Package): string {
  const parsed = parsePurl(purl);
  if (parsed === undefined || !['apk', 'deb', 'rpm'].includes(parsed.type)) return purl;
  return formatPurl({ ...parsed, name, version }, ['distro']);
}

/** What stays the same however a program writes a purl: type, path and version. */
export function purlKey(purl: string): string | undefined {
  const parsed = parsePurl(purl);
  if (parsed === undefined) return undefined;
  const { type, namespace, name, version = '' } = parsed;
  return JSON.stringify([type, [...namespace, name].join('/').toLowerCase(), version]);
}

/** Packages by a key, several where they share it. */
export function groupBy<K>(
  packages: readonly Package[],
  keyOf: (entry: Package) => K,
): ReadonlyMap<K, Package[]> {
  const groups = new Map<K, Package[]>();
  for (const entry of packages) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}
