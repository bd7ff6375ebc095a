import { compareDigits, compareEntries, compareText, orderBy } from './order.ts';

const pattern =
  /^([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)(?:~([0-9a-f]+))?(?:-r([0-9]+))?$/;

/* Before the end, and after it. */
const earlier = ['alpha', 'beta', 'pre', 'rc'];
const later = ['cvs', 'svn', 'git', 'hg', 'p'];

/*
 * Where two versions first have parts of different kinds, the kind decides: what goes on with a suffix of a
 * pre-release is the older, else what goes on longest in the order of the parts (letter, suffix, its number,
 * hash, revision) is the newer.
 */
type Kind = keyof typeof ranks;
const ranks = {
  earlier: 0,
  end: 1,
  revision: 2,
  hash: 3,
  suffixNumber: 4,
  later: 5,
  letter: 6,
  number: 7,
  first: 8,
} as const;

interface Part {
  readonly kind: Kind;
  readonly text: string;
}

const end: Part = { kind: 'end', text: '' };

function parse(text: string): Part[] | undefined {
  const [whole, numbers = '', letter = '', suffixes = '', hash, revision] = pattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const parts: Part[] = numbers
    .split('.')
    .map((number, index) => ({ kind: index === 0 ? 'first' : 'number', text: number }));
  if (letter !== '') parts.push({ kind: 'letter', text: letter });
  for (const [, word = '', number = ''] of suffixes.matchAll(/_([a-z]+)([0-9]*)/g)) {
    parts.push({ kind: earlier.includes(word) ? 'earlier' : 'later', text: word });
    if (number !== '') parts.push({ kind: 'suffixNumber', text: number });
  }
  if (hash !== undefined) parts.push({ kind: 'hash', text: hash });
  if (revision !== undefined) parts.push({ kind: 'revision', text: revision });
  return parts;
}

function compareParts(a: Part, b: Part): number {
  if (a.kind !== b.kind) return ranks[a.kind] - ranks[b.kind];
  switch (a.kind) {
    case 'first':
    case 'suffixNumber':
    case 'revision':
      return compareDigits(a.text, b.text);
    case 'number':
      // As in fractions: 1.01 comes before 1.1.
      return a.text.startsWith('0') || b.text.startsWith('0')
        ? compareText(a.text, b.text)
        : compareDigits(a.text, b.text);
    case 'earlier':
      return earlier.indexOf(a.text) - earlier.indexOf(b.text);
    case 'later':
      return later.indexOf(a.text) - later.indexOf(b.text);
    default:
      return compareText(a.text, b.text);
  }
}

/** The versions of apk (apk-package(5)): `number{.number}{letter}{_suffix{number}}{~hash}{-r#}`. */
export const alpine = orderBy(parse, (a, b) => compareEntries(a, b, end, compareParts));
