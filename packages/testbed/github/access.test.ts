import { createSign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { testClient } from './test-client.ts';
import type { App, Permissions } from './types.ts';

let github: GitHubStandIn;
let now = Date.now();
const docs = 'https://docs.github.com/rest';

beforeAll(async () => {
  github = await startGitHub({ now: () => now });
  await github.createRepository('acme/gitops', { 'a/b.yaml': 'x: 1\n' });
  await github.createRepository('acme/app', { 'README.md': '# App\n' });
  await github.createRepository('acme/open', { 'README.md': '# Open\n' }, { private: false });
});
afterEach(() => github.expectNoViolations());
afterAll(() => github.close());

const withPermissions = (permissions: Permissions) => testClient(github, github.createToken({ permissions }));

describe('a token', () => {
  test('that GitHub does not know, or none, is 401', async () => {
    expect(await testClient(github, 'ghs_wrong').rest('GET', '/repos/acme/gitops')).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials', documentation_url: docs, status: '401' },
    });
    expect((await testClient(github, '').rest('GET', '/repos/acme/gitops')).status).toBe(401);
    expect((await testClient(github, 'ghs_wrong').commit('acme/gitops', '0'.repeat(40))).status).toBe(401);
  });

  test('is refused from the moment it expires or is revoked', async () => {
    const short = github.createToken({ ttl: 60_000 });
    const client = testClient(github, short);
    expect((await client.rest('GET', '/repos/acme/gitops')).status).toBe(200);
    now += 60_000;
    expect((await client.rest('GET', '/repos/acme/gitops')).status).toBe(401);
    const long = github.createToken();
    github.tokens.revoke(long);
    expect((await testClient(github, long).rest('GET', '/repos/acme/gitops')).status).toBe(401);
  });

  test('of a job reaches its own repository and sees no other private one', async () => {
    const client = testClient(github, github.githubToken('acme/app'));
    expect((await client.rest('GET', '/repos/acme/app')).status).toBe(200);
    expect(await client.rest('GET', '/repos/acme/gitops')).toMatchObject({
      status: 404,
      body: { message: 'Not Found', documentation_url: `${docs}/repos/repos#get-a-repository` },
    });
    const { body } = await client.commit('acme/gitops', await github.head('acme/gitops'));
    expect(body).toMatchObject({ errors: [{ type: 'NOT_FOUND' }] });
  });

  test('reads a public repository that it does not reach, and does not write to it', async () => {
    const client = testClient(github, github.githubToken('acme/app'));
    expect((await client.rest('GET', '/repos/acme/open/branches/main')).status).toBe(200);
    const sha = await github.head('acme/open');
    const write = await client.rest('POST', '/repos/acme/open/git/refs', { ref: 'refs/heads/a', sha });
    expect(write.status).toBe(403);
  });

  const missing: readonly [string, Permissions, string, string, object | undefined, string][] = [
    [
      'contents: read',
      { contents: 'read' },
      'POST',
      'git/refs',
      { ref: 'refs/heads/a', sha: '0'.repeat(40) },
      'contents=write',
    ],
    ['no pull_requests', { contents: 'write' }, 'GET', 'pulls', undefined, 'pull_requests=read'],
    [
      'pull_requests: read',
      { pull_requests: 'read' },
      'POST',
      'pulls',
      { title: 'T', head: 'a', base: 'main' },
      'pull_requests=write',
    ],
    ['no deployments', { contents: 'write' }, 'GET', 'deployments', undefined, 'deployments=read'],
    [
      'deployments: read',
      { deployments: 'read' },
      'POST',
      'deployments',
      { ref: 'main', auto_merge: false, required_contexts: [] },
      'deployments=write',
    ],
  ];
  test.each(
    missing,
  )('with %s only is 403, and the header says what it needs', async (_, permissions, method, path, body, accepted) => {
    const answer = await withPermissions(permissions).rest(method, `/repos/acme/gitops/${path}`, body);
    expect(answer).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    expect(answer.headers.get('x-accepted-github-permissions')).toBe(accepted);
  });

  test('without contents: write makes no commit by GraphQL', async () => {
    const head = await github.head('acme/gitops');
    expect((await withPermissions({ contents: 'read' }).commit('acme/gitops', head)).body).toMatchObject({
      data: { createCommitOnBranch: null },
      errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
    });
    expect(await github.head('acme/gitops')).toBe(head);
  });
});

