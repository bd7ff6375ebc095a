import { expect, test } from 'vitest';
import { isManifestPath } from './files.ts';

test.each([
  ['a.yaml', '.', true],
  ['a/b.yml', '.', true],
  ['a/b.json', '.', true],
  ['a/Kustomization', '.', true],
  ['a/README.md', '.', false],
  ['.github/workflows/ci.yml', '.', false],
  ['apps/.argocd-source-web.yaml', '.', false],
  ['.gitops/a.yaml', '.gitops', true],
  ['.gitops/.cache/a.yaml', '.gitops', false],
  ['.gitops/a.yaml', '.gitops/a.yaml', true],
])('%s in %s: %s', (path, folder, holds) => {
  expect(isManifestPath(path, folder)).toBe(holds);
});
