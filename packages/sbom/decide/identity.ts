import type { Package, Sbom } from '../types.ts';
import { covers, type Purl, readPurl } from './purl.ts';
import type { VexSubject } from './types.ts';

/** A component, or what an SBOM describes. */
interface Named {
  readonly ref: string;
  readonly version: string | undefined;
  readonly purl: Purl | undefined;
}

/** A component under which a package stands in an SBOM. */
interface Listed extends Named {
  readonly purl: Purl;
  readonly sbom: Described | undefined;
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
  let listed: ReadonlyMap<string, readonly Listed[]> | undefined;
  const read = new Map<string, Purl | undefined>();
  const purlOf = (text: string): Purl | undefined => {
    if (!read.has(text)) read.set(text, readPurl(text));
    return read.get(text);
  };

  const everywhere = (found: Package, holds: (component: Listed) => boolean): boolean => {
    const purl = withVersion(purlOf(found.purl), found.version);
    if (purl === undefined) return false;
    listed ??= listAll(sboms);
    const { version } = purl;
    const components = listed.get(keyOf(purl)) ?? [{ ref: '', version, purl, sbom: undefined }];
    return components.every(holds);
  };
  /** Whether one component or product is what is named, in a version that is meant. */
  const isNamed = (
    { id, serial, versions }: VexSubject,
    named: Named,
    itsSerial: string | undefined,
  ): boolean => {
    if (versions !== undefined && (named.version === undefined || !versions.includes(named.version)))
      return false;
    if (serial !== undefined) return serial === itsSerial && id === named.ref;
    const pattern = purlOf(id);
    return pattern !== undefined && named.purl !== undefined && covers(pattern, named.purl);
  };
  const isAbout = (subject: VexSubject, component: Listed): boolean => {
    const { serial, roots = [] } = component.sbom ?? {};
    const isProduct = roots.length > 0 && roots.every((root) => isNamed(subject, root, serial));
    if (subject.within.length === 0) return isProduct || isNamed(subject, component, serial);
    const isWithin = subject.within.some((id) => {
      const pattern = purlOf(id);
      return pattern !== undefined && covers(pattern, component.purl);
    });
    return isProduct && isWithin;
  };

  return {
    covers: (pattern, found) => everywhere(found, ({ purl }) => covers(pattern, purl)),
    concerns: (subjects, found) =>
      everywhere(found, (component) => subjects.some((subject) => isAbout(subject, component))),
  };
}

const keyOf = ({ name, version = '' }: Purl): string => `${name}\0${version}`;

/** SBOMs may have the version beside the purl only. */
function withVersion(purl: Purl | undefined, version: string | undefined): Purl | undefined {
  if (purl === undefined || purl.version !== undefined || version === undefined) return purl;
  return { ...purl, version };
}

function listAll(sboms: readonly Sbom[]): ReadonlyMap<string, readonly Listed[]> {
  const listed = new Map<string, Listed[]>();
  for (const sbom of sboms) {
    const byRef = new Map<string, Named>();
    const known: (Named & { readonly purl: Purl })[] = [];
    for (const { ref, purl: text, version: beside } of sbom.components) {
      const purl = withVersion(text === undefined ? undefined : readPurl(text), beside);
      const named = { ref, version: beside ?? purl?.version, purl };
      byRef.set(ref, named);
      if (purl !== undefined) known.push({ ...named, purl });
    }
    const unnamed = (ref: string): Named => ({ ref, version: undefined, purl: undefined });
    const described = { serial: sbom.serial, roots: sbom.roots.map((ref) => byRef.get(ref) ?? unnamed(ref)) };
    for (const component of known) {
      const all = listed.get(keyOf(component.purl));
      const entry = { ...component, sbom: described };
      if (all) all.push(entry);
      else listed.set(keyOf(component.purl), [entry]);
    }
  }
  return listed;
}
