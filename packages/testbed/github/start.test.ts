import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';

const run = promisify(execFile);
let github: GitHubStandIn;
let token: string;
let head: string;

beforeAll(async () => {
  github = await startGitHub();
  head = await github.createRepository('acme/gitops', {
    'a/b.yaml': 'x: 1\n',
    'run.sh': { content: '#!/bin/sh\n', mode: '100755' },
  });
  token = github.createToken();
});
afterAll(async () => {
  github.expectNoViolations();
  await github.close();
});

const rest = async (
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`${github.apiUrl}${path}`, {
    method,
    headers: { authorization: `token ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};

test('a repository, its branch and its ref are answered as GitHub does', async () => {
  expect(await rest('GET', '/repos/acme/gitops')).toMatchObject({
    status: 200,
    body: { full_name: 'acme/gitops', default_branch: 'main' },
  });
  expect(await rest('GET', '/repos/acme/gitops/branches/main')).toMatchObject({
    status: 200,
    body: { commit: { sha: head } },
  });
  expect(await rest('GET', '/repos/acme/gitops/git/ref/heads%2Fmain')).toMatchObject({
    status: 200,
    body: { object: { sha: head } },
  });
});

test('git fetches a blobless shallow clone with the token', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'clone-'));
  const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  await run('git', [
    '-c',
    `http.extraheader=${header}`,
    'clone',
    '-q',
    '--depth=1',
    '--filter=blob:none',
    '--no-checkout',
    `${github.url}/acme/gitops`,
    dir,
  ]);
  expect((await run('git', ['rev-parse', 'HEAD'], { cwd: dir })).stdout.trim()).toBe(head);
  rmSync(dir, { recursive: true, force: true });
});

test('createCommitOnBranch commits on the expected head and refuses a stale one', async () => {
  const commit = async (expectedHeadOid: string) => {
    const response = await fetch(github.graphqlUrl, {
      method: 'POST',
      headers: { authorization: `bearer ${token}` },
      body: JSON.stringify({
        query:
          'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid url } } }',
        variables: {
          input: {
            branch: { repositoryNameWithOwner: 'acme/gitops', branchName: 'main' },
            expectedHeadOid,
            message: { headline: 'Set x' },
            fileChanges: {
              additions: [{ path: 'a/b.yaml', contents: Buffer.from('x: 2\n').toString('base64') }],
            },
          },
        },
      }),
    });
    return response.json();
  };
  const now = await github.head('acme/gitops');
  const done = await commit(now);
  const after = await github.head('acme/gitops');
  expect(done).toEqual({
    data: {
      createCommitOnBranch: { commit: { oid: after, url: `${github.url}/acme/gitops/commit/${after}` } },
    },
  });
  expect((await github.readFile('acme/gitops', 'main', 'a/b.yaml'))?.toString()).toBe('x: 2\n');
  expect(await commit(now)).toEqual({
    data: { createCommitOnBranch: null },
    errors: [
      {
        type: 'STALE_DATA',
        path: ['createCommitOnBranch'],
        locations: [{ line: 1, column: 48 }],
        message: `Expected branch to point to "${now}" but it did not.  Pull and try again.`,
      },
    ],
  });
});

test('a branch, a commit on it, a pull request, its merge', async () => {
  const base = await github.head('acme/gitops');
  expect(
    await rest('POST', '/repos/acme/gitops/git/refs', { ref: 'refs/heads/change', sha: base }),
  ).toMatchObject({ status: 201 });
  const sha = await github.commitFiles('acme/gitops', 'change', { 'a/b.yaml': 'x: 3\n' });
  const made = await rest('POST', '/repos/acme/gitops/pulls', {
    title: 'Change',
    head: 'change',
    base: 'main',
  });
  expect(made).toMatchObject({ status: 201, body: { number: 1, head: { sha }, state: 'open' } });
  expect(await rest('GET', '/repos/acme/gitops/pulls?head=acme:change&state=open')).toMatchObject({
    status: 200,
    body: [{ number: 1 }],
  });
  await github.mergePullRequest('acme/gitops', 1);
  expect(await rest('GET', '/repos/acme/gitops/pulls/1')).toMatchObject({
    body: { merged: true, state: 'closed' },
  });
  expect((await github.readFile('acme/gitops', 'main', 'a/b.yaml'))?.toString()).toBe('x: 3\n');
});
