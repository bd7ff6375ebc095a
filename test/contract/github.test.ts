import { readFileSync } from 'node:fs';
import { operations } from '@sluice/testbed/github/operations';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import { base64, commitQuery, type TestClient, testClient } from '@sluice/testbed/github/test-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const repo = '/repos/acme/gitops';
let github: GitHubStandIn;
let client: TestClient;
let head: string;
let deployment: string;
let tree: string;
let comment: string;
let issue: string;
const asset = 77;
const runs = `${repo}/actions/runs`;
const plainFile = { path: 'n', mode: '100644', type: 'blob', content: 'n' };

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

beforeAll(async () => {
  github = await startGitHub();
  head = await github.createRepository('acme/gitops', { 'a/b.yaml': 'x: 1\n' });
  client = testClient(github, github.createToken());
  await github.commitFiles('acme/gitops', 'topic', { 'a/b.yaml': 'x: 2\n' });
  const made = await client.rest('POST', `${repo}/deployments`, {
    ref: 'main',
    auto_merge: false,
    required_contexts: [],
  });
  deployment = `${repo}/deployments/${field(made.body, 'id')}`;
  github.repository('acme/gitops').parksBotRuns = true;
  comment = await commented();
  const { body: opened } = await client.rest('POST', `${repo}/issues`, { title: 'T' });
  issue = `${repo}/issues/${field(opened, 'number')}`;
  addRuns();
  const assets = [{ id: asset, name: 'sbom.cdx.json', content: Buffer.from('{}') }];
  github.repository('acme/gitops').releases.push({ id: 76, tag: 'v1/0', assets });
  const { body } = await client.rest('GET', `${repo}/git/commits/${head}`);
  tree = String(field(field(body, 'tree'), 'sha'));
});
/** One of each kind: its own, a fork's, of a fork that is gone; and the group that one of them is in. */
function addRuns(): void {
  const state = github.repository('acme/gitops');
  const run = { name: 'Deploy', path: '.github/workflows/deploy.yml', event: 'push', actor: 'alice' };
  const at = { headBranch: 'main', headSha: 'a'.repeat(40), createdAt: 0, conclusion: null };
  const queued = { ...run, ...at, status: 'queued' } as const;
  state.runs.push(
    { ...queued, id: 1, title: 'Deploy [sluice shop/qa]', attempt: 2 },
    { ...queued, id: 2, headRepository: 99, pulls: [] },
    { ...queued, id: 3, headRepository: null, workflowId: 5 },
    { ...queued, id: 4, onCancel: 'stays' },
  );
  state.concurrencyGroups.set('sluice shop/qa', [{ run: 1, status: 'pending' }]);
}

/** A pull request with a comment, before the others. */
async function commented(): Promise<string> {
  await github.commitFiles('acme/gitops', 'first', { 'a/b.yaml': 'x: 0\n' });
  await client.rest('POST', `${repo}/pulls`, { title: 'T', head: 'first', base: 'main' });
  const { body } = await client.rest('POST', `${repo}/issues/1/comments`, { body: 'B' });
  return `${repo}/issues/comments/${field(body, 'id')}`;
}

beforeEach(() => {
  github.violations.length = 0;
});
afterAll(() => github.close());

test("the slice of GitHub's description holds the operations that the stand-in answers, and no others", () => {
  const slice: unknown = JSON.parse(readFileSync(new URL('github.openapi.json', import.meta.url), 'utf8'));
  const paths = Object.entries(field(slice, 'paths') ?? {});
  const found = paths.flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(found.sort()).toEqual([...operations].sort());
});

