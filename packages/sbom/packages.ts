import { oneLine } from './page/foreign.ts';
import { count } from './page/words.ts';
import { LONGEST_RELEASE } from './purl/distros.ts';
import { knownPackages } from './purl/ecosystems.ts';
import type { Known } from './purl/known.ts';
import { isPossibleName } from './purl/names.ts';
import { onlyRootOf, type SetAsideWhy, whyNoPackage } from './purl/no-package.ts';
import { pathsOf } from './purl/paths.ts';
import { formatPurl, type Purl, parsePurl } from './purl/purl.ts';
import { isPlainVersion, isSameVersion } from './purl/version.ts';
import type { Component, Package, Sbom, Unmatched } from './types.ts';

/** As many paths to one package are kept over all SBOMs. */
const PATHS = 3;

/** A component that is no package: a file, or what the SBOM is about. */
export interface SetAside {
  readonly component: string;
  readonly why: SetAsideWhy;
  readonly file: string;
}

/** Each component of the SBOMs is in one of the three; of a distribution that names sources it may be a package and unmatched. */
export interface Packages {
  /** Each package once. */
  readonly packages: readonly Package[];
  readonly unmatched: readonly Unmatched[];
  readonly setAside: readonly SetAside[];
  /** What makes the SBOMs weaker than they look, for people. */
  readonly warnings: readonly string[];
}

type Identity = Pick<Package, 'purl' | 'ecosystem' | 'name' | 'version'>;

interface Found {
  readonly identities: readonly Identity[];
  /** Of its purl. */
  readonly type: string;
  readonly lacksSource: boolean;
  readonly hasTwoVersions: boolean;
}

type Identified = Found | { readonly unmatched: Unmatched['why'] } | { readonly setAside: SetAsideWhy };

/** What of these SBOMs can be looked up, by the names that OSV has for it, and what cannot. */
export function packagesOf(sboms: readonly Sbom[]): Packages {
  const packages = new Map<string, Package>();
  const listed: Listed = { unmatched: [], setAside: [], warnings: [] };
  for (const sbom of sboms) list(sbom, packages, listed);
  return { packages: [...packages.values()], ...listed };
}

interface Listed {
  readonly unmatched: Unmatched[];
  readonly setAside: SetAside[];
  readonly warnings: string[];
}

function list(sbom: Sbom, packages: Map<string, Package>, { unmatched, setAside, warnings }: Listed): void {
  const pathsTo = pathsOf(sbom);
  const identified = identifierOf(sbom);
  const files = [sbom.file];
  const sources = gatherSources();
  for (const warning of sbom.warnings ?? []) warnings.push(`${oneLine(sbom.file)}: ${warning}`);
  let twoVersions = 0;
  for (const component of sbom.components) {
    const found = identified(component);
    const said = { component: labelOf(component), file: sbom.file };
    if ('setAside' in found) setAside.push({ ...said, why: found.setAside });
    else if ('unmatched' in found) unmatched.push({ ...said, why: found.unmatched });
    else {
      if (found.hasTwoVersions) twoVersions += 1;
      sources.add(found, said);
      for (const identity of found.identities) merge(packages, identity, files, pathsTo(component.ref));
    }
  }
  for (const said of sources.unsaid()) unmatched.push({ ...said, why: 'no-source' });
  const has = count(twoVersions, 'component has', 'components have');
  if (twoVersions > 0)
    warnings.push(
      `${oneLine(sbom.file)}: ${has} one version in the purl and another beside it: both were looked up.`,
    );
}

type Said = Pick<Unmatched, 'component' | 'file'>;

/** Syft and others name the source of a package only where it has another name: whose SBOM names none of a type may name none at all. */
function gatherSources() {
  const without: { readonly type: string; readonly said: Said }[] = [];
  const types = new Set<string>();
  return {
    add({ type, lacksSource }: Found, said: Said): void {
      if (lacksSource) without.push({ type, said });
      else types.add(type);
    },
    unsaid: () => without.filter(({ type }) => !types.has(type)).map(({ said }) => said),
  };
}

/** What a component of this SBOM is looked up as; nothing where it cannot be. */
export function identitiesIn(sbom: Sbom): (component: Component) => readonly Identity[] {
  const identified = identifierOf(sbom);
  return (component) => {
    const found = identified(component);
    return 'identities' in found ? found.identities : [];
  };
}

function identifierOf(sbom: Sbom): (component: Component) => Identified {
  const root = onlyRootOf(sbom);
  const distro = distroOf(sbom);
  return (component) => identify(component, component.ref === root, distro);
}

