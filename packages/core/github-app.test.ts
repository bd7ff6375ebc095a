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
    expect(
      requests.map(({ authorization }) => authorization).filter((text) => /^bearer ghs_/i.test(text)),
    ).toEqual(['bearer ghs_1', 'bearer ghs_2']);
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

  const suspended = { status: 403, body: { message: 'This installation has been suspended' } };
  const elsewhere = {
    status: 422,
    body: {
      message:
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
    },
  };
  test.each([
    [
      'is not installed',
      'installation',
      { status: 404, body: { message: 'Not Found' } },
      'app-not-installed',
    ],
    [
      'was removed meanwhile',
      'access_tokens',
      { status: 404, body: { message: 'Not Found' } },
      'app-not-installed',
    ],
    ['may not reach the repository', 'access_tokens', elsewhere, 'app-not-installed'],
    ['is suspended', 'access_tokens', suspended, 'app-suspended'],
    [
      'has another key',
      'installation',
      { status: 401, body: { message: 'A JSON web token could not be decoded' } },
      'bad-credentials',
    ],
  ] as const)('that %s is one sentence with what to do', async (_what, step, answer, code) => {
    const { url } = await serve(({ path }) => (path.endsWith(step) ? answer : { body: { id: 99 } }));
    const minting = client(url, { credential }).token();
    await expect(minting).rejects.toMatchObject({
      kind: 'permission',
      code,
      hint: expect.stringMatching(/\w/),
    });
    await expect(minting).rejects.toThrow(/App 12\b/);
  });

  const issued = (authorization: string): number =>
    JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString()).iat;

  test.each([
    -3600, 3600,
  ])('on a machine whose clock is %i s off signs again by the clock of GitHub', async (off) => {
    const github = Date.now() / 1000 - off;
    const { url, requests } = await serve(({ path, authorization }) => {
      const late = Math.abs(issued(authorization) + 30 - github) > 60;
      if (late) {
        return {
          status: 401,
          headers: { date: new Date(github * 1000).toUTCString() },
          body: {
            message:
              "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
          },
        };
      }
      if (path.endsWith('/installation')) return { body: { id: 99 } };
      return {
        status: 201,
        body: { token: 'ghs_1', expires_at: new Date(Date.now() + 3_600_000).toISOString() },
      };
    });
    expect(await client(url, { credential }).token()).toBe('ghs_1');
    expect(requests.map(({ path }) => path.split('/').at(-1))).toEqual([
      'installation',
      'installation',
      'access_tokens',
      'access_tokens',
    ]);
  });

  test('takes a key whose line ends were written as \\n', async () => {
    const { url } = await appServer(3600, () => start);
    const oneLine = { ...credential, privateKey: privateKey.replaceAll('\n', '\\n') };
    expect(await client(url, { credential: oneLine }).token()).toBe('ghs_1');
  });

  test('with a key that is none says so, and does not repeat it', async () => {
    const { url } = await serve(() => ({}));
    const github = client(url, { credential: { ...credential, privateKey: 'not a key at all' } });
    await expect(github.token()).rejects.toMatchObject({ kind: 'input', code: 'invalid-private-key' });
    await expect(github.request('GET /repos/{owner}/{repo}', repo)).rejects.not.toThrow('not a key at all');
  });
});
