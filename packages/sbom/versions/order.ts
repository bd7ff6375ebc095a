/** How the versions of an ecosystem follow each other. */
export interface Order {
  /** Whether `compare` means something for it. */
  isVersion(text: string): boolean;
  /**
   * Below zero, zero or above, as for `Array.sort`. Never throws and is total: what is no version comes
   * before all that is one, by its text, which only keeps sorting sound: ask `isVersion` first.
   */
  compare(a: string, b: string): number;
}

/* The longest that registries take are some hundred characters; a longer one is nothing to spend time on, again for each advisory. */
const longest = 1024;

/** An order from a parser, which answers `undefined` for what is no version, and a comparison of what it parses. */
export function orderBy<Key>(
  parse: (text: string) => Key | undefined,
  compare: (a: Key, b: Key) => number,
): Order {
  const bounded = (text: string) => (text.length > longest ? undefined : parse(text));
  return {
    isVersion: (text) => bounded(text) !== undefined,
    compare(a, b) {
      if (a === b) return 0;
      const left = bounded(a);
      const right = bounded(b);
      if (left === undefined) return right === undefined ? compareText(a, b) : -1;
      return right === undefined ? 1 : compare(left, right);
    },
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
