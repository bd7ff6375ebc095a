import { expect, it } from 'vitest';
import { fitsGlob } from './argo-glob.ts';

it.each([
  ['*.yaml', 'a.yaml', true],
  ['*.yaml', 'a/b.yaml', true],
  ['*/application.yaml', 'pr-1/application.yaml', true],
  ['*/application.yaml', 'application.yaml', false],
  ['**/application.yaml', 'a/b/application.yaml', true],
  ['{a,b}.yaml', 'b.yaml', true],
  ['{*.yml,apps/*}', 'apps/x.json', true],
  ['{a,b}.yaml', 'c.yaml', false],
  ['?.yaml', 'ab.yaml', false],
  ['[ab].yaml', 'b.yaml', true],
  ['[!ab].yaml', 'b.yaml', false],
  ['a.yaml', 'axyaml', false],
  ['a+(b).yaml', 'a+(b).yaml', true],
  ['\\*.yaml', '*.yaml', true],
  ['\\*.yaml', 'a.yaml', false],
  ['{a', 'a', false],
  ['[b-a]', 'a', false],
])('%s and %s: %s', (pattern, text, fits) => {
  expect(fitsGlob(pattern, text)).toBe(fits);
});