describe("each answer of the stand-in fits GitHub's description", () => {
  test('to good requests of every operation on a repository', async () => {
    const good: readonly [string, string, number, unknown?][] = [
      ['GET', '/rate_limit', 200],
      ['GET', repo, 200],
      ['GET', `${repo}/branches/main`, 200],
      ['GET', `${repo}/git/ref/heads/main`, 200],
      ['POST', `${repo}/git/refs`, 201, { ref: 'refs/heads/sluice/a', sha: head }],
      ['PATCH', `${repo}/git/refs/heads/sluice/a`, 200, { sha: head, force: true }],
      ['DELETE', `${repo}/git/refs/heads%2Fsluice%2Fa`, 204],
      ['POST', `${repo}/git/blobs`, 201, { content: 'x', encoding: 'utf-8' }],
      ['POST', `${repo}/git/trees`, 201, { base_tree: head, tree: [plainFile] }],
      ['GET', `${repo}/git/trees/main`, 200],
      ['POST', `${repo}/git/commits`, 201, { message: 'M', tree, parents: [head] }],
      ['GET', `${repo}/git/commits/${head}`, 200],
      ['GET', `${repo}/compare/main...topic?per_page=1&page=1`, 200],
      ['POST', `${repo}/pulls`, 201, { title: 'T', head: 'topic', base: 'main', body: 'B', draft: true }],
      ['GET', `${repo}/pulls?state=all&head=acme:topic&base=main&per_page=10&page=1`, 200],
      ['GET', `${repo}/pulls/1`, 200],
      ['PATCH', `${repo}/pulls/1`, 200, { title: 'U', body: 'C' }],
      ['GET', `${repo}/issues/1/timeline?per_page=100&page=1`, 200],
      ['POST', `${repo}/issues/1/labels`, 200, { labels: ['deployment'] }],
      ['GET', `${repo}/issues/1/labels`, 200],
      ['POST', `${repo}/issues/1/comments`, 201, { body: 'B' }],
      ['GET', `${repo}/issues/1/comments?per_page=1&since=2026-01-01T00:00:00Z`, 200],
      ['GET', comment, 200],
      ['PATCH', comment, 200, { body: 'C' }],
      ['POST', `${repo}/issues`, 201, { title: 'T', body: 'B', labels: ['security'] }],
      ['GET', `${repo}/issues?state=all&labels=security&since=2026-01-01T00:00:00Z&per_page=100`, 200],
      ['GET', `${repo}/issues?sort=updated&direction=asc`, 200],
      ['GET', issue, 200],
      ['GET', `${repo}/issues/1`, 200],
      ['PATCH', issue, 200, { state: 'closed', state_reason: 'completed' }],
      ['PATCH', issue, 200, { state: 'open', body: 'C' }],
      ['POST', `${issue}/comments`, 201, { body: 'B' }],
      ['POST', `${issue}/labels`, 200, { labels: ['deployment'] }],
      ['GET', `${repo}/releases/tags/v1%2F0`, 200],
      ['GET', `${repo}/releases/assets/${asset}`, 200],
      ['POST', `${repo}/pulls/1/requested_reviewers`, 201, { reviewers: ['bob'], team_reviewers: ['ops'] }],
      ['GET', `${repo}/actions/runs?head_sha=${head}&event=pull_request&per_page=100`, 200],
      ['GET', `${repo}/actions/runs?status=action_required`, 200],
      ['GET', `${runs}?status=queued&per_page=100&exclude_pull_requests=false`, 200],
      ['GET', `${runs}/3`, 200],
      ['GET', `${repo}/actions/concurrency_groups/Sluice%20shop%2Fqa`, 200],
      ['POST', `${runs}/1/cancel`, 202],
      ['POST', `${runs}/1/cancel`, 409],
      ['POST', `${runs}/1/force-cancel`, 409],
      ['POST', `${runs}/4/cancel`, 202],
      ['POST', `${runs}/4/force-cancel`, 202],
      ['GET', `${repo}/git/matching-refs/heads/mai`, 200],
      ['GET', `${repo}/git/matching-refs/heads/gh-readonly-queue/`, 200],
      ['PATCH', `${repo}/pulls/1`, 200, { state: 'closed' }],
      ['GET', `${repo}/deployments?environment=production&task=deploy&ref=main&sha=${head}`, 200],
      ['GET', deployment, 200],
      ['POST', `${deployment}/statuses`, 201, { state: 'in_progress', log_url: 'https://example.com/1' }],
      ['GET', `${deployment}/statuses?per_page=1`, 200],
    ];
    for (const [method, path, status, body] of good) {
      expect([method, path, (await client.rest(method, path, body)).status]).toEqual([method, path, status]);
    }
    github.expectNoViolations();
  });

  test('to requests that name what is not there', async () => {
    const absent: readonly [string, string, number, unknown?][] = [
      ['GET', '/repos/acme/nothing', 404],
      ['GET', `${repo}/branches/nothing`, 404],
      ['GET', `${repo}/git/ref/heads/nothing`, 404],
      ['PATCH', `${repo}/git/refs/heads/nothing`, 422, { sha: head }],
      ['DELETE', `${repo}/git/refs/heads/nothing`, 422],
      ['DELETE', `${repo}/git/refs/heads/main`, 422],
      ['POST', `${repo}/git/refs`, 422, { ref: 'refs/heads/main', sha: head }],
      ['POST', `${repo}/git/trees`, 422, { base_tree: 'f'.repeat(40), tree: [plainFile] }],
      ['GET', `${repo}/git/trees/nothing`, 404],
      ['POST', `${repo}/git/commits`, 422, { message: 'M', tree: 'f'.repeat(40) }],
      ['GET', `${repo}/git/commits/${'f'.repeat(40)}`, 404],
      ['POST', `${repo}/git/refs`, 422, { ref: 'refs/heads/a', sha: 'f'.repeat(40) }],
      ['GET', `${repo}/compare/main...nothing`, 404],
      ['GET', `${repo}/pulls/99`, 404],
      ['POST', `${repo}/pulls`, 422, { title: 'T', head: 'nothing', base: 'main' }],
      ['GET', `${repo}/issues/99/comments`, 404],
      ['GET', `${repo}/issues/comments/99`, 404],
      ['PATCH', `${repo}/issues/comments/99`, 404, { body: 'C' }],
      ['GET', `${repo}/issues/99`, 404],
      ['PATCH', `${repo}/issues/99`, 404, { body: 'C' }],
      ['GET', `${repo}/releases/tags/nothing`, 404],
      ['GET', `${repo}/releases/assets/99`, 404],
      ['GET', `${runs}/99`, 404],
      ['POST', `${runs}/99/cancel`, 404],
      ['POST', `${runs}/99/force-cancel`, 404],
      ['GET', `${repo}/actions/concurrency_groups/nothing`, 404],
      ['GET', `${repo}/deployments/99`, 404],
      ['POST', `${repo}/deployments/99/statuses`, 404, { state: 'success' }],
      ['POST', `${repo}/deployments`, 422, { ref: 'nothing', auto_merge: false, required_contexts: [] }],
    ];
    for (const [method, path, status, body] of absent) {
      expect([method, path, (await client.rest(method, path, body)).status]).toEqual([method, path, status]);
    }
    github.expectNoViolations();
  });
});

