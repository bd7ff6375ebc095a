import { expect, test } from 'vitest';
import type { Package, Unmatched } from '../types.ts';
import { heldBack } from './held-back.ts';

const unmatched = (why: Unmatched['why'], component = `a ${why}`): Unmatched => ({
  ...{ component, why, file: 'sbom.json' },
});
const unanswered: Package = {
  ...{ purl: 'pkg:conan/zlib@1.2.11', ecosystem: 'ConanCenter', name: 'zlib', version: '1.2.11' },
  ...{ paths: [], files: [] },
};

test('what the source could not tell of may have an alert of another one', () =>
  expect(heldBack([], [unanswered])).toBe(
    'it would close the alerts of 1 component that could not be looked up: pkg:conan/zlib@1.2.11',
  ));

test('the first are named, on one line each', () => {
  const many = ['a\nb', 'c', 'd', 'e', 'f'].map((name) => unmatched('no-order', name));
  expect(heldBack(many, [unanswered])).toMatch(/ of 6 components .*: a b, c, d and 3 more$/);
});

test.each<Unmatched['why']>(['no-purl', 'unknown-ecosystem'])('%s has none', (why) =>
  expect(heldBack([unmatched(why)], [])).toBeUndefined());

test.each([
  'pkg:golang/acme.example/shop@(devel)',
  'pkg:golang/acme.example/shop@%28devel%29#cmd',
])('%s is what was built itself: it never had one', (purl) => {
  expect(heldBack([unmatched('no-version', purl)], [])).toBeUndefined();
  expect(heldBack([unmatched('no-version', 'pkg:golang/acme.example/shop')], [])).toBeDefined();
});
