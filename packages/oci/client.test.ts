import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import { startRegistry } from '@sluice/testbed/registry/start';
import { describe, expect, test } from 'vitest';
import { createRegistryClient } from './client.ts';
import { code, stage, watched } from './test-registry-client.ts';

describe('tags', () => {
  test('come from every page, each once', async () => {
    const { registry, client } = await stage({ pageSize: 3 });
    const tags = ['1.0', '1.1', '1.2', '1.3', '1.4', '2.0', 'latest'];
    registry.push('team/shop', { tags });
    expect(await client.tags(`${registry.host}/team/shop`)).toEqual(tags);
    expect(await client.tags(`${registry.host}/team/shop`)).toEqual(tags);
    expect(registry.requests).toEqual([
      'GET /v2/team/shop/tags/list?n=1000',
      'GET /v2/team/shop/tags/list?n=3&last=1.2',
      'GET /v2/team/shop/tags/list?n=3&last=2.0',
    ]);
  });

  test.each([
    ['another server', 'https://registry.example/v2/team/shop/tags/list', /on another server/],
    ['the same page', '/v2/team/shop/tags/list?n=1000', /in circles/],
  ])('a next page on %s is not followed', async (_, nextPage, message) => {
    const { registry, client } = await stage();
    registry.push('team/shop', { tags: ['1.0'] });
    registry.errs.nextPage = nextPage;
    await expect(client.tags(`${registry.host}/team/shop`)).rejects.toMatchObject(
      code('registry-answer', message),
    );
  });

  test('of a repository that is not there', async () => {
    const { registry, client } = await stage();
    await expect(client.tags(`${registry.host}/team/shop`)).rejects.toMatchObject({
      ...code('image-not-in-registry', /does not have the tags of team\/shop/),
      kind: 'input',
    });
  });
});

describe('a digest', () => {
  test.each([
    ['of an image', {}],
    ['of an index', { platforms: ['linux/arm64', 'linux/amd64'] }],
    ['of an image of Docker', { format: 'docker' }],
    ['of a manifest list of Docker', { format: 'docker', platforms: ['linux/amd64'] }],
  ] as const)('%s is what the tag leads to, by one HEAD', async (_, how) => {
    const { registry, client, image } = await stage();
    const digest = registry.push('team/shop', { tags: ['1.0'], ...how });
    expect(await client.digest(image('1.0'))).toBe(digest);
    expect(registry.requests).toEqual(['HEAD /v2/team/shop/manifests/1.0']);
  });

  test.each([
    ['does not name it', { digestHeader: 'none' }],
    ['knows no HEAD', { noHead: true }],
  ])('is made from the bytes where the registry %s', async (_, errs) => {
    const { registry, client, image } = await stage();
    const digest = registry.push('team/shop', { tags: ['1.0'] });
    Object.assign(registry.errs, errs);
    expect(await client.digest(image('1.0'))).toBe(digest);
  });

  test.each([
    'sha256:abc',
    'md5:d41d8cd98f00b204e9800998ecf8427e',
    `sha256:${'A'.repeat(64)}`,
    '"; rm',
  ])('that is none is refused: %s', async (digestHeader) => {
    const { registry, client, image } = await stage();
    registry.push('team/shop', { tags: ['1.0'] });
    registry.errs.digestHeader = digestHeader;
    await expect(client.digest(image('1.0'))).rejects.toMatchObject(code('registry-answer', /its digest is/));
  });

  test('of a tag that is not there', async () => {
    const { registry, client, image } = await stage();
    registry.push('team/shop', { tags: ['1.0'] });
    await expect(client.digest(image('1.1'))).rejects.toMatchObject({
      ...code(
        'image-not-in-registry',
        new RegExp(`The registry ${registry.host} does not have team/shop:1\\.1\\.`),
      ),
      hint: expect.stringContaining('Check the name and the tag'),
    });
  });
});

