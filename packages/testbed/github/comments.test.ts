import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

const repo = '/repos/acme/gitops';
const path = `${repo}/issues/1/comments`;
let github: GitHubStandIn;
let client: TestClient;

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository('acme/gitops', { 'a.yaml': 'x: 1\n' });
  await github.commitFiles('acme/gitops', 'topic', { 'a.yaml': 'x: 2\n' });
  client = testClient(github, github.createToken({ actor: 'sluice[bot]' }));
  await client.rest('POST', `${repo}/pulls`, { title: 'T', head: 'topic', base: 'main' });
});
afterAll(() => github.close());

test("a comment is the token's, is listed oldest first, page by page, and is changed in place", async () => {
  for (const body of ['one', 'two', 'three']) {
    expect((await client.rest('POST', path, { body })).status).toBe(201);
  }
  const page = await client.rest('GET', `${path}?per_page=2&page=2`);
  expect(page.body).toMatchObject([{ body: 'three', user: { login: 'sluice[bot]', type: 'Bot' } }]);
  expect(page.headers.get('link')).toContain('rel="prev"');
  const [{ id }] = Array.isArray(page.body) ? page.body : [];
  await client.rest('PATCH', `${repo}/issues/comments/${id}`, { body: 'drei' });
  expect((await client.rest('GET', `${repo}/issues/comments/${id}`)).body).toMatchObject({ body: 'drei' });
  expect((await client.rest('GET', `${repo}/pulls/1`)).body).toMatchObject({ comments: 3 });
  github.expectNoViolations();
});

test("the read-only token of a fork's run comments on nothing", async () => {
  const permissions = { contents: 'read', pull_requests: 'read', issues: 'read' } as const;
  const fork = testClient(github, github.githubToken('acme/gitops', permissions));
  expect((await fork.rest('GET', path)).status).toBe(200);
  for (const [method, where] of [
    ['POST', path],
    ['PATCH', `${repo}/issues/comments/1`],
  ] as const) {
    const refused = await fork.rest(method, where, { body: 'B' });
    expect(refused).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
  }
});