type Wrong = readonly [what: string, method: string, path: string, body?: unknown];

const good = { ref: 'main', auto_merge: false, required_contexts: [] };

/** Bodies, queries and routes that GitHub refuses or ignores; its own description would take some of them. */
const wrong: readonly Wrong[] = [
  ['an unknown route', 'GET', `${repo}/nothing`],
  ['an unknown method', 'PUT', `${repo}/pulls/1`, {}],
  ['a number that is none', 'GET', `${repo}/pulls/first`],
  ['an unknown query parameter', 'GET', `${repo}/pulls?heads=acme:topic`],
  ['a query value outside its list', 'GET', `${repo}/pulls?state=merged`],
  ['a page size that is no number', 'GET', `${repo}/deployments?per_page=all`],
  ['a filter by head without its owner', 'GET', `${repo}/pulls?head=topic`],
  ['a body where none belongs', 'DELETE', `${repo}/git/refs/heads/topic`, { force: true }],
  ['no body where one is needed', 'POST', `${repo}/deployments`],
  ['a body that is no JSON', 'POST', `${repo}/deployments`, '{"ref":'],
  ['a body that is a list', 'POST', `${repo}/deployments`, [good]],
  ['a ref without refs/', 'POST', `${repo}/git/refs`, { ref: 'heads/a', sha: '0'.repeat(40) }],
  ['a ref that Git refuses', 'POST', `${repo}/git/refs`, { ref: 'refs/heads/a..b', sha: '0'.repeat(40) }],
  ['a short SHA', 'POST', `${repo}/git/refs`, { ref: 'refs/heads/a', sha: 'abc123' }],
  ['a ref without SHA', 'POST', `${repo}/git/refs`, { ref: 'refs/heads/a' }],
  ['refs/ in the path', 'GET', `${repo}/git/ref/refs/heads/main`],
  ['a pull request without title', 'POST', `${repo}/pulls`, { head: 'topic', base: 'main' }],
  ['a pull request without base', 'POST', `${repo}/pulls`, { title: 'T', head: 'topic' }],
  ['a pull request to itself', 'POST', `${repo}/pulls`, { title: 'T', head: 'topic', base: 'topic' }],
  [
    'labels in a new pull request',
    'POST',
    `${repo}/pulls`,
    { title: 'T', head: 'topic', base: 'main', labels: [] },
  ],
  ['a mistyped key', 'POST', `${repo}/deployments`, { ref: 'main', automerge: false, required_contexts: [] }],
  ['a text for a boolean', 'POST', `${repo}/deployments`, { ...good, auto_merge: 'false' }],
  ['a number for a text', 'POST', `${repo}/deployments`, { ...good, environment: 1 }],
  ['a list as payload', 'POST', `${repo}/deployments`, { ...good, payload: [] }],
  ['contexts as a text', 'POST', `${repo}/deployments`, { ...good, required_contexts: '' }],
  ['a state outside its list', 'POST', 'deployment/statuses', { state: 'done' }],
  ['a status without state', 'POST', 'deployment/statuses', { description: 'x' }],
  [
    'a description of 141 characters',
    'POST',
    'deployment/statuses',
    { state: 'success', description: 'x'.repeat(141) },
  ],
  [
    'an address without scheme',
    'POST',
    'deployment/statuses',
    { state: 'success', log_url: 'example.com/1' },
  ],
  ['an unknown key in a status', 'POST', 'deployment/statuses', { state: 'success', ref: 'main' }],
  ['a body to cancel with', 'POST', `${runs}/2/cancel`, { force: true }],
  ['a status that no run has', 'GET', `${repo}/actions/runs?status=parked`],
  ['a comparison with two points', 'GET', `${repo}/compare/main..topic`],
  ['an empty comment', 'POST', `${repo}/issues/1/comments`, { body: ' ' }],
  ['a comment of 65,537 characters', 'POST', `${repo}/issues/1/comments`, { body: 'x'.repeat(65_537) }],
  ['an issue without title', 'POST', `${repo}/issues`, { body: 'B' }],
  ['an issue with an empty title', 'POST', `${repo}/issues`, { title: ' ' }],
  [
    'a body of an issue of 65,537 characters',
    'POST',
    `${repo}/issues`,
    { title: 'T', body: 'x'.repeat(65_537) },
  ],
  ['a state of issues that there is not', 'GET', `${repo}/issues?state=done`],
  ['a reason that there is not', 'PATCH', `${repo}/issues/1`, { state: 'closed', state_reason: 'gone' }],
  ['a title of 257 characters', 'PATCH', `${repo}/pulls/1`, { title: 'x'.repeat(257) }],
  ['a body of 65,537 characters', 'PATCH', `${repo}/pulls/1`, { body: 'x'.repeat(65_537) }],
];