describe('what an image says of its build', () => {
  const built = { labels: { 'org.opencontainers.image.revision': 'abc' }, created: '2026-01-02T03:04:05Z' };

  test.each([
    ['an image', {}],
    ['an index', { platforms: ['unknown/unknown', 'linux/arm64', 'linux/amd64'] }],
    ['an index without linux/amd64', { platforms: ['unknown/unknown', 'linux/arm64'] }],
    ['a manifest list of Docker', { format: 'docker', platforms: ['linux/amd64'] }],
  ] as const)('is in the configuration of %s', async (_, how) => {
    const { registry, client, image } = await stage();
    const digest = registry.push('team/shop', { tags: ['1.0'], ...built, ...how });
    expect(await client.facts(image('1.0'))).toEqual(built);
    expect(await client.facts(image(digest))).toEqual(built);
  });

  test('is in annotations where the configuration has no such label', async () => {
    const { registry, client, image } = await stage();
    registry.push('team/shop', {
      tags: ['1.0'],
      ...built,
      annotations: { 'org.opencontainers.image.revision': 'x', a: 'b' },
    });
    expect((await client.facts(image('1.0'))).labels).toEqual({ ...built.labels, a: 'b' });
  });

  test.each([
    ['the bytes of a manifest', { digestHeader: `sha256:${'0'.repeat(64)}` }],
    ['the bytes of the configuration', { wrongBlobs: true }],
  ])('is not believed where a digest does not fit %s', async (_, errs) => {
    const { registry, client, image } = await stage();
    registry.push('team/shop', { tags: ['1.0'], ...built });
    Object.assign(registry.errs, errs);
    await expect(client.facts(image('1.0'))).rejects.toMatchObject(
      code('registry-answer', /the digest sha256:/),
    );
  });

  test('is not read where it is larger than any configuration', async () => {
    const { registry, client, image } = await stage();
    registry.push('team/shop', { tags: ['1.0'], labels: { a: 'x'.repeat(4_000_001) } });
    await expect(client.facts(image('1.0'))).rejects.toMatchObject(code('registry-answer', /larger than/));
    expect(registry.requests.filter((line) => line.includes('/blobs/'))).toEqual([]);
  });
});

describe('a registry in trouble', () => {
  const path = '/tags/list';

  test.each([
    ['5xx', { type: 'reply', status: 503, body: '' }, [300]],
    [
      '429, and waits as it asks',
      { type: 'reply', status: 429, body: '', headers: { 'retry-after': '7' } },
      [7000],
    ],
    ['a connection that is cut', { type: 'cut', when: 'before-headers' }, [300]],
    ['an answer that is cut', { type: 'cut', when: 'in-body' }, [300]],
  ] as const)('is asked again after %s', async (_, fault, pauses) => {
    const { registry, client, waits } = await stage();
    registry.push('team/shop', { tags: ['1.0'] });
    registry.faults.add(path, fault, 1);
    expect(await client.tags(`${registry.host}/team/shop`)).toEqual(['1.0']);
    expect(waits).toEqual(pauses);
  });

  test.each([
    [
      '5xx three times',
      { type: 'reply', status: 502, body: '' },
      3,
      'registry-unavailable',
      /it answers 502/,
    ],
    [
      'a limit that lasts hours at once',
      { type: 'reply', status: 429, body: '', headers: { 'retry-after': '3600' } },
      1,
      'registry-unavailable',
      /it answers 429, and asks to wait 3600 s/,
    ],
    [
      'three cut connections',
      { type: 'cut', when: 'before-headers' },
      3,
      'registry-unreachable',
      /could not be reached/,
    ],
    ['a web page', { type: 'reply', status: 200, body: '<html>' }, 1, 'registry-answer', /no list of tags/],
    ['another status', { type: 'reply', status: 418, body: '' }, 1, 'registry-answer', /the status is 418/],
  ] as const)('is given up on after %s', async (_, fault, times, wanted, message) => {
    const { registry, client } = await stage();
    registry.push('team/shop', { tags: ['1.0'] });
    registry.faults.add(path, fault, times);
    await expect(client.tags(`${registry.host}/team/shop`)).rejects.toMatchObject(code(wanted, message));
    expect(registry.requests).toHaveLength(times);
  });

  test('is not waited for after the signal', async () => {
    const registry = watched(await startRegistry());
    registry.faults.add(path, { type: 'hang' });
    const client = createRegistryClient({
      fetch: plainFetch,
      clock: { now: Date.now, sleep: async () => {} },
      log: silentLog,
      credentials: [],
      signal: AbortSignal.timeout(50),
    });
    await expect(client.tags(`${registry.host}/team/shop`)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('the configurations of an image', () => {
  test.each([
    ['of an image', {}, 1],
    ['of an image of Docker', { format: 'docker' }, 1],
    ['of an index, one for each image', { platforms: ['linux/arm64', 'linux/amd64'] }, 2],
  ] as const)('%s', async (_, how, size) => {
    const { registry, client, image } = await stage();
    const digest = registry.push('team/shop', { tags: ['1.0'], ...how });
    const configs = await client.configs(image('1.0'));
    expect(configs).toHaveLength(size);
    expect(configs.every((one) => /^sha256:[0-9a-f]{64}$/.test(one) && one !== digest)).toBe(true);
    expect(await client.configs(image(digest))).toEqual(configs);
  });
});
