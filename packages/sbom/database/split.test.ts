import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitRecords } from './split.ts';

/** The records of a text that comes in pieces. */
function split(text: string | Buffer, at: readonly number[] = [], limit = 10_000): unknown[] {
  const splitter = splitRecords(limit, () => new Error('too long'));
  const bytes = Buffer.from(text);
  const cuts = [0, ...at.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const records: unknown[] = [];
  for (const [index, cut] of cuts.entries()) {
    // Each piece in memory that is used again for the next.
    const piece = Buffer.from(bytes.subarray(cut, cuts[index + 1]));
    for (const record of splitter.push(piece)) records.push(JSON.parse(record.toString()));
    piece.fill(0x22);
  }
  splitter.end();
  return records;
}

test.each([
  ['one record', '{"id":"A"}', [{ id: 'A' }]],
  ['one after another', '{"id":"A"}\n{"id":"B"}\r\n', [{ id: 'A' }, { id: 'B' }]],
  ['a list', ' [ {"id":"A"} ,\t{"id":"B"}\n]\n', [{ id: 'A' }, { id: 'B' }]],
  ['an empty list', '[]', []],
  ['nothing', ' \n', []],
  ['braces and quotes in texts', '[{"a":"}]{[\\"","b":"\\\\"},{}]', [{ a: '}]{["', b: '\\' }, {}]],
])('takes the records out of %s', (_, text, records) => {
  expect(split(text)).toEqual(records);
});

describe('is no file of records', () => {
  test.each([
    ['a number', '7', '"7" stands where a record or a list of records begins'],
    ['a text', '"x"', 'stands where a record or a list of records begins'],
    ['a page', '<html>', '"<" stands where a record or a list of records begins'],
    ['a list of texts', '["a"]', 'stands where the first record begins'],
    ['a list in a list', '[[{}]]', '"[" stands where the first record begins'],
    ['a list without a comma', '[{} {}]', '"{" stands where a comma or the end of the list is due'],
    ['a list that ends in a comma', '[{},]', '"]" stands where the next record begins'],
    ['two lists', '[{}][{}]', '"[" stands where nothing may follow'],
    ['a record after a list', '[{}]{}', '"{" stands where nothing may follow'],
    ['records with commas and no list', '{},{}', '"," stands where the next record begins'],
    ['a list without end', '[{}', 'ends in the middle'],
    ['a list that has only begun', '[', 'ends in the middle'],
    ['a record without end', '{"a":"}', 'ends in the middle'],
  ])('%s', (_, text, message) => {
    expect(() => split(text)).toThrow(message);
  });
});

test('a record above the limit is an error, a file above it is not', () => {
  const long = JSON.stringify({ a: 'x'.repeat(100) });
  expect(split(`[${long},${long}]`, [50, 150], 109)).toHaveLength(2);
  expect(() => split(long, [50], 107)).toThrow('too long');
  expect(() => split(long.slice(0, 105), [50], 100)).toThrow('too long');
});

test('the pieces in which it comes do not matter', () => {
  // Many backslashes and quotation marks: a piece may end between the two.
  const word = fc.string({ unit: fc.constantFrom('\\', '"', '{', '}', '[', ']', ',', 'a', 'ü') });
  const records = fc.array(fc.dictionary(word, fc.oneof(word, fc.array(word))), { minLength: 1 });
  fc.assert(
    fc.property(records, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (all, cuts, isList) => {
      const text = isList ? JSON.stringify(all) : all.map((one) => JSON.stringify(one)).join('\n');
      expect(split(text, cuts, 1e6)).toEqual(JSON.parse(JSON.stringify(all)));
    }),
  );
});
