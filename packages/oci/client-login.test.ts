import { describe, expect, test } from 'vitest';
import { code, login, stage } from './test-registry-client.ts';

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
