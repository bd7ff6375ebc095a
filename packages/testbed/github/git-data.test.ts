import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { git } from './git.ts';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { base64, type TestClient, testClient } from './test-client.ts';

const repository = 'acme/gitops';
const api = `/repos/${repository}/git`;
let github: GitHubStandIn;
let client: TestClient;

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository(repository, {
    'a/b.yaml': 'x: 1\n',
    'a/run.sh': { content: '#!/bin/sh\n', mode: '100755' },
    'a.b': 'sorted before the folder\n',
    link: { content: 'a/b.yaml', mode: '120000' },
  });
  client = testClient(github, github.createToken({ actor: 'sluice[bot]' }));
});
afterAll(() => github.close());

const shaOf = ({ body }: { body: unknown }): string => String(Object(body).sha);
const post = (path: string, body: object) => client.rest('POST', `${api}/${path}`, body);
const file = { path: 'a/run.sh', mode: '100755', type: 'blob' } as const;

async function treeOn(head: string, ...tree: object[]) {
  return post('trees', { base_tree: head, tree });
}

test('blob, tree and commit change one file, keep every mode, and the branch moves to them', async () => {
  const head = await github.head(repository);
  const blob = await post('blobs', { content: base64('#!/bin/sh\nexit 1\n'), encoding: 'base64' });
  const tree = await treeOn(head, { ...file, sha: shaOf(blob) });
  const made = await post('commits', { message: 'Set\n\nBody', tree: shaOf(tree), parents: [head] });
  expect(made).toMatchObject({
    status: 201,
    body: { author: { name: 'sluice[bot]' }, verification: { verified: true }, parents: [{ sha: head }] },
  });
  expect(await github.head(repository)).toBe(head);
  const moved = await client.rest('PATCH', `${api}/refs/heads/main`, { sha: shaOf(made), force: false });
  expect(moved).toMatchObject({ status: 200, body: { object: { sha: shaOf(made) } } });
  const { dir } = github.repository(repository);
  expect(await git(dir, ['diff', '--raw', '--no-renames', '--abbrev=4', head, 'main'])).toMatch(
    /^:100755 100755 \S+ \S+ M\ta\/run\.sh$/,
  );
  expect(await git(dir, ['fsck', '--strict', '--full'])).toBe('');
  expect(await client.rest('GET', `${api}/commits/${shaOf(made)}`)).toMatchObject({
    body: { message: 'Set\n\nBody', tree: { sha: shaOf(tree) } },
  });
  github.expectNoViolations();
});

test('an author of its own makes a commit that nobody has signed', async () => {
  const head = await github.head(repository);
  const tree = shaOf(await treeOn(head, { ...file, content: 'x' }));
  const author = { name: 'Alice', email: 'alice@example.com', date: '2026-01-02T03:04:05Z' };
  const made = await post('commits', { message: 'M', tree, parents: [head], author });
  expect(made.body).toMatchObject({ author, committer: author, verification: { verified: false } });
});

test('of two commits on the same head one moves the branch, and the other is no fast forward', async () => {
  const head = await github.head(repository);
  const commits = await Promise.all(
    ['1', '2'].map(async (content) => {
      const tree = shaOf(await treeOn(head, { ...file, path: `r/${content}`, mode: '100644', content }));
      return shaOf(await post('commits', { message: content, tree, parents: [head] }));
    }),
  );
  const moves = await Promise.all(
    commits.map((sha) => client.rest('PATCH', `${api}/refs/heads/main`, { sha, force: false })),
  );
  expect(moves.map(({ status }) => status).sort()).toEqual([200, 422]);
  const late = await client.rest('PATCH', `${api}/refs/heads/main`, { sha: head, force: false });
  expect(late).toMatchObject({ status: 422, body: { message: 'Update is not a fast forward' } });
});

test('a path with sha null is deleted, and the folder that becomes empty with it', async () => {
  const head = await github.head(repository);
  const gone = await treeOn(
    head,
    { ...file, sha: null },
    { ...file, path: 'a/b.yaml', mode: '100644', sha: null },
  );
  expect(gone.status).toBe(201);
  expect(JSON.stringify(gone.body)).not.toContain('"a"');
  expect((await treeOn(head, { ...file, path: 'a/none', sha: null })).status).toBe(422);
});

test('many files come in one pack, each with its bytes, also those that are alike', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`many/f${index}`, 'x'.repeat((index % 250) * 100)]),
  );
  await github.createRepository('acme/many', files);
  const { dir } = github.repository('acme/many');
  expect(await git(dir, ['fsck', '--strict', '--full'])).toBe('');
  for (const path of ['many/f0', 'many/f1', 'many/f249', 'many/f299']) {
    expect(String(await github.readFile('acme/many', 'main', path))).toBe(files[path]);
  }
});

describe('what GitHub refuses', () => {
  const none = 'f'.repeat(40);
  test.each([
    ['a blob that is not there', 'trees', { sha: none }, `tree.sha ${none} is not a valid blob`],
    ['a path that leads out', 'trees', { path: '../x', content: '' }, 'malformed path component'],
    ['neither sha nor content', 'trees', {}, 'Must supply either tree.sha or tree.content'],
    ['a mode of another type', 'trees', { mode: '040000', content: '' }, 'does not fit tree.mode'],
    ['a mode outside its list', 'trees', { mode: '100666', content: '' }, 'Invalid request'],
    ['another encoding', 'blobs', { content: 'x', encoding: 'utf-16' }, 'Unsupported encoding'],
    ['bytes that are not base64', 'blobs', { content: 'x: 1', encoding: 'base64' }, 'Base64'],
    ['a tree that is not there', 'commits', { message: 'M', tree: none }, 'Tree SHA does not exist'],
  ])('%s', async (_, path, given, message) => {
    const entry = { ...file, ...given };
    const base = await github.head(repository);
    const { body, status } = await post(path, path === 'trees' ? { base_tree: base, tree: [entry] } : given);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(Object(body).message).toContain(message);
  });

  test('a parent that is no commit', async () => {
    const tree = shaOf(await treeOn(await github.head(repository), { ...file, content: '' }));
    const made = await post('commits', { message: 'M', tree, parents: [tree] });
    expect(Object(made.body).message).toContain('Parent SHA');
  });

  test('a base that is not there', async () => {
    expect((await treeOn(none, { ...file, content: '' })).body).toMatchObject({
      message: 'base_tree is not a valid tree oid',
    });
  });

  test('workflow files without their permission, and everything without contents: write', async () => {
    const path = '.github/workflows/ci.yml';
    expect((await treeOn(await github.head(repository), { ...file, path, content: '' })).status).toBe(403);
    const reader = testClient(github, github.createToken({ permissions: { contents: 'read' } }));
    expect((await reader.rest('POST', `${api}/blobs`, { content: 'x' })).status).toBe(403);
  });

  test('a tree without its base is written and recorded: every other file would be gone', async () => {
    github.violations.length = 0;
    expect((await post('trees', { tree: [{ ...file, content: 'x' }] })).status).toBe(201);
    expect(github.violations.join()).toContain('without base_tree');
  });
});
