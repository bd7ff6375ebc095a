import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { testClient } from './test-client.ts';

const name = 'acme/gitops';
const repo = `/repos/${name}`;
let github: GitHubStandIn;

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository(name, { 'a.yaml': 'x: 1\n' });
  github.repository(name).parksBotRuns = true;
});
afterAll(() => github.close());

async function open(branch: string, token: string): Promise<string> {
  const sha = await github.commitFiles(name, branch, { 'a.yaml': `x: ${branch}\n` });
  await testClient(github, token).rest('POST', `${repo}/pulls`, { title: 'T', head: branch, base: 'main' });
  return sha;
}

const runs = async (query: string, permissions = { actions: 'read' } as const) =>
  testClient(github, github.githubToken(name, permissions)).rest('GET', `${repo}/actions/runs?${query}`);

test("a pull request of GitHub's own bot has a run that waits for approval, for each head", async () => {
  const job = github.githubToken(name);
  const first = await open('bot', job);
  const expected = {
    total_count: 1,
    workflow_runs: [
      { head_sha: first, status: 'completed', conclusion: 'action_required', pull_requests: [{ number: 1 }] },
    ],
  };
  expect((await runs(`head_sha=${first}`)).body).toMatchObject(expected);
  const second = await github.commitFiles(name, 'bot', { 'a.yaml': 'x: 3\n' });
  expect((await runs(`head_sha=${second}&status=action_required`)).body).toMatchObject({ total_count: 1 });
  expect((await runs('branch=bot')).body).toMatchObject({ total_count: 2 });
  github.expectNoViolations();
});

test("a pull request of an App's token has none that waits", async () => {
  const sha = await open('app', github.createToken({ actor: 'sluice[bot]' }));
  expect((await runs(`head_sha=${sha}`)).body).toEqual({ total_count: 0, workflow_runs: [] });
});

test('runs need actions: read', async () => {
  const refused = await testClient(github, github.createToken({ permissions: {} })).rest(
    'GET',
    `${repo}/actions/runs`,
  );
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-accepted-github-permissions')).toBe('actions=read');
});

test('a run that a test adds is found by its head', async () => {
  const run = { id: 7, name: 'Deploy', path: '.github/workflows/deploy.yml', event: 'push', actor: 'alice' };
  const headSha = 'a'.repeat(40);
  const state = { status: 'in_progress', conclusion: null } as const;
  github.repository(name).runs.push({ ...run, headBranch: 'main', headSha, createdAt: 0, ...state });
  expect((await runs(`head_sha=${headSha}`)).body).toMatchObject({
    workflow_runs: [{ id: 7, status: 'in_progress' }],
  });
});
