import { describe, expect, test } from 'vitest';
import {
  canonicalReference,
  canonicalRepository,
  formatReference,
  parseReference,
  readReference,
  sameImage,
  sameRepository,
} from './reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

describe('a reference is read as registries do', () => {
  test.each([
    ['nginx', { repository: 'nginx' }],
    ['nginx:1.27', { repository: 'nginx', tag: '1.27' }],
    ['acme/app:v1', { repository: 'acme/app', tag: 'v1' }],
    ['registry:5000/app', { registry: 'registry:5000', repository: 'app' }],
    ['registry:5000/team/app:1', { registry: 'registry:5000', repository: 'team/app', tag: '1' }],
    ['localhost/app:1', { registry: 'localhost', repository: 'app', tag: '1' }],
    [
      `ghcr.io/acme/app:1@${DIGEST}`,
      { registry: 'ghcr.io', repository: 'acme/app', tag: '1', digest: DIGEST },
    ],
    [`app@${DIGEST}`, { repository: 'app', digest: DIGEST }],
    ['[::1]:5000/app:1', { registry: '[::1]:5000', repository: 'app', tag: '1' }],
  ])('%s', (text, expected) => {
    expect(readReference(text)).toEqual(expected);
    expect(formatReference(parseReference(text))).toBe(text);
  });

  test.each([
    '',
    ' ',
    'a b:1',
    'app:',
    'app:-x',
    `app:${'x'.repeat(129)}`,
    'app@sha256:abc',
    'app@latest',
    '/app:1',
    'a//b:1',
    '{{ .Values.image }}',
    '$(IMAGE)',
    'https://ghcr.io/app:1',
    'app:1@sha256:x@sha256:y',
  ])('%j is none', (text) => {
    expect(readReference(text)).toBeUndefined();
    expect(() => parseReference(text)).toThrow(/is not an image reference/);
  });
});

test.each([
  ['nginx', 'docker.io/library/nginx'],
  ['docker.io/nginx', 'docker.io/library/nginx'],
  ['index.docker.io/library/nginx', 'docker.io/library/nginx'],
  ['registry-1.docker.io/library/nginx', 'docker.io/library/nginx'],
  ['acme/app', 'docker.io/acme/app'],
  ['GHCR.io/acme/app', 'ghcr.io/acme/app'],
  ['ghcr.io/app', 'ghcr.io/app'],
])('%s is the repository %s', (text, expected) => {
  expect(canonicalRepository(parseReference(text))).toBe(expected);
});

test('a default registry stands in where a reference names none', () => {
  const [bare, full] = [parseReference('app:1'), parseReference('reg.example/app:1')];
  expect(sameRepository(bare, full, 'reg.example')).toBe(true);
  expect(sameRepository(bare, full)).toBe(false);
  expect(canonicalReference(bare, 'reg.example')).toBe('reg.example/app:1');
});

describe('an image found is the image wanted', () => {
  test.each([
    ['nginx:1.27', 'docker.io/library/nginx:1.27', true],
    ['nginx:1.27', 'nginx:1.27.1', false],
    ['nginx:1.10', 'nginx:1.1', false],
    ['nginx:latest', 'nginx', true],
    ['nginx:1.27', `nginx:1.27@${DIGEST}`, true],
    [`nginx:1.27@${DIGEST}`, `nginx:1.27@${DIGEST}`, true],
    [`nginx:1.27@${DIGEST}`, `nginx@${DIGEST}`, true],
    [`nginx:1.27@${DIGEST}`, `nginx:1.27@${OTHER}`, false],
    [`nginx:1.27@${DIGEST}`, 'nginx:1.27', false],
    ['nginx:1.27', `nginx@${DIGEST}`, false],
    ['reg/app:1', 'reg/app-worker:1', false],
    ['app:1', 'not an image', false],
  ])('%s by %s: %s', (wanted, found, same) => {
    expect(sameImage(wanted, found)).toBe(same);
  });
});
