import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parseAssignment } from '../entries.ts';
import { planEdits } from '../find/plan-edits.ts';
import { isPlainSafe, scalarText } from './write.ts';

describe('a text that some YAML reader takes for something else is quoted', () => {
  test.each([
    '',
    ' ',
    'a ',
    '1.10',
    '1e3',
    '1234e5',
    '0755',
    '08',
    '0o17',
    '0x1F',
    '0b11',
    '.5',
    '+1',
    '-1',
    '1_000',
    '1__0',
    '_1',
    '12:30',
    '12:30:45',
    'yes',
    'No',
    'ON',
    'off',
    'y',
    'N',
    'true',
    'FALSE',
    'null',
    'Null',
    '~',
    '.inf',
    '-.INF',
    '.NaN',
    '2024-01-02',
    '2024-1-2',
    '2024-01-02T03:04:05Z',
    '2024-01-02 03:04:05',
    '=',
    '<<',
    '-',
    '- a',
    '-latest',
    '?x',
    ':x',
    'a: b',
    'a:',
    'a #b',
    '#a',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a`',
    '"a"',
    "'a'",
    '[a]',
    '{a}',
    ',a',
    '---',
    '...',
    'a\nb',
    'a\tb\u0000',
    '\ufeffa',
    '\u2028',
  ])('%j', (text) => {
    expect(isPlainSafe(text)).toBe(false);
    expect(load(`a: ${scalarText(text, 'plain', false)}`)).toEqual({ a: text });
  });
});

test.each([
  'v1',
  '1.2.3',
  '1.27-alpine',
  'sha256-abc',
  'a:b',
  'a#b',
  'latest',
  '3f9a1c2',
  '2024-01-02-x',
  'nginx:1.27',
  'x_1',
  'a,b',
])('%s needs no quotes', (text) => {
  expect(isPlainSafe(text)).toBe(true);
});

test('commas and brackets need quotes in flow style only', () => {
  expect([isPlainSafe('a,b', true), isPlainSafe('a[0]', true), isPlainSafe('a,b')]).toEqual([
    false,
    false,
    true,
  ]);
});

test('any text is read back by YAML 1.2 and 1.1 readers, in every style, in block and flow', () => {
  // Lone surrogates cannot be stored in UTF-8 at all.
  const anyText = fc
    .oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
    .filter((text) => text.isWellFormed());
  const style = fc.constantFrom('plain' as const, 'single' as const, 'double' as const);
  fc.assert(
    fc.property(anyText, style, fc.boolean(), (text, quotes, flow) => {
      const raw = scalarText(text, quotes, flow);
      const file = flow ? `{a: ${raw}, b: 1}\n` : `a: ${raw} # c\nb: 1\n`;
      expect(load(file)).toEqual({ a: text, b: 1 });
      expect(load(file, { schema: YAML11_SCHEMA })).toEqual({ a: text, b: 1 });
    }),
    { numRuns: runs(500) },
  );
});

describe('the style of what stands there is kept', () => {
  test.each([
    ['a: old # c\n', 'new', 'a: new # c\n'],
    ['a: old # c\n', '1.10', 'a: "1.10" # c\n'],
    ["a: 'old'\n", "it's", "a: 'it''s'\n"],
    ["a: 'old'\n", 'two\\nlines'.replace('\\n', '\n'), 'a: "two\\nlines"\n'],
    ['a: "old"\n', 'say "x"', 'a: "say \\"x\\""\n'],
    ['a: "2"\n', '3', 'a: "3"\n'],
    ['a: 2 # c\n', '3', 'a: 3 # c\n'],
    ['a: 2.0\n', '3.0', 'a: 3.0\n'],
    ['a: 2\n', 'true', 'a: "true"\n'],
    ['a: 2\n', '0755', 'a: "0755"\n'],
    ['a: true\n', 'false', 'a: false\n'],
    ['a: true\n', 'no', 'a: "no"\n'],
    ['a:\nb: 1\n', 'x', 'a: x\nb: 1\n'],
    ['a: # c\n', 'x', 'a: x # c\n'],
    ['a: &q # c\n', '1', 'a: &q "1" # c\n'],
    ['a: !!str 1\n', '2', 'a: !!str "2"\n'],
    ['a: |-\n  old\nb: 1\n', 'one\ntwo', 'a: |-\n  one\n  two\nb: 1\n'],
    ['a: |-\r\n    old\r\nb: 1\r\n', 'one\ntwo', 'a: |-\r\n    one\r\n    two\r\nb: 1\r\n'],
    ['a: >-\n  old\nb: 1\n', 'new', 'a: >-\n  new\nb: 1\n'],
    ['a: one\n  two\nb: 1\n', 'x', 'a: x\nb: 1\n'],
  ])('%j = %j', (before, text, after) => {
    const { files } = planEdits({
      files: new Map([['f.yaml', before]]),
      assignments: [parseAssignment(`f.yaml a=${text}`)],
    });
    expect(files[0]?.after).toBe(after);
  });

  test.each([
    ['a: old\n', '3', 'a: 3\n'],
    ['a: "5"\n', '42', 'a: 42\n'],
    ['a: 5\n', '"42"', 'a: "42"\n'],
    ['a: 5\n', 'null', 'a: null\n'],
    ['a: {b: 1}\nc: x\n'.replace('a: {b: 1}\nc', 'a'), 'true', 'a: true\n'],
  ])('%j := %s', (before, json, after) => {
    const { files } = planEdits({
      files: new Map([['f.yaml', before]]),
      assignments: [parseAssignment(`f.yaml a:=${json}`)],
    });
    expect(files[0]?.after).toBe(after);
  });
});

test.each([
  ['a: |\n  old\n', 'new', /block scalar/],
  ['a: >-\n  old\n', 'one\ntwo', /block scalar/],
  ['a: !vault old\n', 'new', /tag !vault/],
])('what cannot be written there is refused: %j = %j', (before, text, message) => {
  const { problems } = planEdits({
    files: new Map([['f.yaml', before]]),
    assignments: [parseAssignment(`f.yaml a=${text}`)],
  });
  expect(problems).toMatchObject([
    { kind: 'refused', code: 'not-writable', place: 'a', message: expect.stringMatching(message) },
  ]);
});
