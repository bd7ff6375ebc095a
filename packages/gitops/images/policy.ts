import type { SemVer } from 'semver';
import compare from 'semver/functions/compare.js';
import { readRange } from './semver-range.ts';
import { filterTags, type MatchedTag, readPattern } from './tag-filter.ts';
import { readVersion } from './version.ts';

/** How a tag is chosen among those of a repository. */
export type Policy =
  | { readonly type: 'semver'; readonly text: string; readonly range: ReturnType<typeof readRange> }
  | {
      readonly type: 'newest' | 'numeric' | 'numeric-desc' | 'alphabetical' | 'alphabetical-desc';
      readonly text: string;
      readonly pattern: RegExp;
    };

/** What a policy makes of the tags. */
export type Selection =
  | { readonly type: 'tag'; readonly tag: string }
  /** Which of these is the newest is to be asked. */
  | { readonly type: 'candidates'; readonly tags: readonly string[] }
  | { readonly type: 'none' }
  | { readonly type: 'unusable'; readonly why: string };

const TYPES = ['newest', 'numeric', 'numeric-desc', 'alphabetical', 'alphabetical-desc'] as const;

/**
 * Reads `semver:^1.27`, `newest:^main-`, `numeric:^build-(\d+)$`, `alphabetical:^\d{8}`. Of `numeric` and `alphabetical` the highest is
 * chosen, with `-desc` the lowest. Throws an Error that says what is allowed.
 */
export function parsePolicy(text: string): Policy {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0));
  const rest = text.slice(colon + 1).trim();
  if (name === 'semver') return { type: name, text, range: readRange(rest) };
  const type = TYPES.find((word) => word === name);
  if (type === undefined) {
    throw new Error(`allowed: semver:<range>, newest:<regex>, numeric:<regex>, alphabetical:<regex>`);
  }
  return { type, text, pattern: readPattern(rest) };
}

/** Chooses among the tags of a repository. Pure. `timeout`: how many milliseconds a regular expression may take over all of them. */
export function selectTag(policy: Policy, tags: readonly string[], timeout?: number): Selection {
  if (policy.type === 'semver') return highestVersion(policy, tags);
  const matched = filterTags(policy.pattern, tags, timeout);
  if (matched === undefined)
    return { type: 'unusable', why: 'its regular expression takes too long over the tags' };
  if (matched.length === 0) return { type: 'none' };
  if (policy.type === 'newest') return { type: 'candidates', tags: matched.map(({ tag }) => tag) };
  const numeric = policy.type.startsWith('numeric');
  const word = matched.find(({ value }) => numeric && !NUMBER.test(value));
  if (word !== undefined) {
    return {
      type: 'unusable',
      why: `it lets ${word.tag} through, and ${JSON.stringify(word.value)} is no number`,
    };
  }
  const order = numeric ? byNumber : byText;
  const sign = policy.type.endsWith('-desc') ? -1 : 1;
  const { tag } = matched.reduce((best, one) => (order(one, best) * sign > 0 ? one : best));
  return { type: 'tag', tag };
}

function highestVersion({ range }: Extract<Policy, { type: 'semver' }>, tags: readonly string[]): Selection {
  let best: Versioned | undefined;
  for (const tag of tags) {
    const version = readVersion(tag);
    if (version === null || !range(version)) continue;
    if (best === undefined || byVersion({ tag, version }, best) > 0) best = { tag, version };
  }
  return best === undefined ? { type: 'none' } : { type: 'tag', tag: best.tag };
}

interface Versioned {
  readonly tag: string;
  readonly version: SemVer;
}

/** Of `1.28` and `1.28.0` the first may move on to `1.28.1`: the one that says more is the higher. */
function byVersion(a: Versioned, b: Versioned): number {
  const parts = ({ tag }: Versioned) => tag.split('.').length;
  return compare(a.version, b.version) || parts(a) - parts(b) || text(a.tag, b.tag);
}

/** The newest of images by the time of their build, milliseconds; of several from one moment the last by name. */
export function newestOf(
  images: readonly { readonly tag: string; readonly built: number }[],
): string | undefined {
  return [...images].sort((a, b) => a.built - b.built || text(a.tag, b.tag)).at(-1)?.tag;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** By code units: locales sort alike nowhere. */
function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byText(a: MatchedTag, b: MatchedTag): number {
  return text(a.value, b.value) || text(a.tag, b.tag);
}

function byNumber(a: MatchedTag, b: MatchedTag): number {
  return compareNumbers(a.value, b.value) || text(a.tag, b.tag);
}

/** Digit by digit: `20260101120000001` has more of them than a double keeps. */
function compareNumbers(a: string, b: string): number {
  const [one, other] = [digits(a), digits(b)];
  if (one.negative !== other.negative) return one.negative ? -1 : 1;
  const length = one.whole.length - other.whole.length;
  const size = length || text(one.whole, other.whole) || text(one.rest, other.rest);
  return one.negative ? -size : size;
}

function digits(number: string): { negative: boolean; whole: string; rest: string } {
  const [whole = '', rest = ''] = number.replace(/^[+-]/, '').split('.');
  const parts = { whole: whole.replace(/^0+/, ''), rest: rest.replace(/0+$/, '') };
  return { ...parts, negative: number.startsWith('-') && parts.whole + parts.rest !== '' };
}
