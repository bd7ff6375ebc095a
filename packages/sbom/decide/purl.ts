import { parsePurl } from '../purl/purl.ts';

/** A purl in the form in which two of them can be compared. */
export interface Purl {
  /** Type, namespace and name. */
  readonly name: string;
  readonly version?: string;
  readonly qualifiers: ReadonlyMap<string, string>;
  /** Empty where it is about the whole package. */
  readonly subpath: string;
}

/**
 * Types whose names are the same in capitals (https://github.com/package-url/purl-spec/tree/main/types). npm is not among them:
 * JSONStream and jsonstream are two packages.
 */
const FOLDED: ReadonlySet<string> = new Set([
  ...['alpm', 'apk', 'bitbucket', 'bitnami', 'composer', 'deb', 'github', 'golang', 'hex', 'nuget', 'oci'],
  ...['pub', 'pypi'],
]);

/** Undefined where the text is no purl. */
export function readPurl(text: string): Purl | undefined {
  const purl = parsePurl(text);
  if (purl === undefined) return undefined;
  const { type, namespace, name, version, qualifiers, subpath } = purl;
  const path = [type, ...namespace, nameIn(type, name)].join('\0');
  return {
    name: FOLDED.has(type) ? path.toLowerCase() : path,
    ...(version !== undefined && { version: versionIn(type, version) }),
    qualifiers,
    subpath: subpath.join('/'),
  };
}

/** https://peps.python.org/pep-0503/#normalized-names */
const nameIn = (type: string, name: string): string =>
  type === 'pypi' ? name.replace(/[-_.]+/g, '-') : name;

/** The `v` of Go's versions is left out by some writers. */
export const versionIn = (type: string, version: string): string =>
  type === 'golang' ? version.replace(/^v(?=\d)/, '') : version;

/**
 * Whether what is said of `pattern` holds for `purl`: the same package; the same version, unless the pattern has none; every
 * qualifier that the pattern has, and its part of the package
 * (https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md, matching of purls).
 */
export function covers(pattern: Purl, purl: Purl): boolean {
  if (pattern.name !== purl.name) return false;
  if (pattern.version !== undefined && pattern.version !== purl.version) return false;
  if (pattern.subpath !== '' && pattern.subpath !== purl.subpath) return false;
  for (const [key, value] of pattern.qualifiers) if (purl.qualifiers.get(key) !== value) return false;
  return true;
}
