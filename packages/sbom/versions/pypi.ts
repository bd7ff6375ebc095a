import { compareDigits, compareEntries, compareNumbers, compareText, isDigits, orderBy } from './order.ts';

/* Appendix B of PEP 440, without the space around a version. */
const pattern = new RegExp(
  [
    '^v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\\.[0-9]+)*)',
    '(?:[-_.]?(?<phase>a|b|c|rc|alpha|beta|pre|preview)[-_.]?(?<pre>[0-9]*))?',
    '(?:-(?<bare>[0-9]+)|[-_.]?(?<after>post|rev|r)[-_.]?(?<post>[0-9]*))?',
    '(?:[-_.]?(?<draft>dev)[-_.]?(?<dev>[0-9]*))?',
    '(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
  ].join(''),
  'i',
);

const ranks: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2 };
const candidate = 3;
const final = 4;

interface Version {
  readonly epoch: string;
  readonly release: readonly string[];
  /** A developmental release of a final one comes before its alphas. */
  readonly phase: number;
  readonly pre: string;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: readonly string[];
}

function parse(text: string): Version | undefined {
  const groups = pattern.exec(text)?.groups;
  if (groups?.release === undefined) return undefined;
  const phase = groups.phase?.toLowerCase();
  const post = groups.bare ?? (groups.after === undefined ? undefined : (groups.post ?? ''));
  const dev = groups.draft === undefined ? undefined : (groups.dev ?? '');
  return {
    epoch: groups.epoch ?? '',
    release: groups.release.split('.'),
    phase: phase === undefined ? finalPhase(post, dev) : (ranks[phase] ?? candidate),
    pre: groups.pre ?? '',
    post,
    dev,
    local: groups.local?.toLowerCase().split(/[-_.]/) ?? [],
  };
}

function finalPhase(post: string | undefined, dev: string | undefined): number {
  return post === undefined && dev !== undefined ? 0 : final;
}

function compare(a: Version, b: Version): number {
  return (
    compareDigits(a.epoch, b.epoch) ||
    compareNumbers(a.release, b.release) ||
    a.phase - b.phase ||
    compareDigits(a.pre, b.pre) ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareEntries(a.local, b.local, '', compareLocal)
  );
}

/** `absent` is where what has none stands: before (-1) or after (1). */
function compareOptional(a: string | undefined, b: string | undefined, absent: 1 | -1): number {
  if (a === undefined) return b === undefined ? 0 : absent;
  return b === undefined ? -absent : compareDigits(a, b);
}

/** Of local versions: none, words, numbers. */
function compareLocal(a: string, b: string): number {
  const left = isDigits(a);
  if (left !== isDigits(b)) return left ? 1 : -1;
  return left ? compareDigits(a, b) : compareText(a, b);
}

/**
 * https://peps.python.org/pep-0440/ and no older ones (`1.0-final-linux`), which pip refuses. By text, where
 * libraries take each number for a double: beyond 2^53 two versions would be one, and a local `1e5` a number.
 */
export const pypi = orderBy(parse, compare, {
  // A local version is left out of `==` and `<=` unless the specifier has one: https://peps.python.org/pep-0440/#version-matching
  reduced: (version, stated) => (stated.includes('+') ? version : publicVersion(version)),
  isFree: true,
});

/** Without the local label, which a build adds: `2.6.0` of `2.6.0+cu124`. */
export const publicVersion = (version: string): string => version.replace(/\+.*$/s, '');
