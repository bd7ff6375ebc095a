import { generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createGitHub, type GitHubSettings, githubFailure } from './github.ts';
import { silentLog } from './log.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON; `cut` closes the connection without an answer. */
  readonly body?: unknown;
  readonly cut?: boolean;
}

/** A server that notes every request and answers as told. */
async function serve(answer: (asked: Asked, count: number) => Reply) {
  const requests: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    requests.push(asked);
    const { status = 200, headers = {}, body = {}, cut = false } = answer(asked, requests.length);
    if (cut) return request.socket.destroy();
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return { url, requests };
}

function client(url: string, more: Partial<GitHubSettings> = {}) {
  return createGitHub({
    apiUrl: `${url}/api/v3`,
    graphqlUrl: `${url}/api/graphql`,
    credential: { type: 'token', token: 'ghp_fixed' },
    log: silentLog,
    clock: { now: () => Date.now(), sleep: async () => {} },
    ...more,
  });
}

const repo = { owner: 'acme', repo: 'gitops' };

describe('a call', () => {
  test('carries the token and the version of the API to the Enterprise Server, and is counted', async () => {
    const { url, requests } = await serve(() => ({ body: { default_branch: 'main' } }));
    const github = client(url);
    const { data } = await github.request('GET /repos/{owner}/{repo}', repo);
    expect(data.default_branch).toBe('main');
    expect(requests[0]).toMatchObject({
      path: '/api/v3/repos/acme/gitops',
      authorization: 'bearer ghp_fixed',
      headers: { 'x-github-api-version': '2022-11-28' },
    });
    expect(github.calls()).toBe(1);
    expect(await github.token()).toBe('ghp_fixed');
  });

  test('survives a cut connection and a 502', async () => {
    const { url } = await serve((_asked, count) =>
      count === 1 ? { cut: true } : count === 2 ? { status: 502, body: '<html>' } : { body: { id: 7 } },
    );
    const github = client(url);
    expect((await github.request('GET /repos/{owner}/{repo}', repo)).data.id).toBe(7);
    expect(github.calls()).toBe(3);
  });

  test('waits as long as retry-after says when the secondary limit is hit', async () => {
    const { url } = await serve((_asked, count) =>
      count === 1
        ? { status: 403, headers: { 'retry-after': '1' }, body: { message: 'Slow down' } }
        : { body: { id: 7 } },
    );
    const started = Date.now();
    expect((await client(url).request('GET /repos/{owner}/{repo}', repo)).data.id).toBe(7);
    expect(Date.now() - started).toBeGreaterThanOrEqual(950);
  });

  test('waits for the reset of the primary limit when it is near', async () => {
    const reset = () => String(Math.floor(Date.now() / 1000));
    const { url } = await serve((_asked, count) =>
      count === 1
        ? {
            status: 403,
            headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset() },
            body: { message: 'API rate limit exceeded' },
          }
        : { body: { id: 7 } },
    );
    expect((await client(url).request('GET /repos/{owner}/{repo}', repo)).data.id).toBe(7);
  });

  test('does not wait for a reset that is far away', async () => {
    const { url, requests } = await serve(() => ({
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.now() / 1000 + 3000) },
      body: { message: 'API rate limit exceeded' },
    }));
    const call = client(url).request('GET /repos/{owner}/{repo}', repo);
    await expect(call).rejects.toMatchObject({ kind: 'platform', code: 'rate-limited' });
    expect(requests).toHaveLength(1);
  });

  test('ends at once when the run is cancelled, with the reason', async () => {
    const { url } = await serve(() => ({ status: 403, headers: { 'retry-after': '60' } }));
    const controller = new AbortController();
    const call = client(url, { signal: controller.signal }).request('GET /repos/{owner}/{repo}', repo);
    setTimeout(() => controller.abort(new Error('cancelled')), 100);
    await expect(call).rejects.toThrow('cancelled');
  });

  test('of a list goes through all pages, and never to another server', async () => {
    const { url } = await serve(({ path }) => {
      const page = Number(new URL(path, 'http://x').searchParams.get('page') ?? '1');
      const next =
        page < 3 ? `${url}/api/v3/repos/acme/gitops/pulls?page=${page + 1}` : 'http://elsewhere.example/';
      return { headers: { link: `<${next}>; rel="next", <x>; rel="last"` }, body: [{ number: page }] };
    });
    const pulls = await client(url).paginate('GET /repos/{owner}/{repo}/pulls', repo);
    expect(pulls.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  test('of a list in a field gives its entries', async () => {
    const { url } = await serve(() => ({ body: { total_count: 1, workflow_runs: [{ id: 5 }] } }));
    const runs = await client(url).paginate('GET /repos/{owner}/{repo}/actions/runs', repo);
    expect(runs.map(({ id }) => id)).toEqual([5]);
  });
});

describe('an error is one sentence', () => {
  test.each([
    [401, 'permission', 'bad-credentials', 'does not accept the token'],
    [403, 'permission', 'permission-denied', '`contents: write` for acme/gitops'],
    [404, 'permission', 'not-visible', 'was not found, or is not visible to this token'],
    [409, 'conflict', 'conflict', 'something changed meanwhile'],
    [422, 'platform', 'github-refused', 'Reference already exists'],
  ])('for %i', async (status, kind, code, words) => {
    const { url, requests } = await serve(() => ({
      status,
      body: { message: 'Reference already exists', errors: [{ code: 'custom' }] },
    }));
    const call = client(url).request('POST /repos/{owner}/{repo}/git/refs', { ...repo, ref: 'r', sha: 's' });
    await expect(call).rejects.toMatchObject({ kind, code });
    await expect(call).rejects.toThrow(words);
    const failure = githubFailure(await call.catch((error: unknown) => error));
    expect(failure).toMatchObject({ status, types: ['custom'] });
    expect(requests).toHaveLength(1);
  });

  test.each([200, 403, 404])('for a server that speaks HTML with %i', async (status) => {
    const { url } = await serve(() => ({ status, body: '<!doctype html><title>Login</title>' }));
    const rest = client(url).request('GET /repos/{owner}/{repo}', repo);
    await expect(rest).rejects.toMatchObject({ kind: 'platform', code: 'unexpected-answer' });
    const graphql = client(url).graphql('query { viewer { login } }', {}, (data) => data);
    await expect(graphql).rejects.toMatchObject({ kind: 'platform', code: 'unexpected-answer' });
  });

  test('for a server that is not there', async () => {
    const call = client('http://127.0.0.1:9').request('GET /repos/{owner}/{repo}', repo);
    await expect(call).rejects.toMatchObject({ kind: 'platform', code: 'github-unreachable' });
    await expect(call).rejects.toThrow('127.0.0.1:9 could not be reached');
  });
});

describe('GraphQL', () => {
  const mutation =
    'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }';

  test('hands the data to the parser', async () => {
    const { url, requests } = await serve(() => ({ body: { data: { viewer: { login: 'me' } } } }));
    const data = await client(url).graphql('query { viewer { login } }', { a: 1 }, (found) => found);
    expect(data).toEqual({ viewer: { login: 'me' } });
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/api/graphql' });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      query: 'query { viewer { login } }',
      variables: { a: 1 },
    });
  });

  test.each([
    ['STALE_DATA', 'conflict', 'stale-data', 'The branch moved'],
    ['FORBIDDEN', 'permission', 'permission-denied', '`contents: write`'],
    ['NOT_FOUND', 'permission', 'not-visible', 'not visible to this token'],
    ['UNPROCESSABLE', 'platform', 'github-refused', 'because of it'],
  ])('keeps the type of the error %s', async (type, kind, code, words) => {
    const { url, requests } = await serve(() => ({
      body: { data: null, errors: [{ type, message: 'because of it' }] },
    }));
    const call = client(url).graphql(mutation, {}, (found) => found);
    await expect(call).rejects.toMatchObject({ kind, code });
    await expect(call).rejects.toThrow(words);
    expect(githubFailure(await call.catch((error: unknown) => error))?.types).toEqual([type]);
    expect(requests).toHaveLength(1);
  });
});

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
