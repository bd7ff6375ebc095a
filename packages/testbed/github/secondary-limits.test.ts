import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSecondary, githubSecondaryLimits, type SecondaryLimits } from './secondary-limits.ts';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

const repo = '/repos/acme/gitops';
let github: GitHubStandIn;
let client: TestClient;
let now = Date.now();

beforeEach(async () => {
  github = await startGitHub({ now: () => now, secondaryLimits: githubSecondaryLimits });
  await github.createRepository('acme/gitops', { 'a.yaml': 'x: 1\n' });
  client = testClient(github, github.githubToken('acme/gitops'));
});
afterEach(() => github.close());

const only = (over: Partial<SecondaryLimits>): void => {
  github.secondary.limits = { ...githubSecondaryLimits, ...over };
};
const blob = (as = client) => as.rest('POST', `${repo}/git/blobs`, { content: 'x' });

test('after 80 requests that create something in a minute the next is 403 until the first of them is a minute old', async () => {
  for (let index = 0; index < 80; index += 1) {
    expect((await blob()).status).toBe(201);
    if (index === 0) now += 20_000;
  }
  const refused = await blob();
  expect(refused).toMatchObject({
    status: 403,
    body: { message: expect.stringMatching(/secondary rate limit .* blocked from content creation/) },
  });
  expect(refused.headers.get('retry-after')).toBe('40');
  expect(refused.headers.get('x-ratelimit-remaining')).not.toBe('0');
  expect((await client.rest('GET', repo)).status).toBe(200);
  now += 40_000;
  expect((await blob()).status).toBe(201);
  expect((await blob()).status).toBe(403);
  expect(github.secondary.refusals).toEqual(['contentPerMinute', 'contentPerMinute']);
});

test('a commit by GraphQL counts as creating something, whether it comes to be or not', async () => {
  only({ contentPerMinute: 1 });
  const head = await github.head('acme/gitops');
  expect(JSON.stringify((await client.commit('acme/gitops', '0'.repeat(40))).body)).toContain('STALE_DATA');
  expect((await client.commit('acme/gitops', head)).status).toBe(403);
  expect(await github.head('acme/gitops')).toBe(head);
});

test('an hour has a limit of its own', async () => {
  only({ contentPerHour: 2 });
  await blob();
  now += 600_000;
  await blob();
  expect((await blob()).headers.get('retry-after')).toBe('3000');
});

test('a read costs one point of a minute and a write five; too many are 429', async () => {
  only({ restPoints: 11 });
  await blob();
  await blob();
  expect((await blob()).status).toBe(429);
  expect((await client.rest('GET', repo)).status).toBe(200);
  const refused = await client.rest('GET', repo);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
});

test('GraphQL has points of its own', async () => {
  only({ graphqlPoints: 9, restPoints: 1 });
  const head = await github.head('acme/gitops');
  expect((await client.commit('acme/gitops', head)).status).toBe(200);
  expect((await client.commit('acme/gitops', head)).status).toBe(429);
  expect((await client.rest('GET', repo)).status).toBe(200);
});

test('too many requests at the same time are refused, one after the other they are not', async () => {
  const secondary = createSecondary(() => now);
  secondary.limits = { ...githubSecondaryLimits, concurrent: 2 };
  const read = { resource: 'core', points: 1, creates: false } as const;
  expect([secondary.enter('a', read), secondary.enter('a', read)]).toEqual([undefined, undefined]);
  expect(secondary.enter('a', read)).toMatchObject({ limit: 'concurrent', status: 403, retryAfter: 1 });
  expect(secondary.enter('b', read)).toBeUndefined();
  secondary.leave('a');
  expect(secondary.enter('a', read)).toBeUndefined();
  only({ concurrent: 1 });
  for (let index = 0; index < 5; index += 1) {
    expect((await client.rest('GET', `${repo}/pulls`)).status).toBe(200);
  }
});

test('jobs of one repository share a limit; other tokens have their own', async () => {
  only({ contentPerMinute: 1 });
  await blob();
  expect((await blob(testClient(github, github.githubToken('acme/gitops')))).status).toBe(403);
  expect((await blob(testClient(github, github.createToken()))).status).toBe(201);
});

test('the primary limit of the jobs of a repository is 1,000 an hour', async () => {
  const { headers } = await client.rest('GET', repo);
  expect(headers.get('x-ratelimit-limit')).toBe('1000');
  const other = await testClient(github, github.githubToken('acme/gitops')).rest('GET', repo);
  expect(other.headers.get('x-ratelimit-used')).toBe('2');
});

test('refused requests do not count', async () => {
  only({ contentPerMinute: 2 });
  await blob();
  await blob();
  for (let index = 0; index < 5; index += 1) {
    now += 10_000;
    expect((await blob()).status).toBe(403);
  }
  now += 10_000;
  expect((await blob()).status).toBe(201);
});