function identify(component: Component, isOnlyRoot: boolean, distro: string | undefined): Identified {
  // As osv-scanner does: what one builds oneself may have the name of somebody else's package.
  if (component.isSubject === true) return { setAside: 'subject' };
  const none = (why: Unmatched['why']): Identified => {
    const setAside = whyNoPackage(component, isOnlyRoot);
    return setAside === undefined ? { unmatched: why } : { setAside };
  };
  if (component.purl === undefined) return none('no-purl');
  const purl = parsePurl(component.purl);
  if (purl === undefined || !isPossibleName(purl)) return none('bad-purl');
  const found = knownPackages({ purl, component, distro });
  if (found.length === 0) return none('unknown-ecosystem');
  const versions = found.map(({ version }) => version);
  if (versions.some((version) => version === undefined || isNoVersion(version))) return none('no-version');
  if (!versions.every((version) => isPlainVersion(version ?? ''))) return none('no-order');
  const identities = found.map((known) => identityOf(component, purl, known));
  const other = otherVersion(purl, component, found[0]?.ecosystem ?? '');
  const besides =
    other === undefined
      ? []
      : knownPackages({ purl: other, component, distro }).map((known) => identityOf(component, other, known));
  return {
    identities: [...identities, ...besides],
    type: purl.type,
    lacksSource: found.some((known) => known.lacksSource === true),
    hasTwoVersions: other !== undefined,
  };
}

/** The purl with the version that stands beside it, where that is another one: nobody knows which of the two is right. */
function otherVersion(purl: Purl, { version }: Component, ecosystem: string): Purl | undefined {
  if (version === undefined || purl.version === undefined || version === purl.version) return undefined;
  if (isNoVersion(version) || !isPlainVersion(version) || version.length > LONGEST_VERSION) return undefined;
  return isSameVersion(purl.version, version, ecosystem) ? undefined : { ...purl, version };
}

/** Longer than any version, which may have any length beside the purl. */
const LONGEST_VERSION = 200;

/** What writers put where there is none: Go's word for a build of a working tree, SPDX's, and the usual one. */
const isNoVersion = (version: string): boolean =>
  /^(?:\(devel\)|noassertion|none|unknown|unspecified)$/i.test(version);

function identityOf(
  component: Component,
  purl: Purl,
  { ecosystem, name, version = '', path, qualifiers = [] }: Known,
): Identity {
  const named = {
    ...purl,
    namespace: path.slice(0, -1),
    name: path.at(-1) ?? '',
    // That of a gem has no platform any more.
    version: ecosystem === 'RubyGems' ? version : (purl.version ?? version),
  };
  const canonical = formatPurl(named, qualifiers);
  // The same text again, rather than one like it: of hundreds of thousands of components each has these three.
  return {
    purl: component.purl === canonical ? component.purl : canonical,
    ecosystem,
    name: component.name === name ? component.name : name,
    version: component.version === version ? component.version : version,
  };
}

function merge(
  packages: Map<string, Package>,
  found: Identity,
  files: readonly string[],
  paths: Package['paths'],
): void {
  const key = `${found.ecosystem}\n${found.name}\n${versionKey(found)}`;
  const known = packages.get(key);
  if (known === undefined) packages.set(key, { ...found, paths, files });
  else if (known.files.at(-1) !== files[0] || known.paths.length < PATHS)
    packages.set(key, joined(known, files, paths));
}

/** One package that is listed twice. What there is of it stays small, however often that is. */
const joined = (known: Package, files: readonly string[], paths: Package['paths']): Package => ({
  ...known,
  paths: [...known.paths, ...paths].slice(0, PATHS),
  files: known.files.at(-1) === files[0] ? known.files : [...known.files, ...files],
});

/** Go's versions have a `v`, which some writers leave out (GitHub's dependency graph, purl-spec's examples). */
const versionKey = ({ ecosystem, version }: Identity): string =>
  ecosystem === 'Go' ? version.replace(/^v(?=\d)/, '') : version;

/** The distribution of an SBOM that says of which its packages are: Syft and Trivy list it as a component. */
function distroOf({ components }: Sbom): string | undefined {
  const systems = components.filter(({ type }) => type === 'operating-system');
  const [system, ...others] = systems;
  if (system?.version === undefined || others.length > 0) return undefined;
  const distro = `${system.name.toLowerCase()}-${system.version}`;
  return distro.length > LONGEST_RELEASE ? undefined : distro;
}

/** The purl as it is written, or name and version. */
const labelOf = ({ purl, name, version }: Component): string =>
  purl ?? (version === undefined ? name : `${name} ${version}`);
