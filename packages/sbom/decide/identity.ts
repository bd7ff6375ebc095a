import type { Package, Sbom } from '../types.ts';
import { covers, type Purl, readPurl } from './purl.ts';
import type { VexSubject } from './types.ts';

/** A component under which a package stands in an SBOM. */
interface Listed {
  readonly file: string;
  readonly serial?: string;
  readonly ref: string;
  readonly purl: Purl;
}

/** Where a package stands in the SBOMs, and what they describe. */
export interface Identities {
  /** Whether what is said of a purl, with or without version and qualifiers, holds for the package wherever it is listed. */
  covers(pattern: Purl, found: Package): boolean;
  /** Whether a statement about these subjects is one about the package, wherever it is listed. */
  concerns(subjects: readonly VexSubject[], found: Package): boolean;
}

interface Roots {
  readonly serial?: string;
  readonly refs: readonly string[];
  readonly purls: readonly (Purl | undefined)[];
}

const keyOf = ({ name, version = '' }: Purl): string => `${name}\0${version}`;

/**
 * Packages are compared as their SBOMs write them: the purl of a package has lost the qualifiers that do not name it, such as the
 * architecture, and what is said of one architecture is not said of another. A statement about a product holds for what only
 * that product brings: for a package that two SBOMs list it has to be about both.
 */
export function identitiesOf(sboms: readonly Sbom[]): Identities {
  const listed = new Map<string, Listed[]>();
  const roots = new Map<string, Roots>();
  for (const sbom of sboms) {
    const serial = sbom.serial === undefined ? {} : { serial: sbom.serial };
    const purls = new Map<string, Purl | undefined>();
    for (const { ref, purl: text } of sbom.components) {
      const purl = text === undefined ? undefined : readPurl(text);
      if (purl === undefined) continue;
      purls.set(ref, purl);
      const entry = { file: sbom.file, ...serial, ref, purl };
      const key = keyOf(purl);
      const known = listed.get(key);
      if (known) known.push(entry);
      else listed.set(key, [entry]);
    }
    roots.set(sbom.file, { ...serial, refs: sbom.roots, purls: sbom.roots.map((ref) => purls.get(ref)) });
  }

  const patterns = new Map<string, Purl | undefined>();
  const patternOf = (text: string): Purl | undefined => {
    if (!patterns.has(text)) patterns.set(text, readPurl(text));
    return patterns.get(text);
  };
  const componentsOf = (found: Package): readonly Listed[] => {
    const purl = readPurl(found.purl);
    if (purl === undefined) return [];
    return listed.get(keyOf(purl)) ?? [{ file: '', ref: '', purl }];
  };
  const everywhere = (found: Package, holds: (component: Listed) => boolean): boolean => {
    const components = componentsOf(found);
    return components.length > 0 && components.every(holds);
  };
  const describes = (subject: VexSubject, pattern: Purl | undefined, file: string): boolean => {
    const product = roots.get(file);
    if (product === undefined || product.refs.length === 0) return false;
    if (subject.serial !== undefined)
      return subject.serial === product.serial && product.refs.every((ref) => ref === subject.id);
    return (
      pattern !== undefined && product.purls.every((purl) => purl !== undefined && covers(pattern, purl))
    );
  };
  const isAbout = (subject: VexSubject, component: Listed): boolean => {
    const pattern = subject.serial === undefined ? patternOf(subject.id) : undefined;
    const isProduct = describes(subject, pattern, component.file);
    if (subject.within.length > 0) {
      const inside = subject.within.map(patternOf);
      return isProduct && inside.some((purl) => purl !== undefined && covers(purl, component.purl));
    }
    if (isProduct) return true;
    if (subject.serial !== undefined)
      return subject.serial === component.serial && subject.id === component.ref;
    return pattern !== undefined && covers(pattern, component.purl);
  };

  return {
    covers: (pattern, found) => everywhere(found, ({ purl }) => covers(pattern, purl)),
    concerns: (subjects, found) =>
      everywhere(found, (component) => subjects.some((subject) => isAbout(subject, component))),
  };
}
