import type { Clock } from '@sluice/core/clock';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import { type RegistryOptions, type RegistryStandIn, startRegistry } from '@sluice/testbed/registry/start';
import { afterEach, describe, expect, test } from 'vitest';
import { createRegistryClient, type RegistryClient } from './client.ts';
import type { RegistryCredential } from './credentials.ts';

const open: RegistryStandIn[] = [];
afterEach(async () => {
  for (const registry of open.splice(0)) {
    await registry.close();
    registry.expectNoViolations();
  }
});

interface Stage {
  readonly registry: RegistryStandIn;
  readonly client: RegistryClient;
  readonly masked: string[];
  readonly waits: number[];
  image(reference: string): { repository: string; reference: string };
}

const login = { user: 'robot', password: 'canary-password' };

async function stage(
  options: RegistryOptions = {},
  given: Partial<RegistryCredential> | undefined = undefined,
  helpers: string[] = [],
): Promise<Stage> {
  const registry = await startRegistry(options);
  open.push(registry);
  const masked: string[] = [];
  const waits: number[] = [];
  const clock: Clock = {
    now: Date.now,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  const client = createRegistryClient({
    fetch: plainFetch,
    clock,
    log: { ...silentLog, mask: (secret) => masked.push(secret) },
    credentials: given === undefined ? [] : [{ registry: registry.host, ...login, ...given }],
    helpers,
  });
  return {
    ...{ registry, client, masked, waits },
    image: (reference) => ({ repository: `${registry.host}/team/shop`, reference }),
  };
}

const code = (code: string, message = /./) => ({ code, message: expect.stringMatching(message) });

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

describe('a login', () => {
  const token = { type: 'token', login } as const;

  test.each([
    ['none', { type: 'none' }],
    ['a password', { type: 'basic', ...login }],
    ['a token', token],
  ] as const)('%s: the registry gives what is asked', async (_, auth) => {
    const { registry, client, image } = await stage({ auth }, {});
    registry.push('team/shop', { tags: ['1.0'] });
    expect(await client.tags(`${registry.host}/team/shop`)).toEqual(['1.0']);
    expect(await client.digest(image('1.0'))).toMatch(/^sha256:/);
    await client.facts(image('1.0'));
  });

  test('is anonymous where nobody is known, and one token does for a repository', async () => {
    const { registry, client, image } = await stage({ auth: { type: 'token', public: ['team/shop'] } });
    registry.push('team/shop', { tags: ['1.0'] });
    await client.tags(`${registry.host}/team/shop`);
    await client.facts(image('1.0'));
    expect(registry.requests.filter((line) => line.includes('/token'))).toEqual([
      'GET /token?scope=repository%3Ateam%2Fshop%3Apull&service=registry.stand-in',
    ]);
  });

  test('is made again when the token has ended', async () => {
    const { registry, client, image } = await stage({ auth: token }, {});
    registry.push('team/shop', { tags: ['1.0'] });
    await client.tags(`${registry.host}/team/shop`);
    registry.expireTokens();
    expect(await client.digest(image('1.0'))).toMatch(/^sha256:/);
  });

  test('of one registry is not shown to another', async () => {
    const { registry, client } = await stage({ auth: token }, { registry: 'registry.example' });
    registry.push('team/shop', { tags: ['1.0'] });
    await expect(client.tags(`${registry.host}/team/shop`)).rejects.toMatchObject(
      code('registry-login', /without a login/),
    );
  });

  test.each([
    [
      'a wrong password',
      { type: 'basic', ...login },
      { password: 'wrong-canary' },
      /to robot: the login is wrong/,
    ],
    ['a wrong password for a token', token, { password: 'wrong-canary' }, /to robot: the login is wrong/],
    ['nobody, for a token', token, undefined, /does not show the tags of team\/shop without a login/],
    ['nobody, for a password', { type: 'basic', ...login }, undefined, /without a login/],
  ] as const)('%s is refused with the way out, and without the password', async (_, auth, given, message) => {
    const { registry, client } = await stage({ auth }, given);
    registry.push('team/shop', { tags: ['1.0'] });
    const error: unknown = await client.tags(`${registry.host}/team/shop`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      ...code('registry-login', message),
      kind: 'permission',
      hint: expect.stringContaining(`${registry.host}=<user>:<password>`),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain('canary');
  });

  test('that Docker leaves to a program is said not to be asked for', async () => {
    const { registry, client } = await stage({ auth: token }, undefined, ['docker-credential-pass']);
    await expect(client.tags(`${registry.host}/team/shop`)).rejects.toMatchObject({
      hint: expect.stringContaining('docker-credential-pass, which is not started here'),
    });
  });

  test('stays with the registry where blobs are on another host', async () => {
    const { registry, client, image } = await stage({ auth: token }, {});
    registry.push('team/shop', { tags: ['1.0'], created: '2026-01-02T03:04:05Z' });
    registry.errs.redirectBlobs = true;
    expect((await client.facts(image('1.0'))).created).toBe('2026-01-02T03:04:05Z');
    expect(registry.requests.at(-1)).toMatch(/^GET \/\/blobs/);
  });

  test('with an identity token is posted, and goes nowhere else', async () => {
    const identity = { password: '', identityToken: 'canary-identity' };
    const auth = { type: 'token', identityToken: 'canary-identity' } as const;
    const { registry, client, image } = await stage({ auth }, identity);
    registry.push('team/shop', { tags: ['1.0'] });
    expect(await client.digest(image('1.0'))).toMatch(/^sha256:/);
    expect(registry.requests).toContain('POST /token');
    const elsewhere = await stage({ auth }, identity);
    const headers = { location: `http://${elsewhere.registry.blobHost}/token` };
    elsewhere.registry.faults.add('/token', { type: 'reply', status: 307, body: '', headers });
    await expect(elsewhere.client.digest(elsewhere.image('1.0'))).rejects.toMatchObject(
      code('registry-answer', /redirects a login/),
    );
  });

  test('masks tokens and the form in which a password is sent', async () => {
    const { registry, client, masked } = await stage({ auth: token }, {});
    registry.push('team/shop', { tags: ['1.0'] });
    await client.tags(`${registry.host}/team/shop`);
    expect(masked).toEqual([
      Buffer.from('robot:canary-password').toString('base64'),
      expect.stringMatching(/^stand-in-token-1-/),
    ]);
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
    const registry = await startRegistry();
    open.push(registry);
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
