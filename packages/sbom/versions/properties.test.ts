import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Order, orderOf } from './orders.ts';

const number = fc.constantFrom('0', '1', '2', '10', '01', '9007199254740993');

/** Texts glued of pieces that mean something in the order: most are versions, all must sort. */
function glued(...pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(number, fc.constantFrom('.', '.', '-', ...pieces));
  return fc
    .tuple(fc.constantFrom('1', '1', '1', '01', '2'), fc.array(piece, { maxLength: 4 }))
    .map(([start, rest]) => start + rest.join(''));
}

const orders: readonly (readonly [ecosystem: string, texts: fc.Arbitrary<string>])[] = [
  ['npm', glued('alpha', 'beta', 'rc', '+', 'A')],
  ['Go', glued('0.20200101000000-abcdef012345', '+incompatible', 'rc', 'beta')],
  ['PyPI', glued('a', 'b', 'rc', 'post', 'dev', '+', '!', '_', 'x')],
  ['Maven', glued('alpha', 'a', 'b', 'rc', 'snapshot', 'ga', 'final', 'sp', 'foo', '_')],
  ['Debian:12', glued('~', '+', ':', 'a', 'Z', 'deb')],
  ['Alpine:v3.19', glued('_alpha', '_rc', '_p', '_git', 'a', 'b', '~ab', '-r0', '-r1')],
  ['Red Hat:9', glued('~', '^', ':', 'a', 'el', '_', '+')],
  ['RubyGems', glued('a', 'rc', 'pre', 'B')],
  ['Packagist', glued('alpha', 'beta', 'RC', 'p', 'dev', 'stable', '+b')],
  ['NuGet', glued('alpha', 'BETA', 'beta', '+')],
  ['Pub', glued('a', 'rc', '+')],
  ['Bitnami', glued('rc', '-')],
  ['CRAN', glued('.')],
  ['Hackage', glued('.')],
];

function known(ecosystem: string): Order {
  const order = orderOf(ecosystem);
  if (!order) throw new Error(`no order for ${ecosystem}`);
  return order;
}

/* Half a surrogate pair, digits and letters of other scripts, one that grows in lower case, controls, and what patterns look for. */
const hostile = fc
  .array(
    fc.constantFrom(
      '\ud800',
      '😀',
      '１',
      '٣',
      'é',
      'İ',
      'K',
      '\u0000',
      '\n',
      ' ',
      'v',
      '1',
      'a',
      '.',
      '-',
      ':',
    ),
    {
      maxLength: 12,
    },
  )
  .map((characters) => characters.join(''));

const parameters = { numRuns: 500, seed: 20_260_821 };

describe.each(orders)('%s', (ecosystem, texts) => {
  const order = known(ecosystem);
  const sign = (a: string, b: string) => Math.sign(order.compare(a, b));
  const mirrored = (a: string, b: string) => sign(a, b) + sign(b, a) === 0 && sign(a, a) === 0;

  test('is total and antisymmetric: what is asked the other way round is answered the other way round', () => {
    fc.assert(fc.property(texts, texts, mirrored), parameters);
  });

  test('is transitive, and what is equal stands in for the other', () => {
    fc.assert(
      fc.property(texts, texts, texts, (...three) => {
        const [a = '', b = '', c = ''] = three.sort((x, y) => order.compare(x, y));
        return sign(a, b) <= 0 && sign(b, c) <= 0 && sign(a, c) === Math.min(sign(a, b), sign(b, c));
      }),
      parameters,
    );
  });

  test('is asked about versions here, not only about what is none', () => {
    const found = fc.sample(texts, parameters).filter((text) => order.isVersion(text));
    expect(found.length).toBeGreaterThan(50);
  });

  test('puts no version on the other side of one that an advisory states', () => {
    fc.assert(
      fc.property(texts, texts, (version, stated) => {
        fc.pre(order.isVersion(version));
        return [0, sign(version, stated)].includes(Math.sign(order.against(version, stated)));
      }),
      parameters,
    );
  });

  test('takes whatever text', () => {
    fc.assert(fc.property(hostile, hostile, mirrored), parameters);
  });
});
