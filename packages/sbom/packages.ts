import { type Known, knownPackage } from './purl/ecosystems.ts';
import { type PathsTo, pathsOf } from './purl/paths.ts';
import { formatPurl, type Purl, parsePurl } from './purl/purl.ts';
import type { Component, Package, Sbom, Unmatched } from './types.ts';

/** As many paths to one package are kept over all SBOMs. */
const PATHS = 3;

export interface Packages {
  /** Each package once. */
  readonly packages: readonly Package[];
  readonly unmatched: readonly Unmatched[];
}

interface Merged extends Package {
  readonly paths: (readonly string[])[];
  readonly files: string[];
}

/** What of these SBOMs can be looked up, by the names that OSV has for it, and what cannot. */
export function packagesOf(sboms: readonly Sbom[]): Packages {
  const packages = new Map<string, Merged>();
  const unmatched: Unmatched[] = [];
  for (const sbom of sboms) {
    const pathsTo = pathsOf(sbom);
    for (const component of sbom.components) {
      const found = identify(component);
      if (typeof found === 'string') {
        unmatched.push({ component: labelOf(component), why: found, file: sbom.file });
      } else merge(packages, found, component, sbom.file, pathsTo);
    }
  }
  return { packages: [...packages.values()], unmatched };
}

type Identity = Pick<Package, 'purl' | 'ecosystem' | 'name' | 'version'>;

function identify(component: Component): Identity | Unmatched['why'] {
  if (component.purl === undefined) return 'no-purl';
  const purl = parsePurl(component.purl);
  if (purl === undefined) return 'bad-purl';
  const found = knownPackage(purl, component.name);
  if (found === undefined) return 'unknown-ecosystem';
  const version = found.version ?? component.version;
  return version === undefined ? 'no-version' : identity(purl, found, version);
}

const identity = (purl: Purl, { ecosystem, name, qualifiers }: Known, version: string): Identity => ({
  purl: formatPurl({ ...purl, version: purl.version ?? version }, qualifiers),
  ecosystem,
  name,
  version,
});

function merge(
  packages: Map<string, Merged>,
  found: Identity,
  { ref }: Component,
  file: string,
  pathsTo: PathsTo,
): void {
  const key = JSON.stringify([found.ecosystem, found.name, found.version]);
  const known = packages.get(key) ?? { ...found, paths: [], files: [] };
  packages.set(key, known);
  if (known.files.at(-1) !== file) known.files.push(file);
  for (const path of pathsTo(ref)) if (known.paths.length < PATHS) known.paths.push(path);
}

/** The purl as it is written, or name and version. */
const labelOf = ({ purl, name, version }: Component): string =>
  purl ?? (version === undefined ? name : `${name} ${version}`);
