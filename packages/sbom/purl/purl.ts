import { PackageURL } from 'packageurl-js';

/** A package URL, in parts as they are written: nothing is lowered, because what OSV knows by name may have capitals. */
export interface Purl {
  /** Lower case: `golang`. */
  readonly type: string;
  /** The parts before the name; empty where there is none. */
  readonly namespace: readonly string[];
  readonly name: string;
  readonly version?: string;
  readonly qualifiers: ReadonlyMap<string, string>;
  readonly subpath: readonly string[];
}

/** Longer than any that names a package; what a parser does with a megabyte is not worth finding out. */
const LONGEST = 4096;
/** What a part of a name cannot hold: it would be a step up, or hide in a log. */
const UNFIT = /^\.{1,2}$|[\p{Cc}\p{Cf}\u{2028}\u{2029}]/u;

/**
 * Reads a package URL (https://github.com/package-url/purl-spec). Undefined where it is none.
 * `PackageURL.fromString` is not for us: it lowers the names of npm, and refuses Go versions that are no semantic ones.
 */
export function parsePurl(text: string): Purl | undefined {
  if (text.length > LONGEST || UNFIT.test(text)) return undefined;
  const parts = split(text);
  if (parts === undefined) return undefined;
  const [type, namespace, name, version, qualifiers, subpath] = parts;
  if (type === undefined || !/^[a-z][a-z0-9.+-]*$/i.test(type) || !name) return undefined;
  const purl: Purl = {
    type: type.toLowerCase(),
    namespace: steps(namespace),
    name: name.trim(),
    ...(version === undefined || version.trim() === '' ? {} : { version: version.trim() }),
    qualifiers: readQualifiers(qualifiers),
    subpath: steps(subpath),
  };
  const named = [...purl.namespace, purl.name, purl.version ?? ''];
  return purl.name === '' || named.some((part) => UNFIT.test(part)) ? undefined : purl;
}

function split(text: string) {
  try {
    return PackageURL.parseString(text.trim());
  } catch {
    return undefined;
  }
}

const steps = (path: string | null | undefined): readonly string[] =>
  (path ?? '').split('/').filter((step) => step.trim() !== '');

function readQualifiers(given: unknown): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  if (!(given instanceof URLSearchParams)) return read;
  // `+` is no blank in a purl, and no qualifier that is read here holds blanks: `upstream=gcc-c++`.
  for (const [key, value] of given) read.set(key.toLowerCase(), value.trim().replaceAll(' ', '+'));
  return read;
}

/** The canonical form, with these qualifiers only. Nothing of it can be mistaken for another part. */
export function formatPurl(purl: Purl, qualifiers: readonly string[]): string {
  const path = [...purl.namespace, purl.name].map(encode).join('/');
  const version = purl.version === undefined ? '' : `@${encode(purl.version)}`;
  const kept = qualifiers
    .toSorted()
    .flatMap((key) => {
      const value = purl.qualifiers.get(key);
      return value === undefined || value === '' ? [] : [`${key}=${encode(value)}`];
    })
    .join('&');
  return `pkg:${purl.type}/${path}${version}${kept === '' ? '' : `?${kept}`}`;
}

/** The colon alone stays as it is (purl-spec, "Character encoding"). */
const encode = (part: string): string => encodeURIComponent(part.toWellFormed()).replaceAll('%3A', ':');
