import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { base64, commitQuery, type TestClient, testClient } from './test-client.ts';

let github: GitHubStandIn;
let client: TestClient;

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository('acme/gitops', {
    'a/b.yaml': 'x: 1\n',
    'run.sh': { content: '#!/bin/sh\n', mode: '100755' },
  });
  client = testClient(github, github.createToken({ actor: 'sluice[bot]' }));
});
afterEach(() => github.expectNoViolations());
afterAll(() => github.close());

test('a commit on the expected head is made by the token, and only its files change', async () => {
  const before = await github.head('acme/gitops');
  const { body } = await client.commit('acme/gitops', before);
  const after = await github.head('acme/gitops');
  const url = `${github.url}/acme/gitops/commit/${after}`;
  expect(body).toEqual({ data: { createCommitOnBranch: { commit: { oid: after, url } } } });
  const [entry] = await github.log('acme/gitops');
  expect(entry).toMatchObject({ sha: after, parents: [before], author: 'sluice[bot]', message: 'Set x' });
  expect(String(await github.readFile('acme/gitops', 'main', 'a/b.yaml'))).toBe('x: 2\n');
  expect(String(await github.readFile('acme/gitops', before, 'run.sh'))).toBe('#!/bin/sh\n');
});

test('a commit on a stale head is refused in the shape that GitHub gives', async () => {
  const stale = await github.head('acme/gitops');
  await github.commitFiles('acme/gitops', 'main', { 'other.yaml': 'y: 1\n' });
  expect((await client.commit('acme/gitops', stale)).body).toEqual({
    data: { createCommitOnBranch: null },
    errors: [
      {
        type: 'STALE_DATA',
        path: ['createCommitOnBranch'],
        locations: [{ line: 1, column: commitQuery.indexOf('createCommitOnBranch(') + 1 }],
        message: `Expected branch to point to "${stale}" but it did not.  Pull and try again.`,
      },
    ],
  });
});

test('of several commits on the same head one wins', async () => {
  const head = await github.head('acme/gitops');
  const answers = await Promise.all([1, 2, 3, 4].map(() => client.commit('acme/gitops', head)));
  const won = answers.filter(({ body }) => !JSON.stringify(body).includes('STALE_DATA'));
  expect(won).toHaveLength(1);
  expect((await github.log('acme/gitops'))[0]?.parents).toEqual([head]);
});

test('a commit deletes files, and not those that are not there', async () => {
  await github.commitFiles('acme/gitops', 'main', { 'old.yaml': 'x' });
  const deletion = (path: string): object => ({ fileChanges: { deletions: [{ path }] } });
  await client.commit('acme/gitops', await github.head('acme/gitops'), deletion('old.yaml'));
  expect(await github.readFile('acme/gitops', 'main', 'old.yaml')).toBeUndefined();
  const again = await client.commit('acme/gitops', await github.head('acme/gitops'), deletion('old.yaml'));
  expect(JSON.stringify(again.body)).toContain('requested for deletion which does not exist');
});

test('bytes that are no text pass unchanged', async () => {
  const contents = Buffer.from([0, 255, 13, 10, 0xef, 0xbb, 0xbf]);
  const addition = { path: 'ü/raw.bin', contents: contents.toString('base64') };
  await client.commit('acme/gitops', await github.head('acme/gitops'), {
    fileChanges: { additions: [addition] },
  });
  expect(await github.readFile('acme/gitops', 'main', 'ü/raw.bin')).toEqual(contents);
});

test('a pull request follows its branch, is found by it, and is merged', async () => {
  await github.commitFiles('acme/gitops', 'change', { 'pr.yaml': 'x: 3\n' });
  const pull = { title: 'Change', head: 'change', base: 'main' };
  expect((await client.rest('POST', '/repos/acme/gitops/pulls', pull)).status).toBe(201);
  const twice = await client.rest('POST', '/repos/acme/gitops/pulls', pull);
  expect(twice).toMatchObject({
    status: 422,
    body: { errors: [{ message: 'A pull request already exists for acme:change.' }] },
  });
  const sha = await github.commitFiles('acme/gitops', 'change', { 'pr.yaml': 'x: 4\n' });
  const found = await client.rest('GET', '/repos/acme/gitops/pulls?head=acme:change&state=open');
  expect(found.body).toMatchObject([{ number: 1, head: { sha } }]);
  await github.mergePullRequest('acme/gitops', 1, 'bob');
  expect((await client.rest('GET', '/repos/acme/gitops/pulls/1')).body).toMatchObject({
    merged: true,
    state: 'closed',
  });
  expect(String(await github.readFile('acme/gitops', 'main', 'pr.yaml'))).toBe('x: 4\n');
  expect((await github.log('acme/gitops'))[0]).toMatchObject({ author: 'bob' });
});

test('a new branch takes a commit of the API', async () => {
  const sha = await github.head('acme/gitops');
  await client.rest('POST', '/repos/acme/gitops/git/refs', { ref: 'refs/heads/sluice/x', sha });
  const branch = { repositoryNameWithOwner: 'acme/gitops', branchName: 'sluice/x' };
  const additions = [{ path: 'n.yaml', contents: base64('n: 1\n') }];
  await client.commit('acme/gitops', sha, { branch, fileChanges: { additions } });
  expect(String(await github.readFile('acme/gitops', 'sluice/x', 'n.yaml'))).toBe('n: 1\n');
  expect(await github.head('acme/gitops')).toBe(sha);
});
