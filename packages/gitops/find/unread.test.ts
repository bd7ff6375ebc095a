import { expect, test } from 'vitest';
import { plan } from './plan-edits.testing.ts';

const aliases = (indent: string): string =>
  [
    'a0: &a0 [1,1,1,1,1,1,1,1,1]',
    ...[0, 1, 2, 3, 4, 5].map((n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`),
  ]
    .map((line) => `${indent}${line}\n`)
    .join('');
const patch = (text: string): string =>
  `patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n    spec: {template: {spec: {containers: [{name: c, image: "nginx:1"}]}}}\n${text}`;
const application = (text: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n  source:\n    helm:\n      values: |\n        image: {repository: nginx, tag: "1"}\n${text}`;

test.each([
  [
    'a patch',
    'kustomization.yaml',
    patch(aliases('    ')),
    'too-large',
    /^a patch in it is left alone: its aliases/,
  ],
  [
    'a patch',
    'kustomization.yaml',
    patch('    x: [\n'),
    'not-yaml',
    /^a patch in it is left alone: it is not YAML/,
  ],
  [
    'helm.values',
    'app.yaml',
    application(aliases('        ')),
    'too-large',
    /^Application\/shop spec.source.helm.values is left alone: its aliases/,
  ],
  [
    'helm.values',
    'app.yaml',
    application('        x: [\n'),
    'not-yaml',
    /^Application\/shop spec.source.helm.values is left alone: it is not YAML/,
  ],
])('%s in %s that names the image and cannot be read is told (%#)', (_, path, text, reason, says) => {
  const { skipped, images } = plan({ [path]: text }, ['nginx:2']);
  expect(images[0]?.status).toBe('not-found');
  expect(skipped).toEqual([{ path, reason, message: expect.stringMatching(says) }]);
  expect(plan({ [path]: text }, ['redis:2']).skipped).toEqual([]);
});
