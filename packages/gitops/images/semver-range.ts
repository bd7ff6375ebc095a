import type { SemVer } from 'semver';
import Range from 'semver/classes/range.js';

const LONGEST_RANGE = 200;

/**
 * Which versions a range lets through. Written as npm's or as that of Helm, Flux and Image Updater (Masterminds/semver): commas, `!=`
 * and `=>` are known, and a version before a release (`1.3.0-rc.1`) is let through only by a part that names one (`>=1.3.0-0`), but then
 * every one in it. Throws an Error that says what is allowed.
 */
export function readRange(text: string): (version: SemVer) => boolean {
  const parts = text.length > LONGEST_RANGE ? [] : text.split('||').map(readPart);
  if (parts.length === 0 || parts.some((part) => part === undefined)) {
    throw new Error('allowed: a range of semantic versions, such as ^1.27, ~1.4.2, 1.x or ">=1.2 <2"');
  }
  return (version) => parts.some((part) => part?.(version) === true);
}

function readPart(text: string): ((version: SemVer) => boolean) | undefined {
  const plain = text
    .replaceAll(',', ' ')
    .replaceAll('=>', '>=')
    .replaceAll('=<', '<=')
    // npm takes something before a release after three numbers only.
    .replace(
      /(^|[\s=<>~^v])(\d+|\*)-(?=[0-9A-Za-z])/g,
      (_, before, major) => `${before}${major === '*' ? '>=0' : major}.0.0-`,
    )
    .replace(/(^|[\s=<>~^v])(\d+\.\d+)-(?=[0-9A-Za-z])/g, '$1$2.0-');
  const excluded: string[] = [];
  const rest = plain.replace(/!=\s*(\S+)/g, (_, version: string) => {
    excluded.push(version);
    return '';
  });
  const includePrerelease = /\d-[0-9A-Za-z]/.test(plain);
  const ranges = [rest, ...excluded].map((range) => parseRange(range, includePrerelease));
  const [wanted, ...not] = ranges.filter((range) => range !== undefined);
  if (wanted === undefined || not.length < excluded.length) return undefined;
  return (version) => wanted.test(version) && !not.some((range) => range.test(version));
}

function parseRange(text: string, includePrerelease: boolean): Range | undefined {
  try {
    return new Range(text, { includePrerelease });
  } catch {
    return undefined;
  }
}
