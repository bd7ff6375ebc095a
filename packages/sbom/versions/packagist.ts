import { compareDigits, compareEntries, isDigits, orderBy } from './order.ts';

/* The forms that Composer normalizes: four numbers or a date, a stability with numbers, `-dev`, and build metadata. */
const stability =
  '(?:[._-]?(?:(?<word>stable|beta|b|rc|alpha|a|patch|pl|p)(?<number>(?:[.-]?[0-9]+(?:[.-][0-9]+)*)?))?(?<dev>[.-]?dev)?)';
const end = `${stability}(?:\\+\\S*)?$`;
const classical = new RegExp(`^v?(?<numbers>[0-9]{1,5}(?:\\.[0-9]+){0,3})${end}`, 'i');
const date = new RegExp(`^v?(?<numbers>[0-9]{4}(?:[.:-]?[0-9]{2}){1,6}(?:[.:-]?[0-9]{1,3}){0,2})${end}`, 'i');

/* As version_compare of PHP: a number comes after the end, and only a patch after that. */
const ranks: Readonly<Record<string, number>> = {
  dev: 0,
  alpha: 1,
  a: 1,
  beta: 2,
  b: 2,
  rc: 3,
  '': 4,
  patch: 6,
  pl: 6,
  p: 6,
};
const number = 5;

function parse(text: string): readonly string[] | undefined {
  const byNumbers = classical.exec(text)?.groups;
  const groups = byNumbers ?? date.exec(text)?.groups;
  if (groups?.numbers === undefined) return undefined;
  const parts = groups.numbers.split(/[.:-]/);
  while (byNumbers && parts.length < 4) parts.push('0');
  const word = groups.word?.toLowerCase();
  if (word !== undefined && word !== 'stable') {
    parts.push(word);
    parts.push(...(groups.number?.match(/[0-9]+/g) ?? []));
  }
  if (groups.dev !== undefined) parts.push('dev');
  return parts;
}

function rank(part: string): number {
  return isDigits(part) ? number : (ranks[part] ?? 0);
}

function compareParts(a: string, b: string): number {
  const left = rank(a);
  const order = left - rank(b);
  if (order !== 0) return order;
  return left === number ? compareDigits(a, b) : 0;
}

/**
 * Composer's versions (https://getcomposer.org/doc/04-schema.md#version), in the order of PHP's version_compare of
 * what Composer makes of them. A branch (`dev-main`, `1.x-dev`) says no version, and is none here.
 */
export const packagist = orderBy(parse, (a, b) => compareEntries(a, b, '', compareParts), { isFree: true });
