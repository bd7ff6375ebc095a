import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

const name = 'acme/app';
let github: GitHubStandIn;
let client: TestClient;
const shas: Record<string, string> = {};

beforeAll(async () => {
  github = await startGitHub();
  shas.first = await github.createRepository(name, { 'a.txt': '1\n' });
  shas.second = await github.commitFiles(name, 'main', { 'a.txt': '2\n' }, { message: 'Second' });
  shas.third = await github.commitFiles(name, 'main', { 'a.txt': '3\n' }, { message: 'Third' });
  shas.side = await github.commitFiles(name, 'side', { 'b.txt': '1\n' });
  shas.fourth = await github.commitFiles(name, 'main', { 'a.txt': '4\n' });
  client = testClient(github, github.createToken({ permissions: { contents: 'read' } }));
});
afterAll(() => github.close());

test.each([
  ['first', 'third', 'ahead', 2, 0],
  ['third', 'first', 'behind', 0, 2],
  ['third', 'third', 'identical', 0, 0],
  ['fourth', 'side', 'diverged', 1, 1],
])('%s...%s is %s', async (from, to, status, ahead, behind) => {
  const { body } = await client.rest('GET', `/repos/${name}/compare/${shas[from]}...${shas[to]}`);
  expect(body).toMatchObject({ status, ahead_by: ahead, behind_by: behind, total_commits: ahead });
  github.expectNoViolations();
});

test('branches are compared, the commits between come oldest first, page by page', async () => {
  const { body } = await client.rest('GET', `/repos/${name}/compare/${shas.first}...acme:main?per_page=2`);
  expect(body).toMatchObject({
    total_commits: 3,
    merge_base_commit: { sha: shas.first },
    commits: [{ sha: shas.second, commit: { message: 'Second' } }, { sha: shas.third }],
  });
});

test('a commit that is not there is 404', async () => {
  expect((await client.rest('GET', `/repos/${name}/compare/main...${'f'.repeat(40)}`)).status).toBe(404);
});
