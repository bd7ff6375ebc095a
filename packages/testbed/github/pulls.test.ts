import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

const name = 'acme/gitops';
const repo = `/repos/${name}`;
const mutation = (field: string): string =>
  `mutation($input: ${field.charAt(0).toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { pullRequest { number isDraft autoMergeRequest { mergeMethod } } } }`;

let github: GitHubStandIn;
let client: TestClient;
let count = 0;
let pull: { number: number; node_id: string };

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository(name, { 'a.yaml': 'x: 1\n' });
  client = testClient(github, github.createToken({ actor: 'sluice[bot]' }));
});
beforeEach(async () => {
  count += 1;
  const head = `topic-${count}`;
  await github.commitFiles(name, head, { 'a.yaml': `x: ${head}\n` });
  const made = await client.rest('POST', `${repo}/pulls`, { title: 'T', head, base: 'main' });
  const { number, node_id } = Object(made.body);
  pull = { number, node_id };
  Object.assign(github.repository(name), { allowsAutoMerge: true, allowsDrafts: true });
  github.repository(name).gates.clear();
});
afterEach(() => github.expectNoViolations());
afterAll(() => github.close());

const get = async (): Promise<unknown> => (await client.rest('GET', `${repo}/pulls/${pull.number}`)).body;
const run = async (field: string, over: object = {}, as = client): Promise<unknown> =>
  (await as.graphql(mutation(field), { input: { pullRequestId: pull.node_id, ...over } })).body;
const ask = (body: object, as = client) =>
  as.rest('POST', `${repo}/pulls/${pull.number}/requested_reviewers`, body);

describe('reviewers', () => {
  test('are asked and shown', async () => {
    expect((await ask({ reviewers: ['bob'], team_reviewers: ['ops'] })).status).toBe(201);
    expect(await get()).toMatchObject({
      requested_reviewers: [{ login: 'bob' }],
      requested_teams: [{ slug: 'ops' }],
    });
  });

  const collaborators = 'Reviews may only be requested from collaborators.';
  test.each([
    ['the author', { reviewers: ['Sluice[bot]'] }, 'Validation Failed'],
    ['a stranger', { reviewers: ['bob', 'mallory'] }, collaborators],
    ['a team that is not there', { team_reviewers: ['none'] }, collaborators],
  ])('are not asked when one is %s, and none of the others either', async (_, body, message) => {
    const answer = await ask(body);
    expect(answer.status).toBe(422);
    expect(Object(answer.body).message).toContain(message);
    expect(await get()).toMatchObject({ requested_reviewers: [], requested_teams: [] });
  });

  test('of a team need members: read, which no GITHUB_TOKEN has', async () => {
    const job = testClient(github, github.githubToken(name));
    const refused = await ask({ team_reviewers: ['ops'] }, job);
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('Could not resolve to a node with the global id');
    expect((await ask({ reviewers: ['bob'] }, job)).status).toBe(201);
  });

  test('are 15 at most', async () => {
    const many = Array.from({ length: 16 }, (_, index) => `user-${index}`);
    for (const one of many) github.repository(name).collaborators.add(one);
    expect((await ask({ reviewers: many })).status).toBe(422);
    expect((await ask({ reviewers: many.slice(1) })).status).toBe(201);
  });
});

describe('auto-merge', () => {
  const error = (message: string): object => ({ errors: [{ type: 'UNPROCESSABLE', message }] });

  test('waits for what the branch wants, is shown, and is taken back', async () => {
    github.repository(name).gates.add('main');
    expect(await run('enablePullRequestAutoMerge', { mergeMethod: 'SQUASH' })).toEqual({
      data: {
        enablePullRequestAutoMerge: {
          pullRequest: {
            number: pull.number,
            isDraft: false,
            autoMergeRequest: { mergeMethod: 'SQUASH' },
          },
        },
      },
    });
    expect(await get()).toMatchObject({
      mergeable_state: 'blocked',
      auto_merge: { merge_method: 'squash', enabled_by: { login: 'sluice[bot]' } },
    });
    await run('disablePullRequestAutoMerge');
    expect(await get()).toMatchObject({ auto_merge: null });
  });

  test('is refused when the repository does not allow it', async () => {
    github.repository(name).allowsAutoMerge = false;
    const message = 'Pull request Auto merge is not allowed for this repository';
    expect(await run('enablePullRequestAutoMerge')).toMatchObject(error(message));
  });

  test('is refused when nothing is left to wait for', async () => {
    const message = 'Pull request Pull request is in clean status';
    expect(await run('enablePullRequestAutoMerge')).toMatchObject(error(message));
  });

  test('is refused for a draft until it is ready for review', async () => {
    github.repository(name).gates.add('main');
    await run('convertPullRequestToDraft');
    expect(await run('enablePullRequestAutoMerge')).toMatchObject({ errors: [{ type: 'UNPROCESSABLE' }] });
    await run('markPullRequestReadyForReview');
    expect(await run('enablePullRequestAutoMerge')).not.toHaveProperty('errors');
  });

  test('needs contents: write beside pull_requests: write', async () => {
    const half = testClient(github, github.createToken({ permissions: { pull_requests: 'write' } }));
    expect(await run('enablePullRequestAutoMerge', {}, half)).toMatchObject({
      errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
    });
  });

  test('ends when the pull request is closed', async () => {
    github.repository(name).gates.add('main');
    await run('enablePullRequestAutoMerge');
    await client.rest('PATCH', `${repo}/pulls/${pull.number}`, { state: 'closed' });
    expect(await get()).toMatchObject({ state: 'closed', auto_merge: null });
  });
});

test('a draft is refused where the plan has none', async () => {
  github.repository(name).allowsDrafts = false;
  await github.commitFiles(name, 'draft', { 'a.yaml': 'x: 0\n' });
  const body = { title: 'T', head: 'draft', base: 'main', draft: true };
  const refused = await client.rest('POST', `${repo}/pulls`, body);
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain('Draft pull requests are not supported');
});

test('a pull request whose branch is deleted is closed', async () => {
  await client.rest('DELETE', `${repo}/git/refs/heads/topic-${count}`);
  expect(await get()).toMatchObject({ state: 'closed', merged: false });
});
