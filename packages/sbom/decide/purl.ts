import { PackageURL } from 'packageurl-js';

/** A purl in the form in which two of them can be compared. */
export interface Purl {
  /** Type, namespace and name. */
  readonly name: string;
  readonly version?: string;
  readonly qualifiers: ReadonlyMap<string, string>;
}

/** Longer ones name nothing. */
const LONGEST = 4096;

/** Undefined where the text is no purl. */
export function readPurl(text: string): Purl | undefined {
  if (text.length > LONGEST || !/^pkg:/i.test(text)) return undefined;
  try {
    const { type, namespace, name, version, qualifiers } = PackageURL.fromString(text);
    return {
      name: [type, namespace ?? '', name].join('\0'),
      ...(version !== undefined && version !== null && version !== '' && { version }),
      qualifiers: new Map(
        Object.entries(qualifiers ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    };
  } catch {
    return undefined;
  }
}

/**
 * Whether what is said of `pattern` holds for `purl`: the same package; the same version, unless the pattern has none; and every
 * qualifier that the pattern has (https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md, matching of purls).
 */
export function covers(pattern: Purl, purl: Purl): boolean {
  if (pattern.name !== purl.name) return false;
  if (pattern.version !== undefined && pattern.version !== purl.version) return false;
  for (const [key, value] of pattern.qualifiers) if (purl.qualifiers.get(key) !== value) return false;
  return true;
}
