import { compareDigits, compareEntries, compareText, isDigits, orderBy } from './order.ts';

const pattern = /^[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Runs of digits and of letters; a hyphen starts a pre-release. Zeros before the first letters and at the end do not count. */
function parse(text: string): string[] | undefined {
  if (!pattern.test(text)) return undefined;
  const segments = text.replaceAll('-', '.pre.').match(/[0-9]+|[A-Za-z]+/g) ?? [];
  const words = segments.findIndex((segment) => !isDigits(segment));
  if (words < 0) return segments;
  return [...withoutZeros(segments.slice(0, words)), ...segments.slice(words)];
}

function withoutZeros(segments: readonly string[]): readonly string[] {
  return segments.slice(0, segments.findLastIndex((segment) => compareDigits(segment, '') !== 0) + 1);
}

function compareSegments(a: string, b: string): number {
  const left = isDigits(a);
  if (left !== isDigits(b)) return left ? 1 : -1;
  return left ? compareDigits(a, b) : compareText(a, b);
}

/** https://docs.ruby-lang.org/en/master/Gem/Version.html; what is missing is zero, and letters come before numbers. */
export const rubygems = orderBy(parse, (a, b) => compareEntries(a, b, '0', compareSegments));
