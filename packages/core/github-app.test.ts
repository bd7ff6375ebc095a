import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { client, serve } from './fixtures/github-server.ts';
import { silentLog } from './log.ts';

const repo = { owner: 'acme', repo: 'gitops' };

describe('a GitHub App', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const credential = { type: 'app', appId: '12', privateKey, owner: 'acme', repository: 'gitops' } as const;
  const start = Date.UTC(2026, 0, 1);

  /** Mints `ghs_1`, `ghs_2` and so on, each good for `seconds` of the clock that the test turns. */
  async function appServer(
    seconds: number,
    now: () => number,
    refuses: (token: string) => boolean = () => false,
  ) {
    let minted = 0;
    return serve(({ path, authorization }) => {
      if (path.endsWith('/installation')) return { body: { id: 99 } };
      if (path.endsWith('/access_tokens')) {
        minted += 1;
        const expires = new Date(now() + seconds * 1000).toISOString();
        return { status: 201, body: { token: `ghs_${minted}`, expires_at: expires } };
      }
      return refuses(authorization.replace('bearer ', ''))
        ? { status: 401, body: { message: 'Bad credentials' } }
        : {};
    });
  }

  test('signs with its key and asks for a token that reaches one repository', async () => {
    const masked: string[] = [];
    const { url, requests } = await appServer(3600, () => start);
    const github = client(url, {
      credential,
      clock: { now: () => start, sleep: async () => {} },
      log: { ...silentLog, mask: (secret) => masked.push(secret) },
    });
    const tokens = await Promise.all([github.token(), github.token(), github.token()]);
    expect(tokens).toEqual(['ghs_1', 'ghs_1', 'ghs_1']);
    expect(requests.map(({ path }) => path)).toEqual([
      '/api/v3/repos/acme/gitops/installation',
      '/api/v3/app/installations/99/access_tokens',
    ]);
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({ repositories: ['gitops'] });
    const [head = '', body = '', signature = ''] = (requests[0]?.authorization ?? '')
      .replace('bearer ', '')
      .split('.');
    const signed = Buffer.from(`${head}.${body}`);
    expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toMatchObject({ iss: '12' });
    expect(masked).toEqual(['ghs_1']);
  });

  test.each([
    [3600, 54 * 60, 'ghs_1'],
    [3600, 56 * 60, 'ghs_2'],
    [60, 20, 'ghs_1'],
    [60, 50, 'ghs_2'],
  ])('with a token of %i s has, after %i s, the token %s', async (lifetime, later, wanted) => {
    let now = start;
    const { url } = await appServer(lifetime, () => now);
    const github = client(url, { credential, clock: { now: () => now, sleep: async () => {} } });
    await github.token();
    now += later * 1000;
    expect(await github.token()).toBe(wanted);
  });

  test('mints again, once, when the server refuses a token that should be valid', async () => {
    const { url, requests } = await appServer(
      3600,
      () => start,
      (token) => token === 'ghs_1',
    );
    const github = client(url, { credential, clock: { now: () => start, sleep: async () => {} } });
    await github.request('GET /repos/{owner}/{repo}', repo);
    expect(requests.map(({ authorization }) => authorization).filter((text) => /ghs/.test(text))).toEqual([
      'bearer ghs_1',
      'bearer ghs_2',
    ]);
  });

  test('gives up when the new token is refused as well', async () => {
    const { url } = await appServer(
      3600,
      () => start,
      () => true,
    );
    const github = client(url, { credential, clock: { now: () => start, sleep: async () => {} } });
    const call = github.request('GET /repos/{owner}/{repo}', repo);
    await expect(call).rejects.toMatchObject({ kind: 'permission', code: 'bad-credentials' });
  });

  test('many calls at once wait for one token', async () => {
    const { url, requests } = await appServer(3600, () => start);
    const github = client(url, { credential, clock: { now: () => start, sleep: async () => {} } });
    await Promise.all(Array.from({ length: 15 }, () => github.request('GET /repos/{owner}/{repo}', repo)));
    expect(requests.filter(({ path }) => path.endsWith('/access_tokens'))).toHaveLength(1);
  });

  test('that is not installed is told from one whose key is wrong', async () => {
    const absent = await serve(() => ({ status: 404, body: { message: 'Not Found' } }));
    await expect(client(absent.url, { credential }).token()).rejects.toMatchObject({
      code: 'app-not-installed',
      message: 'The App 12 is not installed on acme/gitops.',
    });
    const strange = await serve(() => ({
      status: 401,
      body: { message: 'A JSON web token could not be decoded' },
    }));
    await expect(client(strange.url, { credential }).token()).rejects.toMatchObject({
      code: 'bad-credentials',
    });
  });

  test('with a key that is none says so, and does not repeat it', async () => {
    const { url } = await serve(() => ({}));
    const github = client(url, { credential: { ...credential, privateKey: 'not a key at all' } });
    await expect(github.token()).rejects.toMatchObject({ kind: 'input', code: 'invalid-private-key' });
    await expect(github.request('GET /repos/{owner}/{repo}', repo)).rejects.not.toThrow('not a key at all');
  });
});
