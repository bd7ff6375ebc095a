import { systemClock } from '@sluice/core/clock';
import { parseInputs } from '@sluice/core/contract';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import { type RegistryOptions, type RegistryStandIn, startRegistry } from '@sluice/testbed/registry/start';
import { afterEach, describe, expect, test } from 'vitest';
import { bumpInputs } from '../inputs.ts';
import { resolveImages } from './resolve-images.ts';

const open: RegistryStandIn[] = [];
afterEach(async () => {
  for (const registry of open.splice(0)) {
    await registry.close();
    registry.expectNoViolations();
  }
});

async function stage(options: RegistryOptions = {}) {
  const registry = await startRegistry(options);
  open.push(registry);
  const lines: string[] = [];
  const warnings: string[] = [];
  const log = {
    ...silentLog,
    info: (line: string) => lines.push(line),
    warning: (line: string) => warnings.push(line),
  };
  const world = { env: {}, fetch: plainFetch, clock: systemClock, log, signal: new AbortController().signal };
  return {
    ...{ registry, lines, warnings },
    async resolve(images: string, more: Record<string, string> = {}) {
      const env = { INPUT_IMAGES: images.replaceAll('REGISTRY', registry.host), ...more };
      const resolved = await resolveImages(parseInputs(bumpInputs, env), world);
      return resolved.images.map((entry) => entry.image.replace(registry.host, 'REGISTRY'));
    },
  };
}

const pinned = { 'INPUT_RESOLVE-DIGESTS': 'true' };
const DIGEST = `sha256:${'a'.repeat(64)}`;

test('a policy becomes the tag that it chooses, a digest the one that the tag leads to', async () => {
  const { registry, resolve, lines } = await stage();
  const digest = registry.push('shop', { tags: ['1.27.3', '1.28.0', '2.0.0'], platforms: ['linux/arm64'] });
  expect(await resolve('REGISTRY/shop semver:^1.27')).toEqual(['REGISTRY/shop:1.28.0']);
  expect(await resolve('REGISTRY/shop:1.27.3', pinned)).toEqual([`REGISTRY/shop:1.27.3@${digest}`]);
  expect(await resolve('web=REGISTRY/shop semver:^1.27', pinned)).toEqual([`REGISTRY/shop:1.28.0@${digest}`]);
  expect(lines).toEqual([
    `${registry.host}/shop semver:^1.27 -> ${registry.host}/shop:1.28.0`,
    `${registry.host}/shop:1.27.3 -> ${registry.host}/shop:1.27.3@${digest}`,
    `web=${registry.host}/shop semver:^1.27 -> ${registry.host}/shop:1.28.0@${digest}`,
  ]);
});

test.each([
  ['a tag', 'REGISTRY/shop:1', {}],
  ['a digest', `REGISTRY/shop@${DIGEST}`, pinned],
  ['a tag with its digest', `REGISTRY/shop:1@${DIGEST}`, pinned],
])('nobody is asked about %s', async (_, images, more) => {
  const { registry, resolve } = await stage();
  expect(await resolve(images, more)).toEqual([images]);
  expect(registry.requests).toEqual([]);
});

describe('newest', () => {
  test('is the image that was built last, by its label or by its configuration', async () => {
    const { registry, resolve } = await stage();
    registry.push('shop', { tags: ['main-a'], created: '2026-03-01T00:00:00Z' });
    registry.push('shop', {
      tags: ['main-b'],
      created: '1970-01-01T00:00:00Z',
      labels: { 'org.opencontainers.image.created': '2026-04-01T00:00:00+02:00' },
    });
    registry.push('shop', { tags: ['pr-1'], created: '2026-05-01T00:00:00Z' });
    expect(await resolve('REGISTRY/shop newest:^main-')).toEqual(['REGISTRY/shop:main-b']);
  });

  test('passes over what does not say when it was built, and says so', async () => {
    const { registry, resolve, warnings } = await stage();
    registry.push('shop', { tags: ['a'], created: '2026-03-01T00:00:00Z' });
    registry.push('shop', { tags: ['b'] });
    registry.push('shop', { tags: ['c'], created: '1970-01-01T00:00:00Z' });
    expect(await resolve('REGISTRY/shop newest:')).toEqual(['REGISTRY/shop:a']);
    expect(warnings).toEqual([
      expect.stringMatching(/: b, c do not say when they were built, and were passed over\.$/),
    ]);
  });

  test('asks about two hundred images at most', async () => {
    const { registry, resolve } = await stage();
    const tags = Array.from({ length: 201 }, (_, index) => `t${index}`);
    registry.push('shop', { tags, created: '2026-03-01T00:00:00Z' });
    await expect(resolve('REGISTRY/shop newest:^t')).rejects.toMatchObject({
      code: 'policy-undecided',
      message: expect.stringMatching(/lets 201 tags through, and of at most 200/),
      hint: expect.stringContaining('narrower'),
    });
    expect(registry.requests).toHaveLength(1);
  });
});

describe('nothing is resolved where', () => {
  test.each([
    [
      'no tag fits',
      'REGISTRY/shop semver:^9',
      {},
      'no-tag-for-policy',
      /No tag of .*\/shop fits semver:\^9: none of 2\./,
    ],
    ['a tag is no number', 'REGISTRY/shop numeric:', {}, 'policy-undecided', /"1.0.0" is no number/],
    [
      'no image says when it was built',
      'REGISTRY/shop newest:',
      {},
      'no-tag-for-policy',
      /says when it was built/,
    ],
    ['a tag is not there', 'REGISTRY/shop:9', pinned, 'image-not-in-registry', /does not have shop:9/],
    [
      'the repository is not there',
      'REGISTRY/cart semver:1',
      {},
      'image-not-in-registry',
      /the tags of cart/,
    ],
  ])('%s', async (_, images, more, code, message) => {
    const { registry, resolve } = await stage();
    registry.push('shop', { tags: ['1.0.0', 'latest'] });
    await expect(resolve(images, more)).rejects.toMatchObject({
      ...{ kind: 'input', code },
      message: expect.stringMatching(message),
    });
  });
});

test('the login of the input is used', async () => {
  const login = { user: 'robot', password: 'canary' };
  const { registry, resolve } = await stage({ auth: { type: 'token', login } });
  registry.push('shop', { tags: ['1.0.0'] });
  const credentials = { 'INPUT_REGISTRY-CREDENTIALS': `${registry.host}=robot:canary` };
  expect(await resolve('REGISTRY/shop semver:1', credentials)).toEqual(['REGISTRY/shop:1.0.0']);
  await expect(resolve('REGISTRY/shop semver:1')).rejects.toMatchObject({ code: 'registry-login' });
});
