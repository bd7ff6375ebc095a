import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { testClient } from './test-client.ts';

const name = 'acme/app';
const repo = `/repos/${name}`;
let github: GitHubStandIn;
let sha: string;

beforeAll(async () => {
  github = await startGitHub();
  sha = await github.createRepository(name, { '.github/workflows/ci.yml': 'on: push\n' });
});
afterAll(async () => {
  github.expectNoViolations();
  await github.close();
});

const get = (path: string) => testClient(github, github.createToken()).rest('GET', `${repo}${path}`);

test('the last check of a name counts for each run of a workflow; all are listed on request', async () => {
  const check = {
    app: 'github-actions',
    name: 'build',
    headSha: sha,
    title: '',
    summary: '',
    text: null,
    at: 0,
  };
  github
    .repository(name)
    .checkRuns.push(
      { ...check, id: 1, runId: 7, status: 'completed', conclusion: 'failure' },
      { ...check, id: 2, runId: 7, status: 'completed', conclusion: 'success' },
      { ...check, id: 3, runId: 8, status: 'queued', conclusion: null },
    );
  const latest = await get(`/commits/${sha}/check-runs`);
  expect(latest.body).toMatchObject({
    total_count: 2,
    check_runs: [
      { id: 2, check_suite: { id: 7 }, details_url: expect.stringMatching(/\/actions\/runs\/7\/job\/2$/) },
      { id: 3, check_suite: { id: 8 } },
    ],
  });
  expect((await get(`/commits/${sha}/check-runs?filter=all&per_page=1&page=3`)).body).toMatchObject({
    total_count: 3,
    check_runs: [{ id: 3 }],
  });
});

test('statuses are listed newest first, each with who gave it', async () => {
  const status = { sha, context: 'ci/x', creator: 'ci[bot]', at: 0 };
  github
    .repository(name)
    .statuses.push({ ...status, id: 1, state: 'pending' }, { ...status, id: 2, state: 'success' });
  expect((await get(`/commits/${sha}/statuses`)).body).toMatchObject([
    { state: 'success', creator: { login: 'ci[bot]' } },
    { state: 'pending' },
  ]);
});

test('the jobs of an attempt are listed, and those of another are not found', async () => {
  github.repository(name).runs.push({
    ...{
      id: 7,
      name: 'CI',
      path: '.github/workflows/ci.yml',
      event: 'push',
      headBranch: 'main',
      headSha: sha,
    },
    ...{ actor: 'alice', createdAt: 0, status: 'in_progress', conclusion: null, attempt: 2 },
    jobs: [{ id: 2, name: 'build', status: 'completed', conclusion: 'success' }],
  });
  expect((await get('/actions/runs/7/attempts/2/jobs')).body).toMatchObject({
    jobs: [{ name: 'build', run_attempt: 2 }],
  });
  expect((await get('/actions/runs/7/attempts/1/jobs')).status).toBe(404);
});

test('a file is read at a commit', async () => {
  const found = await get(`/contents/.github%2Fworkflows%2Fci.yml?ref=${sha}`);
  expect(found.body).toMatchObject({ type: 'file', content: Buffer.from('on: push\n').toString('base64') });
  expect((await get(`/contents/other.yml?ref=${sha}`)).status).toBe(404);
});
