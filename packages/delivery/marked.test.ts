import { expect, test } from 'vitest';
import { marked } from './marked.ts';

test.each([
  ['Give `a_b: {{ x }}`, or *y*.', 'Give `a_b: {{ x }}`, or \\*y\\*.'],
  ['one `open <b>', 'one `open <b>`'],
  ['a|b `c|d`', 'a\\|b `c\\|d`'],
  ['@all `@all`', '@&#8203;all `@all`'],
  ['x\u202ey', 'x\\\\u202ey'],
])('%j', (sentence, markdown) => {
  expect(marked(sentence)).toBe(markdown);
});
