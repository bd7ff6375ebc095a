import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

const name = 'acme/gitops';
const repo = `/repos/${name}`;

let github: GitHubStandIn;
let client: TestClient;
let head: string;

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository(name, { 'a.yaml': 'x: 1\n', 'b.yaml': 'x: 1\n' });
  head = await github.commitFiles(name, 'topic', { 'a.yaml': 'x: 2\n', 'c d.yaml': 'x: 1\n' });
  client = testClient(github, github.createToken());
  await client.rest('POST', `${repo}/pulls`, { title: 'T', head: 'topic', base: 'main' });
});
afterAll(async () => {
  github.expectNoViolations();
  await github.close();
});

const merge = (body: object) => client.rest('PUT', `${repo}/pulls/1/merge`, body);

test('a comparison names the files that differ', async () => {
  const { body } = await client.rest('GET', `${repo}/compare/main...topic`);
  expect(Object(body).files).toMatchObject([
    { filename: 'a.yaml', status: 'modified' },
    { filename: 'c d.yaml', status: 'added' },
  ]);
});

test('the timeline tells who was asked for a review, and who gave one', async () => {
  await client.rest('POST', `${repo}/pulls/1/requested_reviewers`, {
    ...{ reviewers: ['bob'], team_reviewers: ['ops'] },
  });
  github.repository(name).pulls.get(1)?.events?.push({ type: 'reviewed', at: Date.now(), by: 'bob' });
  const { body } = await client.rest('GET', `${repo}/issues/1/timeline?per_page=100&page=1`);
  expect(body).toMatchObject([
    { event: 'review_requested', requested_reviewer: { login: 'bob' } },
    { event: 'review_requested', requested_team: { slug: 'ops' } },
    { event: 'reviewed', user: { login: 'bob' } },
  ]);
});

describe('merging', () => {
  test('is refused in a way that the repository does not allow', async () => {
    github.repository(name).mergeMethods.delete('rebase');
    const { status, body } = await merge({ merge_method: 'rebase' });
    expect({ ...Object(body), status }).toMatchObject({
      status: 405,
      message: 'Rebase merges are not allowed on this repository.',
    });
  });

  test('is refused while the branch waits for something, and for another head', async () => {
    github.repository(name).gates.add('main');
    expect((await merge({ sha: head })).status).toBe(405);
    github.repository(name).gates.clear();
    expect((await merge({ sha: '0'.repeat(40) })).status).toBe(409);
  });

  test('brings the branch in, once', async () => {
    const { status, body } = await merge({ sha: head, merge_method: 'squash' });
    expect({ status, ...Object(body) }).toMatchObject({
      status: 200,
      merged: true,
      sha: await github.head(name),
    });
    expect((await merge({ sha: head })).status).toBe(405);
  });
});
