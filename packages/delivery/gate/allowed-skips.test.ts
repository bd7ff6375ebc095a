import { expect, test } from 'vitest';
import { parseAllowedSkips, statedText } from './allowed-skips.ts';

const allowed = (raw: string) =>
  [...parseAllowedSkips(raw)].filter(([, stated]) => stated.allowed).map(([name]) => name);
const named = (raw: string) => [...parseAllowedSkips(raw).keys()];

test.each([
  ['names with commas', 'a, b'],
  ['names on lines', 'a\r\n\n# comment, too\nb'],
  ['a JSON array', '["a", "b", ""]'],
  ['causes', 'a: true\nb:True'],
  ['a name and a cause', 'a\nb: TRUE'],
  ['a JSON object of booleans', '{"a": true, "b": "true"}'],
])('%s allow the skip', (_, raw) => {
  expect(allowed(raw)).toEqual(['a', 'b']);
});

test.each([
  ['false', 'a: false'],
  ['nothing, as the output of a job that did not run', 'a:'],
  ['another word', 'a: yes'],
  ['several', 'a: true, b: true'],
  ['an expression that GitHub did not evaluate', 'a: '.concat('$', '{{ true }}')],
  ['JSON false', '{"a": false}'],
  ['JSON null', '{"a": null}'],
  ['a list', '{"a": [true]}'],
  ['true once and false once', 'a: true\na: false'],
  ['false once and true once', 'a: false\na: true'],
  ['a bare name beside false', 'a: false\na'],
])('a cause allows nothing that says %s', (_, raw) => {
  expect(allowed(raw)).toEqual([]);
  expect(named(raw)).toEqual(['a']);
});

test('JSON that is broken is refused, and so are lists of other things', () => {
  expect(() => parseAllowedSkips('{"a": true')).toThrow('begins as JSON');
  expect(() => parseAllowedSkips('["a", 1]')).toThrow('JSON array of strings');
});

test.each([
  ['a: false', '"false"'],
  ['a:', 'nothing'],
  ['a: true\na: no', '"no"'],
])('%j is shown as %s', (raw, text) => {
  const stated = parseAllowedSkips(raw).get('a');
  expect(stated && statedText(stated)).toBe(text);
});

test.each([
  '{"a": false, "a": true}',
  '{"a": true, "a": false}',
  '{"a": false, "\\u0061": true}',
])('a name twice in JSON is refused, since one would hide the other: %s', (raw) => {
  expect(() => parseAllowedSkips(raw)).toThrow('"a" stands there twice');
});