test.for(wrong)('a request with %s is refused and recorded', async ([, method, path, body]) => {
  const at = path.replace(/^deployment\//, `${deployment}/`);
  const { status } = await client.rest(method, at, body);
  // GitHub takes this one and does something else than was meant.
  if (!path.includes('head=topic')) expect(status).toBeGreaterThanOrEqual(400);
  expect(github.violations.length).toBeGreaterThan(0);
  expect(() => github.expectNoViolations()).toThrow("GitHub's rules were broken");
});

test.each([
  ['auto_merge', { ref: 'main', required_contexts: [] }],
  ['required_contexts', { ref: 'main', auto_merge: false }],
])('a deployment that leaves %s to its default is recorded', async (name, body) => {
  await client.rest('POST', `${repo}/deployments`, body);
  expect(github.violations.join()).toContain(name);
});

const file = { path: 'a/b.yaml', contents: base64('x: 2\n') };
const wrongInputs: readonly [string, object][] = [
  ['an unknown key', { force: true }],
  ['a short expectedHeadOid', { expectedHeadOid: 'abc' }],
  ['no message', { message: undefined }],
  ['an empty headline', { message: { headline: ' ' } }],
  ['a headline of two lines', { message: { headline: 'a\nb' } }],
  ['contents that are not base64', { fileChanges: { additions: [{ path: 'a', contents: 'x: 2\n' }] } }],
  ['a mode', { fileChanges: { additions: [{ ...file, mode: '100755' }] } }],
  ['a path twice', { fileChanges: { additions: [file, file] } }],
  ['a path that leads out', { fileChanges: { additions: [{ ...file, path: '../a' }] } }],
  ['an absolute path', { fileChanges: { additions: [{ ...file, path: '/a' }] } }],
  [
    'a full ref as branch',
    { branch: { repositoryNameWithOwner: 'acme/gitops', branchName: 'refs/heads/main' } },
  ],
  ['a repository without owner', { branch: { repositoryNameWithOwner: 'gitops', branchName: 'main' } }],
];

test.each(wrongInputs)('createCommitOnBranch with %s is refused and recorded', async (_, over) => {
  const { body } = await client.commit('acme/gitops', head, over);
  expect(field(body, 'errors')).toBeTruthy();
  expect(github.violations.length).toBeGreaterThan(0);
  expect(await github.head('acme/gitops')).toBe(head);
});

test.each([
  ['a field that GitHub does not have', commitQuery.replace('oid', 'sha')],
  ['another operation', 'query { rateLimit { cost } }'],
  ['a mutation that we do not use', 'mutation { deleteRef(input: {refId: "x"}) { clientMutationId } }'],
  ['no GraphQL at all', 'commit please'],
])('a query with %s is refused and recorded', async (_, query) => {
  const { body } = await client.graphql(query);
  expect(field(body, 'errors')).toBeTruthy();
  expect(github.violations.length).toBeGreaterThan(0);
});
