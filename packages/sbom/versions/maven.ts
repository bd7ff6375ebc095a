import { compareDigits, compareEntries, compareText, orderBy } from './order.ts';

/* What comes before and after the release; a word that is none of them comes after all, by its letters. */
const words: ReadonlyMap<string, number> = new Map([
  ['alpha', 0],
  ['beta', 1],
  ['milestone', 2],
  ['rc', 3],
  ['cr', 3],
  ['snapshot', 4],
  ['', 5],
  ['final', 5],
  ['ga', 5],
  ['release', 5],
  ['sp', 6],
]);
const otherWord = 7;
const afterHyphen = 8;
const afterDot = 9;

/* Only right before a number. */
const letters: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);

interface Token {
  readonly rank: number;
  /** What decides between tokens of the same rank: a number, or the letters of another word. */
  readonly text: string;
}

const end: Token = { rank: 5, text: '' };

/* Not what a build has left unresolved (`${revision}`), a range, or a word like LATEST. */
const version = /^(?=[^0-9]*[0-9])[^\s\p{C}${}[\](),]+$/u;
const digit = /^[0-9]/;
/* A separator and what it stands before, which may be nothing; between a digit and a letter none is written. */
const parts = /([.-]?)([0-9]+|[^0-9.-]*)/g;

function parse(text: string): Token[] | undefined {
  if (!version.test(text)) return undefined;
  const lower = text.toLowerCase();
  const whole = /^[.-]/.test(lower) ? `0${lower}` : lower;
  const tokens: Token[] = [];
  for (const match of whole.matchAll(parts)) {
    const [all, separator = '', part = ''] = match;
    if (all === '') continue;
    const dot = separator === '.' || match.index === 0;
    const next = whole.charAt(match.index + all.length);
    const token =
      part === '' || digit.test(part) ? numberToken(part, dot) : wordToken(part, digit.test(next));
    if (token.rank !== afterDot) trim(tokens);
    tokens.push(token);
  }
  trim(tokens);
  return tokens;
}

/** `1.foo` = `1-foo`: before a word a dot is a hyphen. */
function wordToken(word: string, beforeDigit: boolean): Token {
  const long = beforeDigit ? (letters.get(word) ?? word) : word;
  const rank = words.get(long) ?? otherWord;
  return { rank, text: rank === otherWord ? long : '' };
}

function numberToken(digits: string, dot: boolean): Token {
  return { rank: dot ? afterDot : afterHyphen, text: digits };
}

/** At the end and before each hyphen, nothing follows from zeros and from what means the release. */
function trim(tokens: Token[]): void {
  for (let last = tokens.at(-1); last && tokens.length > 1 && isNull(last); last = tokens.at(-1)) {
    tokens.pop();
  }
}

function isNull(token: Token): boolean {
  return token.rank === end.rank || (token.rank >= afterHyphen && compareDigits(token.text, '') === 0);
}

function compareTokens(a: Token, b: Token): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.rank >= afterHyphen ? compareDigits(a.text, b.text) : compareText(a.text, b.text);
}

/**
 * https://maven.apache.org/pom.html#version-order-specification, with `release` for the release as
 * ComparableVersion has it. That class and the specification differ where zeros stand before a hyphen and a
 * number (`1.0-1`, `1-0-2`), and neither is transitive for all texts; here a dot before a word is a hyphen
 * first, zeros go then, and that is.
 */
export const maven = orderBy(parse, (a, b) => compareEntries(a, b, end, compareTokens));
