import { Octokit } from '@octokit/core';
import { describe, expect, test } from 'vitest';
import { client, serve } from './fixtures/github-server.ts';
import { addressOf } from './github-first.ts';

const repo = { owner: 'acme', repo: 'gitops' };
const BASE = 'https://ghe.example/api/v3';

/** Octokit names itself. */
const byOctokit = (requests: readonly { readonly headers: Readonly<Record<string, unknown>> }[]) =>
  requests.map(({ headers }) => String(headers['user-agent']).includes('octokit'));

describe('Octokit is loaded', () => {
  test('for no call that only reads and succeeds', async () => {
    const { url, requests } = await serve(() => ({ headers: { etag: '"1"' }, body: { id: 7, data: {} } }));
    const github = client(url);
    const { status, headers, data } = await github.request('GET /repos/{owner}/{repo}', repo);
    expect({ status, etag: headers.etag, id: data.id }).toEqual({ status: 200, etag: '"1"', id: 7 });
    await github.graphql('query { viewer { login } }', { a: 1 }, () => undefined);
    expect(requests[1]).toMatchObject({
      ...{ method: 'POST', path: '/api/graphql' },
      body: '{"query":"query { viewer { login } }","variables":{"a":1}}',
    });
    expect(byOctokit(requests)).toEqual([false, false]);
  });

  test('for one that did not succeed, which is not sent once more for it', async () => {
    const { url, requests } = await serve((_asked, count) =>
      count === 1 ? { status: 502 } : { body: { id: 7 } },
    );
    const github = client(url);
    expect((await github.request('GET /repos/{owner}/{repo}', repo)).data.id).toBe(7);
    expect(byOctokit(requests)).toEqual([false, true]);
    await github.request('GET /repos/{owner}/{repo}', repo);
    expect(byOctokit(requests)).toEqual([false, true, true]);
  });

  test('for an error, with the words of the first answer', async () => {
    const { url, requests } = await serve(() => ({ status: 422, body: { message: 'Nothing here' } }));
    const call = client(url).request('GET /repos/{owner}/{repo}', repo);
    await expect(call).rejects.toThrow('Nothing here');
    expect(requests).toHaveLength(1);
  });

  test('for what is written', async () => {
    const { url, requests } = await serve(() => ({ body: { data: {} } }));
    await client(url).request('POST /repos/{owner}/{repo}/deployments', { ...repo, ref: 'main' });
    await client(url).graphql('mutation { x }', {}, () => undefined);
    expect(byOctokit(requests)).toEqual([true, true]);
  });

  test('for more than one call at a time, so that it spaces them out', async () => {
    const { url, requests } = await serve(() => ({ body: {} }));
    const github = client(url);
    await Promise.all([1, 2, 3].map(() => github.request('GET /repos/{owner}/{repo}', repo)));
    expect(byOctokit(requests).toSorted()).toEqual([false, true, true]);
  });
});

describe('the address of a route is the one that Octokit makes of it', () => {
  test.each([
    ['GET /repos/{owner}/{repo}', repo],
    ['GET /repos/{owner}/{repo}/actions/runs', { ...repo, per_page: 100, created: '<=2026-11-21T22:00:00Z' }],
    ['GET /repos/{owner}/{repo}/git/ref/{ref}', { ...repo, ref: "heads/a b/(1)!*'ü" }],
    ['GET /repos/{owner}/{repo}/compare/{basehead}', { ...repo, basehead: 'main...a+b' }],
    ['GET /repos/{owner}/{repo}/pulls', { ...repo, state: undefined, head: 'acme:topic', draft: false }],
  ])('%s %j', (route, parameters) => {
    const { endpoint } = new Octokit({ baseUrl: BASE }).request;
    expect(addressOf(BASE, route, parameters)).toBe(endpoint(route, parameters).url);
  });

  test.each([
    ['it writes', 'POST /repos/{owner}/{repo}/issues', repo],
    ['a part of it is missing', 'GET /repos/{owner}/{repo}', { owner: 'acme' }],
    ['a part of it is empty', 'GET /repos/{owner}/{repo}', { owner: 'acme', repo: '' }],
    ['it has a list', 'GET /repos/{owner}/{repo}/issues', { ...repo, labels: ['a', 'b'] }],
    ['it has a header', 'GET /repos/{owner}/{repo}', { ...repo, headers: { accept: 'text/plain' } }],
    ['it searches', 'GET /search/issues', { q: 'a+b' }],
    ['it has an operator', 'GET /repos/{owner}/{repo}/contents/{+path}', { ...repo, path: 'a/b' }],
  ])('and none where %s', (_, route, parameters) => {
    expect(addressOf(BASE, route, parameters)).toBeUndefined();
  });
});
