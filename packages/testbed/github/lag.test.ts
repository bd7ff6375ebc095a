import { afterEach, beforeEach, expect, test } from 'vitest';
import { git } from './git.ts';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

const name = 'acme/gitops';
const repo = `/repos/${name}`;
let github: GitHubStandIn;
let client: TestClient;
let now = Date.now();

beforeEach(async () => {
  github = await startGitHub({ now: () => now });
  await github.createRepository(name, { 'a/b.yaml': 'x: 1\n' }, { private: false });
  client = testClient(github, github.createToken());
});
afterEach(() => github.close());

const listed = async (ref = 'refs/heads/main'): Promise<string> =>
  (await git('/', ['ls-remote', `${github.url}/${name}`, ref])).slice(0, 40);
const shown = async (): Promise<unknown> =>
  Object(Object((await client.rest('GET', `${repo}/git/ref/heads/main`)).body).object).sha;

async function commit(): Promise<{ before: string; after: string }> {
  const before = await github.head(name);
  await client.commit(name, before);
  return { before, after: await github.head(name) };
}

test('Git shows the old head for so many reads, and REST the new one at once', async () => {
  github.lags.rules = { git: { reads: 2 } };
  const { before, after } = await commit();
  expect(after).not.toBe(before);
  expect(await shown()).toBe(after);
  expect([await listed(), await listed(), await listed()]).toEqual([before, before, after]);
});

test('REST shows the old head for so many milliseconds, and the commit itself does not wait for it', async () => {
  github.lags.rules = { rest: { ms: 500 } };
  const { before, after } = await commit();
  expect([await shown(), await listed()]).toEqual([before, after]);
  expect(JSON.stringify((await client.commit(name, before)).body)).toContain('STALE_DATA');
  now += 500;
  expect(await shown()).toBe(after);
});

test('a new branch is not there at first', async () => {
  github.lags.rules = { git: { reads: 1 } };
  const sha = await github.head(name);
  await client.rest('POST', `${repo}/git/refs`, { ref: 'refs/heads/new', sha });
  expect([await listed('refs/heads/new'), await listed('refs/heads/new')]).toEqual(['', sha]);
});

test('a new pull request is missing in lists at first, and is there by its number', async () => {
  github.lags.rules = { pulls: { reads: 1 } };
  await github.commitFiles(name, 'topic', { 'a/b.yaml': 'x: 2\n' });
  await client.rest('POST', `${repo}/pulls`, { title: 'T', head: 'topic', base: 'main' });
  const list = async (): Promise<unknown> => (await client.rest('GET', `${repo}/pulls`)).body;
  expect((await client.rest('GET', `${repo}/pulls/1`)).status).toBe(200);
  expect(await list()).toEqual([]);
  expect(await list()).toMatchObject([{ number: 1 }]);
});
