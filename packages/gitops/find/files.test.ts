import { expect, test } from 'vitest';
import { isManifestPath } from './files.ts';
import { plan } from './plan-edits.testing.ts';

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

test.each([
  ['docker-compose.yml', false],
  ['app/compose.override.yaml', false],
  ['docker-compose-dev.yaml', false],
  ['decompose.yaml', true],
])('the keys `image` of %s are those of Helm values: %s', (path, found) => {
  const planned = plan({ [path]: 'services: {web: {image: nginx:1}}\n' }, ['nginx:2']);
  expect(planned.files.length > 0).toBe(found);
});
