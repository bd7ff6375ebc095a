import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { git, tryGit } from './git.ts';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { testClient } from './test-client.ts';

let github: GitHubStandIn;
let clones: string;
let count = 0;

beforeAll(async () => {
  clones = mkdtempSync(join(tmpdir(), 'clones-'));
  github = await startGitHub();
  await github.createRepository('acme/gitops', { 'a/b.yaml': 'x: 1\n', 'big.bin': 'x'.repeat(10_000) });
  await github.createRepository('acme/open', { 'README.md': '# Open\n' }, { private: false });
});
afterEach(() => github.expectNoViolations());
afterAll(async () => {
  rmSync(clones, { recursive: true, force: true });
  await github.close();
});

const header = (token: string): string[] => {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return token === '' ? [] : ['-c', `http.extraheader=Authorization: basic ${basic}`];
};
const remote = (token: string, fullName = 'acme/gitops') =>
  tryGit(clones, [...header(token), 'ls-remote', `${github.url}/${fullName}.git`, 'HEAD']);

async function clone(token: string, ...options: string[]): Promise<string> {
  count += 1;
  const dir = join(clones, String(count));
  await git(clones, [...header(token), 'clone', '-q', ...options, `${github.url}/acme/gitops`, dir]);
  return dir;
}

async function push(dir: string, token: string, ref: string): Promise<{ code: number; stderr: string }> {
  writeFileSync(join(dir, 'pushed.txt'), `${Math.random()}\n`);
  await git(dir, ['add', '.']);
  await git(dir, ['-c', 'user.name=bob', '-c', 'user.email=bob@example.com', 'commit', '-qm', 'Push']);
  return tryGit(dir, [...header(token), 'push', 'origin', `HEAD:${ref}`]);
}

describe('Git over HTTP', () => {
  test('gives a shallow clone without blobs, and single blobs and commits afterwards', async () => {
    const token = github.createToken({ permissions: { contents: 'read' } });
    const head = await github.head('acme/gitops');
    const dir = await clone(token, '--depth=1', '--filter=blob:none', '--no-checkout', '--bare');
    expect(await git(dir, ['rev-parse', 'HEAD'])).toBe(head);
    const missing = await git(dir, ['rev-list', '--objects', '--missing=print', 'HEAD']);
    expect(missing.split('\n').filter((line) => line.startsWith('?'))).toHaveLength(2);
    expect(await git(dir, [...header(token), 'show', 'HEAD:a/b.yaml'])).toBe('x: 1');
    const later = await github.commitFiles('acme/gitops', 'main', { 'a/b.yaml': 'x: 2\n' });
    await git(dir, [...header(token), 'fetch', '-q', '--depth=1', 'origin', later]);
  });

  test('asks for a token, refuses a bad one, hides what the token does not reach', async () => {
    expect((await remote('')).stderr).toMatch(/could not read Username|Authentication failed/);
    expect((await remote('ghs_wrong')).stderr).toMatch(/could not read Username|Authentication failed/);
    const elsewhere = github.createToken({ repositories: ['acme/open'] });
    expect((await remote(elsewhere)).stderr).toMatch(/not found/);
    const blind = github.createToken({ permissions: { deployments: 'write' } });
    expect((await remote(blind)).stderr).toMatch(/403/);
    expect((await remote('', 'acme/open')).code).toBe(0);
  });

  test('takes a push with contents: write, and 403 without', async () => {
    const reader = github.createToken({ permissions: { contents: 'read' } });
    const dir = await clone(reader);
    const refused = await push(dir, reader, 'refs/heads/topic');
    expect(refused.stderr).toMatch(/Permission to acme\/gitops\.git denied to github-actions\[bot\]/);
    expect(refused.stderr).toMatch(/403/);
    expect((await push(dir, github.createToken(), 'refs/heads/topic')).code).toBe(0);
    expect((await github.log('acme/gitops', 'topic'))[0]).toMatchObject({ author: 'bob', message: 'Push' });
  });
});

describe('a branch with a rule', () => {
  const wanted = 'Changes must be made through a pull request.';
  const rules = [
    {
      rule: 'protection',
      push: [
        'remote: error: GH006: Protected branch update failed for refs/heads/main.',
        '(protected branch hook declined)',
      ],
      graphql: { type: 'BRANCH_PROTECTION_RULE_VIOLATION', message: wanted },
      rest: 'Reference update failed',
    },
    {
      rule: 'ruleset',
      push: [
        'remote: error: GH013: Repository rule violations found for refs/heads/main.',
        'rules?ref=refs%2Fheads%2Fmain',
        '(push declined due to repository rule violations)',
      ],
      graphql: { type: 'UNPROCESSABLE', message: `Repository rule violations found\n\n${wanted}\n\n` },
      rest: `Repository rule violations found\n\n${wanted}\n\n`,
    },
  ] as const;

  test.each(rules)("($rule) refuses direct writes in GitHub's words, and merges", async (one) => {
    const token = github.createToken();
    const client = testClient(github, token);
    github.protect('acme/gitops', 'main', one.rule);
    const head = await github.head('acme/gitops');
    const dir = await clone(token);
    const pushed = await push(dir, token, 'refs/heads/main');
    for (const text of [...one.push, wanted]) expect(pushed.stderr).toContain(text);
    const commit = await client.commit('acme/gitops', head);
    expect(commit.body).toMatchObject({ data: { createCommitOnBranch: null }, errors: [one.graphql] });
    const path = '/repos/acme/gitops/git/refs/heads/main';
    const moved = await client.rest('PATCH', path, { sha: head, force: true });
    expect(moved).toMatchObject({ status: 422, body: { message: one.rest } });
    expect(await github.head('acme/gitops')).toBe(head);
    expect((await push(dir, token, `refs/heads/${one.rule}`)).code).toBe(0);
    const pull = { title: 'T', head: one.rule, base: 'main' };
    const opened = await client.rest('POST', '/repos/acme/gitops/pulls', pull);
    await github.mergePullRequest('acme/gitops', Object(opened.body).number);
    expect(await github.head('acme/gitops')).not.toBe(head);
    github.protect('acme/gitops', 'main', undefined);
    const after = await push(await clone(token), token, 'refs/heads/main');
    expect(after.code).toBe(0);
  });
});
