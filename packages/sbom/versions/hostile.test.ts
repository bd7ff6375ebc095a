import { describe, expect, test } from 'vitest';
import { compareDigits } from './order.ts';
import { type Order, orderOf } from './orders.ts';

const ecosystems = [
  'npm',
  'Go',
  'PyPI',
  'Maven',
  'Debian:12',
  'Alpine:v3.19',
  'Red Hat:9',
  'RubyGems',
  'Packagist',
  'NuGet',
  'Pub',
  'CRAN',
  'Hackage',
];

const pieces = [
  '9',
  '0',
  '1.',
  '1-',
  '.',
  '-',
  'a',
  '1a',
  '-a.',
  '_p',
  '_p1',
  '~',
  '^',
  '+',
  '1:',
  '00.',
  ' ',
  '\u0000',
];

function known(ecosystem: string): Order {
  const order = orderOf(ecosystem);
  if (!order) throw new Error(`no order for ${ecosystem}`);
  return order;
}

/* Behind a word other parts of a pattern repeat. */
const starts = [
  '1',
  '1.0',
  '1.0-a',
  '1.0beta',
  '1.0_alpha',
  '1:1-1',
  '1.0+',
  '1.0-1~',
  '1!1.post',
  '20200101-',
];

/** Two texts of `length` characters that differ at their end only: what costs most. */
function pair(start: string, piece: string, length: number, end: string): readonly [string, string] {
  const body = `${start}${piece.repeat(Math.ceil(length / piece.length))}`.slice(0, length);
  return [`${body}1${end}`, `${body}2${end}`];
}

// Tenths of a second each; a pattern that tries all ways to split one text would take years, and meets the limit of a test.
describe('versions made to cost time', { timeout: 60_000 }, () => {
  test.each(ecosystems)('%s: a text of 1 MB is no version, and sorts as text', (ecosystem) => {
    const order = known(ecosystem);
    for (const piece of pieces) {
      const [a, b] = pair('1', piece, 1_000_000, '!');
      expect(order.isVersion(a)).toBe(false);
      expect(Math.sign(order.compare(a, b))).toBe(-1);
      expect(Math.sign(order.compare(a, '1.0'))).toBe(-1);
    }
  });

  test.each(ecosystems)('%s: what is as long as is read comes to an end', (ecosystem) => {
    const order = known(ecosystem);
    for (const piece of pieces) {
      for (const first of starts) {
        for (const end of ['', '!']) {
          const [a, b] = pair(first, piece, 1000, end);
          expect(Math.sign(order.compare(a, b)) + Math.sign(order.compare(b, a))).toBe(0);
        }
      }
    }
  });

  test.each(ecosystems)('%s: a number of 900 digits is a number', (ecosystem) => {
    const order = known(ecosystem);
    const nines = '9'.repeat(900);
    const next = `1${'0'.repeat(900)}`;
    const version = (digits: string) =>
      ecosystem === 'Hackage' || ecosystem === 'CRAN' ? `1.${digits}` : `1.${digits}.0`;
    expect(order.isVersion(version(nines))).toBe(true);
    expect(order.compare(version(nines), version(next))).toBeLessThan(0);
    expect(order.compare(version(next), version(`${next.slice(0, -1)}1`))).toBeLessThan(0);
  });

  test('100,000 digits compare by value, with zeros before them', () => {
    const digits = '8'.repeat(100_000);
    for (let times = 0; times < 20; times++) {
      expect(compareDigits(`${'0'.repeat(100_000)}${digits}`, digits)).toBe(0);
      expect(compareDigits(`${digits}7`, `${digits}8`)).toBeLessThan(0);
      expect(compareDigits('9'.repeat(99_999), digits)).toBeLessThan(0);
    }
  });
});
