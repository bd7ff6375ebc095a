import { expect, test } from 'vitest';
import { whyUnmatched } from './words.ts';

test.each(
  Object.entries(whyUnmatched),
)('%s can follow "1 component with" and "2 components with"', (_, why) => {
  expect(why).toMatch(/^(?:an?|no) [^:]+$/);
});
