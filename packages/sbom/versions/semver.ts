import { compareDigits, compareNumbers, compareText, isDigits, orderBy } from './order.ts';

export interface SemVer {
  /** Major, minor, patch, and for some ecosystems more. */
  readonly numbers: readonly string[];
  readonly prerelease: readonly string[];
  readonly build: readonly string[];
}

/*
 * Semantic Versioning 2.0.0 with what registries and SBOMs write besides it: a leading v, fewer than three
 * numbers, leading zeros. All of these have one reading only.
 */
const pattern =
  /^v?([0-9]+(?:\.[0-9]+){0,3})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** `undefined` for what is no version of at most `most` numbers. */
export function parseSemVer(text: string, most = 3): SemVer | undefined {
  const [whole, numbers = '', prerelease = '', build = ''] = pattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const list = numbers.split('.');
  if (list.length > most) return undefined;
  return { numbers: list, prerelease: identifiers(prerelease), build: identifiers(build) };
}

function identifiers(text: string): string[] {
  return text === '' ? [] : text.split('.');
}

/** Precedence by section 11 of Semantic Versioning 2.0.0: build metadata does not count. */
export function compareSemVer(a: SemVer, b: SemVer): number {
  return compareNumbers(a.numbers, b.numbers) || comparePrerelease(a.prerelease, b.prerelease);
}

/** Section 11.3 and 11.4: a release comes after its pre-releases; more fields after fewer. */
function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  return compareIdentifiers(a, b);
}

/** Section 11.4: numbers by value and before words, words by ASCII; where all are equal, more after fewer. */
function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compareIdentifier(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifier(a: string, b: string): number {
  const left = isDigits(a);
  if (left !== isDigits(b)) return left ? -1 : 1;
  return left ? compareDigits(a, b) : compareText(a, b);
}

/** https://semver.org/spec/v2.0.0.html */
export const semver = orderBy((text) => parseSemVer(text), compareSemVer);

/** Greater than any number of a release. */
const MANY = '999999999999';

/** Tags of actions: one with fewer than three numbers is moved on, by custom: https://docs.github.com/actions/how-tos/create-and-publish-actions/manage-custom-actions */
export const actions = orderBy((text) => parseSemVer(text), compareSemVer, {
  last(version) {
    const [, major, minor = MANY] = /^v?([0-9]+)(?:\.([0-9]+))?$/.exec(version) ?? [];
    return major === undefined ? undefined : `${major}.${minor}.${MANY}`;
  },
});

/**
 * Pub (https://pub.dev/documentation/pub_semver) and Julia (https://docs.julialang.org/en/v1/manual/strings/#man-version-number-literals)
 * rebuild a package under the same three numbers: there build metadata counts, where all else is equal.
 */
export const semverWithBuild = orderBy(
  (text) => parseSemVer(text),
  (a, b) => compareSemVer(a, b) || compareIdentifiers(a.build, b.build),
);

/** Four numbers, and pre-releases whatever their case: https://learn.microsoft.com/nuget/concepts/package-versioning */
export const nuget = orderBy((text) => parseSemVer(text.toLowerCase(), 4), compareSemVer);
