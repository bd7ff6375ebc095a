import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { secondaryLimit } from './faults.ts';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

let github: GitHubStandIn;
let client: TestClient;
let now = Date.now();
const repo = '/repos/acme/gitops';

beforeAll(async () => {
  github = await startGitHub({ now: () => now });
  await github.createRepository('acme/gitops', { 'a/b.yaml': 'x: 1\n' });
  client = testClient(github, github.createToken({ id: 'job' }));
});
afterEach(() => {
  expect(github.faults.clear()).toBe(false);
  github.expectNoViolations();
});
afterAll(() => github.close());

test('an answer that the client has is 304 and costs nothing', async () => {
  const first = await client.rest('GET', `${repo}/branches/main`);
  const known = { 'if-none-match': first.headers.get('etag') ?? '' };
  const again = await client.rest('GET', `${repo}/branches/main`, undefined, known);
  expect(again.status).toBe(304);
  expect(again.headers.get('x-ratelimit-used')).toBe(first.headers.get('x-ratelimit-used'));
  await github.commitFiles('acme/gitops', 'main', { 'a/b.yaml': 'x: 2\n' });
  expect((await client.rest('GET', `${repo}/branches/main`, undefined, known)).status).toBe(200);
});

test('lists come in pages that are linked to each other', async () => {
  for (let index = 0; index < 5; index += 1) {
    const body = { ref: 'main', task: 'deploy:paged', auto_merge: false, required_contexts: [] };
    await client.rest('POST', `${repo}/deployments`, body);
  }
  const seen: unknown[] = [];
  let next: string | undefined = `${repo}/deployments?task=deploy%3Apaged&per_page=2`;
  while (next !== undefined) {
    const page = await client.rest('GET', next);
    seen.push(...(Array.isArray(page.body) ? page.body : []));
    next = /<[^>]*\/api\/v3([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  }
  expect(new Set(seen.map((one) => Object(one).id)).size).toBe(5);
});

test('an exhausted rate limit is 403 until its reset, and 200 with an error in GraphQL', async () => {
  github.limits.exhaust('job', 60_000);
  github.limits.exhaust('job', 60_000, 'graphql');
  const refused = await client.rest('GET', repo);
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  const head = await github.head('acme/gitops');
  expect(await client.commit('acme/gitops', head)).toMatchObject({
    status: 200,
    body: { errors: [{ type: 'RATE_LIMITED' }] },
  });
  now += 60_001;
  expect((await client.rest('GET', repo)).status).toBe(200);
});

test('a secondary limit says when to come back', async () => {
  github.faults.push(secondaryLimit(/\/pulls/, 3));
  const refused = await client.rest('GET', `${repo}/pulls`);
  expect(refused).toMatchObject({
    status: 403,
    body: { message: expect.stringMatching(/secondary rate limit/) },
  });
  expect(refused.headers.get('retry-after')).toBe('3');
  expect((await client.rest('GET', `${repo}/pulls`)).status).toBe(200);
});

test('a fault strikes as often as it says, after as many requests as it says', async () => {
  github.faults.push({ method: 'GET', path: /\/branches\//, status: 502, times: 2, skip: 1 });
  const statuses: number[] = [];
  for (let index = 0; index < 4; index += 1) {
    statuses.push((await client.rest('GET', `${repo}/branches/main`)).status);
  }
  expect(statuses).toEqual([200, 502, 502, 200]);
});

test('a connection is cut before the effect, or after it', async () => {
  const head = await github.head('acme/gitops');
  github.faults.push({ path: /graphql/, cut: 'before-effect' });
  await expect(client.commit('acme/gitops', head)).rejects.toThrow();
  expect(await github.head('acme/gitops')).toBe(head);
  github.faults.push({ path: /graphql/, cut: 'after-effect' });
  await expect(client.commit('acme/gitops', head)).rejects.toThrow();
  expect((await github.log('acme/gitops'))[0]?.parents).toEqual([head]);
});

test('somebody commits between a read and a write', async () => {
  const head = await github.head('acme/gitops');
  const run = () => github.commitFiles('acme/gitops', 'main', { 'theirs.yaml': '1\n' }, { author: 'bob' });
  github.faults.push({ path: /graphql/, run });
  expect(JSON.stringify((await client.commit('acme/gitops', head)).body)).toContain('STALE_DATA');
  expect((await github.log('acme/gitops'))[0]?.author).toBe('bob');
});

test('a proxy answers with a page', async () => {
  github.faults.push({ path: /\/repos\//, html: true, status: 503 });
  const answer = await client.rest('GET', repo);
  expect(answer).toMatchObject({ status: 503, body: expect.stringMatching(/^<!DOCTYPE html>/) });
});

test('the log tells each request with its token, status and operation', async () => {
  const from = github.requests.length;
  await client.rest('GET', `${repo}/pulls?state=open`);
  await client.commit('acme/gitops', '0'.repeat(40));
  expect(github.requests.slice(from)).toEqual([
    { method: 'GET', path: '/api/v3/repos/acme/gitops/pulls?state=open', token: 'job', status: 200 },
    { method: 'POST', path: '/api/graphql', token: 'job', status: 200, operation: 'createCommitOnBranch' },
  ]);
});
