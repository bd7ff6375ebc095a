import { describe, expect, test } from 'vitest';
import { client, serve } from './fixtures/github-server.ts';
import { githubFailure } from './github.ts';

const repo = { owner: 'acme', repo: 'gitops' };

describe('a call', () => {
  test('carries the token and the version of the API to the Enterprise Server', async () => {
    const { url, requests } = await serve(() => ({ body: { default_branch: 'main' } }));
    const github = client(url);
    const { data } = await github.request('GET /repos/{owner}/{repo}', repo);
    expect(data.default_branch).toBe('main');
    expect(requests[0]).toMatchObject({
      path: '/api/v3/repos/acme/gitops',
      authorization: 'bearer ghp_fixed',
      headers: { 'x-github-api-version': '2022-11-28' },
    });
    expect(requests).toHaveLength(1);
    expect(await github.token()).toBe('ghp_fixed');
  });

  test('survives a cut connection and a 502', async () => {
    const { url, requests } = await serve((_asked, count) =>
      count === 1 ? { cut: true } : count === 2 ? { status: 502, body: '<html>' } : { body: { id: 7 } },
    );
    const github = client(url);
    expect((await github.request('GET /repos/{owner}/{repo}', repo)).data.id).toBe(7);
    expect(requests).toHaveLength(3);
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
    await expect(call).rejects.toThrow(/asks to wait (2999|3000) s more/);
    expect(requests).toHaveLength(1);
  });

  test('does not wait for a retry-after that is far away, also of GraphQL', async () => {
    const { url, requests } = await serve(() => ({
      status: 403,
      headers: { 'retry-after': '3600' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    }));
    const wanted = { code: 'rate-limited', message: expect.stringContaining('asks to wait 3600 s more') };
    await expect(client(url).request('GET /repos/{owner}/{repo}', repo)).rejects.toMatchObject(wanted);
    await expect(client(url).graphql('query { viewer { login } }', {}, (data) => data)).rejects.toMatchObject(
      wanted,
    );
    expect(requests).toHaveLength(2);
  });

  test('whose answer was torn in the middle is asked again', async () => {
    const { url, requests } = await serve((_asked, count) => ({
      torn: count % 2 === 1,
      body: { data: { id: 7 }, id: 7 },
    }));
    const github = client(url);
    expect((await github.request('GET /repos/{owner}/{repo}', repo)).data.id).toBe(7);
    expect(await github.graphql('query { id }', {}, (data) => data)).toEqual({ id: 7 });
    expect(requests).toHaveLength(4);
  });

  test('whose answer is text that calls itself JSON is one sentence', async () => {
    const headers = { 'content-type': 'application/json' };
    const { url } = await serve(() => ({ headers, body: 'Please log in' }));
    const call = client(url).request('GET /repos/{owner}/{repo}', repo);
    await expect(call).rejects.toMatchObject({ code: 'unexpected-answer' });
  });

  test('that never gets an answer is given up, and tried again', async () => {
    const { url } = await serve((_asked, count) => (count === 1 ? { silent: true } : { body: { id: 7 } }));
    const github = client(url, { timeoutMs: 300 });
    expect((await github.request('GET /repos/{owner}/{repo}', repo)).data.id).toBe(7);
  });

  test.each([301, 307])('that is redirected (%i) takes its token to the same server only', async (status) => {
    const other = await serve(() => ({ body: { id: 8 } }));
    const { url, requests } = await serve(({ path }) => {
      if (path.includes('/repositories/')) return { body: { id: 7 } };
      const target = path.includes('/moved') ? url : other.url.replace('127.0.0.1', 'localhost');
      return { status, headers: { location: `${target}/api/v3/repositories/7` }, body: { message: 'Moved' } };
    });
    const moved = { owner: 'acme', repo: 'moved' };
    expect((await client(url).request('GET /repos/{owner}/{repo}', moved)).data.id).toBe(7);
    expect(requests.at(-1)?.authorization).toBe('bearer ghp_fixed');
    await client(url).request('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'gone' });
    expect(other.requests.map(({ authorization }) => authorization)).toEqual(['']);
  });

  test('ends at once when the run is cancelled, with the reason', async () => {
    const { url } = await serve(() => ({ status: 403, headers: { 'retry-after': '60' } }));
    const controller = new AbortController();
    const call = client(url, { signal: controller.signal }).request('GET /repos/{owner}/{repo}', repo);
    setTimeout(() => controller.abort(new Error('cancelled')), 100);
    await expect(call).rejects.toThrow('cancelled');
  });
});

describe('an error is one sentence', () => {
  test.each([
    [401, 'permission', 'bad-credentials', 'does not accept the token'],
    [403, 'permission', 'permission-denied', 'may not commit to acme/gitops: it lacks `contents: write`'],
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

  test('that names what is not allowed where one permission has several uses', async () => {
    const { url } = await serve(() => ({ status: 403, body: { message: 'No' } }));
    const route = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel';
    await expect(client(url).request(route, { ...repo, run_id: 1 })).rejects.toThrow(
      'The token may not cancel workflow runs of acme/gitops: it lacks `actions: write`',
    );
  });

  test.each([200, 403, 404])('for a server that speaks HTML with %i', async (status) => {
    const { url } = await serve(() => ({ status, body: '<!doctype html><title>Login</title>' }));
    const rest = client(url).request('GET /repos/{owner}/{repo}', repo);
    await expect(rest).rejects.toMatchObject({ kind: 'platform', code: 'unexpected-answer' });
    const graphql = client(url).graphql('query { viewer { login } }', {}, (data) => data);
    await expect(graphql).rejects.toMatchObject({ kind: 'platform', code: 'unexpected-answer' });
  });

  test.each([
    ['Resource protected by organization SAML enforcement.', /single sign-on/],
    [
      'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled',
      /allow list/,
    ],
    ['Repository was archived so is read-only.', /Unarchive/],
  ])('for a refusal that no permission changes: %s', async (message, hint) => {
    const { url } = await serve(({ path }) =>
      path.endsWith('graphql')
        ? { body: { data: null, errors: [{ type: 'FORBIDDEN', message }] } }
        : { status: 403, body: { message } },
    );
    const wanted = {
      kind: 'permission',
      message: expect.stringContaining(message),
      hint: expect.stringMatching(hint),
    };
    const call = client(url).request('GET /repos/{owner}/{repo}', repo);
    await expect(call).rejects.toMatchObject(wanted);
    await expect(call).rejects.not.toThrow('needs the permission');
    await expect(client(url).graphql('query { viewer { login } }', {}, (data) => data)).rejects.toMatchObject(
      wanted,
    );
  });

  test.each([
    ['ghs_1', 'Add `contents: write` to `permissions:` of the job; for another repository'],
    ['github_pat_1', 'Give the token in `token` the permission `contents: write` for acme/gitops.'],
  ])('a permission that a token lacks: where it is given to %s', async (token, hint) => {
    const message = 'Resource not accessible by integration';
    const documentation_url = 'https://docs.github.com/rest';
    const { url } = await serve(({ path }) =>
      path.endsWith('/graphql')
        ? { body: { data: null, errors: [{ type: 'FORBIDDEN', message }] } }
        : { status: 403, body: { message, documentation_url } },
    );
    const github = client(url, { credential: { type: 'token', token } });
    const input = { branch: { repositoryNameWithOwner: 'acme/gitops' } };
    const mutation = 'mutation { createCommitOnBranch(input: $input) { x } }';
    for (const call of [
      github.request('POST /repos/{owner}/{repo}/git/refs', { ...repo, ref: 'r', sha: 's' }),
      github.graphql(mutation, { input }, (found) => found),
    ]) {
      await expect(call).rejects.toMatchObject({
        message: `The token may not commit to acme/gitops: it lacks \`contents: write\` (GitHub: ${message}).`,
        hint: expect.stringContaining(hint),
      });
    }
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

  test('waits for the reset of its own rate limit when it is near, and tells it when it is far', async () => {
    const limited = (seconds: number) => ({
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + seconds),
      },
      body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
    });
    const near = await serve((_asked, count) => (count === 1 ? limited(0) : { body: { data: { a: 1 } } }));
    expect(await client(near.url).graphql('query { a }', {}, (found) => found)).toEqual({ a: 1 });
    const far = await serve(() => limited(3000));
    const call = client(far.url).graphql('query { a }', {}, (found) => found);
    await expect(call).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(call).rejects.toThrow(/asks to wait (2999|3000) s more/);
    expect(far.requests).toHaveLength(1);
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