test('workflow files need a permission of their own', async () => {
  const head = await github.head('acme/gitops');
  const additions = [{ path: '.github/workflows/ci.yml', contents: 'b246IHt9Cg==' }];
  const commit = (permissions: Permissions) =>
    withPermissions(permissions).commit('acme/gitops', head, { fileChanges: { additions } });
  expect((await commit({ contents: 'write' })).body).toMatchObject({ errors: [{ type: 'FORBIDDEN' }] });
  await commit({ contents: 'write', workflows: 'write' });
  expect(await github.head('acme/gitops')).not.toBe(head);
});

describe('an App', () => {
  let app: App;
  beforeAll(() => {
    const repositories = ['acme/gitops', 'acme/app'];
    app = github.createApp({ owner: 'acme', repositories, permissions: { contents: 'write' } });
  });

  const jwt = (claims: object, key = app.privateKey): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
  };
  const seconds = (): number => Math.floor(now / 1000);
  const good = (): object => ({ iss: app.id, iat: seconds() - 30, exp: seconds() + 570 });

  test('finds its installation and gets a token for an hour that reaches what was asked for', async () => {
    const client = testClient(github, jwt(good()));
    const found = await client.rest('GET', '/repos/acme/gitops/installation');
    expect(found).toMatchObject({ status: 200, body: { id: app.installationId, app_id: app.id } });
    const made = await client.rest('POST', `/app/installations/${app.installationId}/access_tokens`, {
      repositories: ['gitops'],
    });
    expect(made).toMatchObject({
      status: 201,
      body: { permissions: { contents: 'write', metadata: 'read' } },
    });
    const { token, expires_at: expires } = Object(made.body);
    expect(Date.parse(expires)).toBe(Math.floor((now + 3_600_000) / 1000) * 1000);
    const minted = testClient(github, token);
    const read = await minted.rest('GET', '/repos/acme/gitops');
    expect([read.status, read.headers.get('x-ratelimit-limit')]).toEqual([200, '5000']);
    expect((await minted.rest('GET', '/repos/acme/app')).status).toBe(404);
    now += 3_600_001;
    expect((await minted.rest('GET', '/repos/acme/gitops')).status).toBe(401);
  });

  test('gets no token for a repository or a permission that it does not have', async () => {
    const client = testClient(github, jwt(good()));
    const path = `/app/installations/${app.installationId}/access_tokens`;
    expect((await client.rest('POST', path, { repositories: ['open'] })).status).toBe(422);
    expect((await client.rest('POST', path, { permissions: { deployments: 'write' } })).status).toBe(422);
    expect((await client.rest('GET', '/repos/acme/open/installation')).status).toBe(404);
  });

  test('is refused with a token that is signed by another key, too long, over, or of another App', async () => {
    const other = github.createApp({ owner: 'acme', repositories: [], permissions: {} });
    const bad = [
      jwt(good(), other.privateKey),
      jwt({ ...good(), exp: seconds() + 660 }),
      jwt({ ...good(), exp: seconds() - 1 }),
      jwt({ ...good(), iss: 1 }),
      'no.token.at-all',
    ];
    for (const token of bad) {
      const answer = await testClient(github, token).rest('GET', '/repos/acme/gitops/installation');
      expect(answer.status).toBe(401);
    }
  });
});

test('a setting keeps GitHub Actions, and only it, from opening pull requests', async () => {
  await github.commitFiles('acme/app', 'topic', { 'README.md': '# Other\n' });
  github.repository('acme/app').actionsMayCreatePullRequests = false;
  const pull = { title: 'T', head: 'topic', base: 'main' };
  const job = testClient(github, github.githubToken('acme/app'));
  expect(await job.rest('POST', '/repos/acme/app/pulls', pull)).toMatchObject({
    status: 403,
    body: {
      message: 'GitHub Actions is not permitted to create or approve pull requests.',
      documentation_url: `${docs}/pulls/pulls#create-a-pull-request`,
    },
  });
  const app = testClient(github, github.createToken({ actor: 'sluice[bot]' }));
  expect((await app.rest('POST', '/repos/acme/app/pulls', pull)).status).toBe(201);
});
