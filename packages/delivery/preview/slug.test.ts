import { expect, it } from 'vitest';
import { slugOf } from './slug.ts';

const label = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

it.each([
  ['feature/X', 'pr-7-feature-x'],
  ['a/../b', 'pr-7-a-b'],
  ['$(x)', 'pr-7-x'],
  ['`rm -rf`; ', 'pr-7-rm-rf'],
  ['line\nbreak', 'pr-7-line-break'],
  ['🚀', 'pr-7'],
  ['🚀ship', 'pr-7-ship'],
  ['Ünïcödé', 'pr-7-unicode'],
  ['---', 'pr-7'],
  ['', 'pr-7'],
  ['x'.repeat(250), `pr-7-${'x'.repeat(35)}`],
  [`${'x'.repeat(34)}/y`, `pr-7-${'x'.repeat(34)}`],
])('%j is %s: a label of Kubernetes, whatever a branch is called', (branch, slug) => {
  expect(slugOf(7, branch)).toBe(slug);
  expect(slug).toMatch(label);
  expect(slug.length).toBeLessThanOrEqual(63);
});

it('two branches that come to the same letters differ by their numbers', () => {
  expect(slugOf(7, 'a/b')).not.toBe(slugOf(8, 'a-b'));
});
