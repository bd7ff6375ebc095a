import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { testClient } from './test-client.ts';

const repository = 'acme/gitops';
const mutation = 'mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }';

let github: GitHubStandIn;
beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository(repository, { 'a.yaml': 'x: 1\n' });
});
afterAll(() => github.close());

/** A branch with a commit of its own, and the request that moves it back to the base branch. */
async function stage(branch: string) {
  const client = testClient(github, github.createToken());
  const start = await github.head(repository);
  await client.rest('POST', `/repos/${repository}/git/refs`, { ref: `refs/heads/${branch}`, sha: start });
  const head = await github.commitFiles(repository, branch, { 'a.yaml': `x: ${branch}\n` });
  const { body } = await client.rest('GET', `/repos/${repository}`);
  const repositoryId: unknown = Object(body).node_id;
  const move = (over: object, token = github.createToken()) => {
    const update = { name: `refs/heads/${branch}`, beforeOid: head, afterOid: start, force: true, ...over };
    return testClient(github, token).graphql(mutation, { input: { repositoryId, refUpdates: [update] } });
  };
  return { client, start, head, move, now: () => github.head(repository, branch) };
}

test('moves a branch back, and closes the pull request that has no commit any more', async () => {
  const { client, start, move, now } = await stage('back');
  const pull = { head: 'back', base: 'main', title: 'Back' };
  expect((await client.rest('POST', `/repos/${repository}/pulls`, pull)).status).toBe(201);
  expect((await move({})).body).toEqual({ data: { updateRefs: { clientMutationId: null } } });
  expect(await now()).toBe(start);
  expect([...github.repository(repository).pulls.values()]).toMatchObject([{ state: 'closed' }]);
  github.expectNoViolations();
});

test.each([
  { why: 'it stands elsewhere', over: { beforeOid: 'f'.repeat(40) } },
  { why: 'it must not exist', over: { beforeOid: '0'.repeat(40) } },
  { why: 'the other commit does not follow, and no force is asked for', over: { force: false } },
  { why: 'there is no such commit', over: { afterOid: 'e'.repeat(40) } },
])('leaves a branch where it is: $why', async ({ why, over }) => {
  const { head, move, now } = await stage(`kept-${why.length}`);
  expect((await move(over)).body).toMatchObject({ errors: [{ type: 'UNPROCESSABLE' }] });
  expect(await now()).toBe(head);
  github.expectNoViolations();
});

test('deletes a branch that shall be all zeros, while it stands where it is expected', async () => {
  const { head, move, now } = await stage('gone');
  const afterOid = '0'.repeat(40);
  expect((await move({ afterOid, beforeOid: 'f'.repeat(40) })).body).toMatchObject({
    errors: [{ type: 'UNPROCESSABLE' }],
  });
  expect(await now()).toBe(head);
  expect((await move({ afterOid })).body).toEqual({ data: { updateRefs: { clientMutationId: null } } });
  await expect(now()).rejects.toThrow('no branch');
  github.expectNoViolations();
});

test('needs contents: write', async () => {
  const { head, move, now } = await stage('read');
  const token = github.createToken({ permissions: { contents: 'read' } });
  expect((await move({}, token)).body).toMatchObject({ errors: [{ type: 'FORBIDDEN' }] });
  expect(await now()).toBe(head);
});

test('force without the commit that is expected is a violation', async () => {
  const { head, move, now } = await stage('blind');
  expect((await move({ beforeOid: null })).body).toMatchObject({ errors: [{ type: 'UNPROCESSABLE' }] });
  expect(await now()).toBe(head);
  expect(() => github.expectNoViolations()).toThrow('is forced whatever stands there');
});
