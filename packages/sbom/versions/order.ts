/** How the versions of an ecosystem follow each other. */
export interface Order {
  /** Whether `compare` means something for it. */
  isVersion(text: string): boolean;
  /**
   * Below zero, zero or above, as for `Array.sort`. Never throws and is total: what is no version comes
   * before all that is one, by its text, which only keeps sorting sound: ask `isVersion` first.
   */
  compare(a: string, b: string): number;
  /**
   * As `compare`, of a version with one that an advisory states. A statement that leaves out a part of the version means each:
   * `2.6.0` of PyPI is `2.6.0+cu124` as well. What of versions is before or after in `compare` is never the other way round here.
   */
  against(version: string, stated: string): number;
  /** Lists of affected versions may have one in another writing. */
  readonly isFree: boolean;
  /** The last that a text can mean, where that is more than one: a tag `v4` moves through all of 4. */
  last(version: string): string | undefined;
}

/** What an order has besides. */
interface Rules {
  /** A version as the statement is to be compared with it. */
  readonly reduced?: (version: string, stated: string) => string;
  readonly isFree?: boolean;
  readonly last?: (version: string) => string | undefined;
}

/* The longest that registries take are some hundred characters; a longer one is nothing to spend time on, again for each advisory. */
const longest = 1024;

/** An order from a parser, which answers `undefined` for what is no version, and a comparison of what it parses. */
export function orderBy<Key>(
  parse: (text: string) => Key | undefined,
  compare: (a: Key, b: Key) => number,
  { reduced = (version) => version, isFree = false, last = () => undefined }: Rules = {},
): Order {
  const bounded = (text: string) => (text.length > longest ? undefined : parse(text));
  const compareAll = (a: string, b: string): number => {
    if (a === b) return 0;
    const left = bounded(a);
    const right = bounded(b);
    if (left === undefined) return right === undefined ? compareText(a, b) : -1;
    return right === undefined ? 1 : compare(left, right);
  };
  return {
    isVersion: (text) => bounded(text) !== undefined,
    compare: compareAll,
    against: (version, stated) => compareAll(reduced(version, stated), stated),
    isFree,
    last,
  };
}

/** By code units, which for ASCII is what the specifications call lexical order. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const zero = 0x30;

/**
 * Two runs of digits by their value; an empty one is zero. As text, because versions hold numbers beyond
 * 2^53 (dates with a build number) and BigInt takes quadratic time for a run that somebody made long.
 */
export function compareDigits(a: string, b: string): number {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  return left.length - right.length || compareText(left, right);
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === zero) start++;
  return start === 0 ? digits : digits.slice(start);
}

const digitsOnly = /^[0-9]+$/;

export function isDigits(text: string): boolean {
  return digitsOnly.test(text);
}

/** Two lists of numbers, entry by entry; what is missing is zero. */
export function compareNumbers(a: readonly string[], b: readonly string[]): number {
  return compareEntries(a, b, '', compareDigits);
}

/** Two lists, entry by entry; where one has ended, `end` stands for what it lacks. */
export function compareEntries<Entry>(
  a: readonly Entry[],
  b: readonly Entry[],
  end: Entry,
  compare: (a: Entry, b: Entry) => number,
): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compare(a[index] ?? end, b[index] ?? end);
    if (order !== 0) return order;
  }
  return 0;
}
