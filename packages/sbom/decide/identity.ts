import { identitiesIn } from '../packages.ts';
import type { Component, Package, Sbom } from '../types.ts';
import { packageKey } from './group.ts';
import { covers, type Purl, readPurl } from './purl.ts';
import type { VexSubject } from './types.ts';

/** A component, or what an SBOM describes. */
interface Named {
  readonly ref: string;
  readonly version: string | undefined;
  /** As its SBOM writes it and, of a package, as it is looked up. */
  readonly purls: readonly Purl[];
}

/** A component under which a package stands in an SBOM. */
interface Listed extends Named {
  readonly sbom: Described | undefined;
}

/** The components of a package. */
interface Places {
  readonly all: readonly Listed[];
  /** Without those that differ from another one of their SBOM in their refs alone. */
  readonly different: readonly Listed[];
}

interface Described {
  readonly serial: string | undefined;
  readonly roots: readonly Named[];
}

/** Where a package stands in the SBOMs, and what they describe. */
export interface Identities {
  /** Whether what is said of a purl, with or without version and qualifiers, holds for the package wherever it is listed. */
  covers(pattern: Purl, found: Package): boolean;
  /** Whether a statement about these subjects is one about the package, wherever it is listed. */
  concerns(subjects: readonly VexSubject[], found: Package): boolean;
}

/**
 * Packages are compared as their SBOMs write them: the purl of a package has lost the qualifiers that do not name it, such as the
 * architecture, and what is said of one architecture is not said of another. A statement about a product holds for what only
 * that product brings: for a package that two SBOMs list it has to be about both.
 */
export function identitiesOf(sboms: readonly Sbom[]): Identities {
  let listed: ReadonlyMap<string, Places> | undefined;
  const read = new Map<string, Purl | undefined>();
  /** Many statements are about the same subjects. */
  const told = new Map<string, boolean>();
  const numberOf = numbers();
  const purlOf = (text: string): Purl | undefined => {
    if (!read.has(text)) read.set(text, readPurl(text));
    return read.get(text);
  };

  const everywhere = (
    found: Package,
    which: keyof Places,
    holds: (component: Listed) => boolean,
  ): boolean => {
    const purl = withVersion(purlOf(found.purl), found.version);
    const itself = purl === undefined ? [] : [purl];
    listed ??= listAll(sboms);
    const components = listed.get(packageKey(found))?.[which] ?? [
      { ref: '', version: found.version, purls: [], sbom: undefined },
    ];
    return components.every((component) => holds({ ...component, purls: [...component.purls, ...itself] }));
  };
  const isOneOf = (pattern: Purl | undefined, purls: readonly Purl[]): boolean =>
    pattern !== undefined && purls.some((purl) => covers(pattern, purl));
  /** Whether one component or product is what is named, in a version that is meant. */
  const isNamed = (
    { id, serial, versions }: VexSubject,
    named: Named,
    itsSerial: string | undefined,
  ): boolean => {
    if (versions !== undefined && (named.version === undefined || !versions.includes(named.version)))
      return false;
    if (serial !== undefined) return serial === itsSerial && id === named.ref;
    return isOneOf(purlOf(id), named.purls);
  };
  const isAbout = (subject: VexSubject, component: Listed): boolean => {
    const { serial, roots = [] } = component.sbom ?? {};
    const isProduct = roots.length > 0 && roots.every((root) => isNamed(subject, root, serial));
    if (subject.within.length === 0) return isProduct || isNamed(subject, component, serial);
    const isWithin = subject.within.some((id) => isOneOf(purlOf(id), component.purls));
    return isProduct && isWithin;
  };

  return {
    covers: (pattern, found) => everywhere(found, 'different', ({ purls }) => isOneOf(pattern, purls)),
    concerns(subjects, found) {
      const key = `${numberOf(subjects)}\0${packageKey(found)}`;
      const known = told.get(key);
      if (known !== undefined) return known;
      // Only a BOM-Link names a component by its ref.
      const which = subjects.some(({ serial }) => serial !== undefined) ? 'all' : 'different';
      const isTold = everywhere(found, which, (component) =>
        subjects.some((subject) => isAbout(subject, component)),
      );
      told.set(key, isTold);
      return isTold;
    },
  };
}

/** A number for each list of subjects, the same for equal ones. */
function numbers(): (subjects: readonly VexSubject[]) => number {
  const lists = new WeakMap<readonly VexSubject[], number>();
  const texts = new Map<string, number>();
  return (subjects) => {
    const known = lists.get(subjects);
    if (known !== undefined) return known;
    const text = JSON.stringify(subjects);
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    lists.set(subjects, number);
    return number;
  };
}

/** SBOMs may have the version beside the purl only. */
function withVersion(purl: Purl | undefined, version: string | undefined): Purl | undefined {
  if (purl === undefined || purl.version !== undefined || version === undefined) return purl;
  return { ...purl, version };
}

/** By package, the components that are looked up as it: of a distribution those that are built of one source. */
function listAll(sboms: readonly Sbom[]): ReadonlyMap<string, Places> {
  const listed = new Map<string, { all: Listed[]; different: Listed[] }>();
  for (const sbom of sboms) {
    const identitiesOfComponent = identitiesIn(sbom);
    const named = ({ ref, purl, version }: Component): Named => {
      const read = withVersion(purl === undefined ? undefined : readPurl(purl), version);
      return { ref, version: version ?? read?.version, purls: read === undefined ? [] : [read] };
    };
    const refs = new Set(sbom.roots);
    const roots = sbom.components.filter(({ ref }) => refs.has(ref)).map(named);
    // Of what it describes nothing may be left out: a statement has to be about all of it.
    const seen = new Set<string>();
    const described = { serial: sbom.serial, roots: roots.length < refs.size ? [] : roots };
    for (const component of sbom.components) {
      for (const identity of identitiesOfComponent(component)) {
        const key = packageKey(identity);
        const entry = { ...named(component), sbom: described };
        const places = listed.get(key) ?? { all: [], different: [] };
        listed.set(key, places);
        places.all.push(entry);
        const written = JSON.stringify([key, component.purl, component.version]);
        if (!seen.has(written)) places.different.push(entry);
        seen.add(written);
      }
    }
  }
  return listed;
}
