import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRepository } from '../git/git-repository.ts';
import { actionsBot } from './commit-author.ts';
import { pushCommit } from './commit-git.ts';

let root: string;
let origin: string;
const git = async (...args: string[]): Promise<string> => {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  const { code, stdout, stderr } = await systemExec('git', [...identity, ...args], { cwd: origin });
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
};

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'push-'));
  origin = mkdtempSync(join(root, 'origin-'));
  await git('init', '-q', '--bare', '-b', 'main');
  await git('config', 'uploadpack.allowFilter', 'true');
  await git('config', 'uploadpack.allowAnySHA1InWant', 'true');
});
afterEach(() => rmSync(root, { recursive: true }));

/** A commit with these files over what `main` has. */
async function commit(files: Readonly<Record<string, string>>): Promise<string> {
  const blobs = await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      const { stdout } = await systemExec('git', ['hash-object', '-w', '--stdin'], {
        cwd: origin,
        input: text,
      });
      return `100644 blob ${stdout.trim()}\t${path}\0`;
    }),
  );
  const { stdout } = await systemExec('git', ['mktree', '-z'], { cwd: origin, input: blobs.join('') });
  const sha = await git('commit-tree', stdout.trim(), '-m', 'Begin');
  await git('update-ref', 'refs/heads/main', sha);
  return sha;
}

const url = () => `file://${origin}`;
const open = () =>
  openRepository({
    url: url(),
    dir: root,
    git: (dir) => createGit({ exec: systemExec, dir, url: url() }),
  });

async function push(head: string, files: readonly { path: string; text: string }[], since = head) {
  await using repository = await open();
  await (await repository.snapshot(head)).list('.');
  // With the history in the clone, Git by itself would take a branch that was wound back for one to move forward.
  if (since !== head) await repository.commitsBetween(since, head, ['a'], 10);
  return await pushCommit(repository.work, actionsBot('https://github.com'), Date.UTC(2026, 0, 2), {
    repository: 'acme/gitops',
    branch: 'main',
    head,
    message: { headline: 'Set', body: 'Sluice-Run: a/b/1/1' },
    files: files.map((file) => ({ ...file, mode: '100644' })),
  });
}

describe('a commit that is pushed', () => {
  it.each([
    'plain.yaml',
    'a "quoted" name.yaml',
    'back\\slash.yaml',
    'grün $(x) `y`.yaml',
    ' space.yaml',
    'new\nline.yaml',
  ])('changes the file %j and no other', async (path) => {
    const head = await commit({ [path]: 'tag: 1\r\n', other: 'one' });
    const answer = await push(head, [{ path, text: '\ufefftag: 2\r\n' }]);
    expect(answer).toEqual({ type: 'committed', commit: await git('rev-parse', 'main') });
    const { stdout } = await systemExec('git', ['diff', '--name-only', '-z', head, 'main'], { cwd: origin });
    expect(stdout).toBe(`${path}\0`);
    const { bytes } = await systemExec('git', ['cat-file', 'blob', `main:${path}`], { cwd: origin });
    expect(bytes).toEqual(Buffer.from('\ufefftag: 2\r\n'));
  });

  it.each([
    'a',
    'a "quoted" name',
    'new\nline',
    'grün $(x)',
  ])('deletes the file %j and no other', async (path) => {
    const head = await commit({ [path]: '1', other: 'one' });
    await using repository = await open();
    await repository.snapshot(head);
    await pushCommit(repository.work, actionsBot('https://github.com'), 0, {
      ...{ repository: 'acme/gitops', branch: 'main', head, message: { headline: 'Drop', body: '' } },
      files: [{ path: 'new', text: '2', mode: '100644' }],
      deletions: [path],
    });
    const { stdout } = await systemExec('git', ['ls-tree', '-r', '-z', '--name-only', 'main'], {
      cwd: origin,
    });
    expect(stdout.split('\0').filter((name) => name !== '')).toEqual(['new', 'other']);
  });

  it('has the head as its only parent, our author and the message', async () => {
    const head = await commit({ a: '1' });
    await push(head, [{ path: 'a', text: '2' }]);
    const bot = 'github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>';
    expect(await git('log', '-1', '--format=%P%n%an <%ae>%n%cn <%ce>%n%cI%n%B', 'main')).toBe(
      [head, bot, bot, '2026-01-02T00:00:00+00:00', 'Set\n\nSluice-Run: a/b/1/1'].join('\n'),
    );
  });

  it('is refused where the branch stands elsewhere, ahead or behind', async () => {
    const first = await commit({ a: '1' });
    const second = await git('commit-tree', `${first}^{tree}`, '-p', first, '-m', 'second');
    const third = await git('commit-tree', `${first}^{tree}`, '-p', second, '-m', 'third');
    for (const there of [first, third]) {
      await git('update-ref', 'refs/heads/main', there);
      expect(await push(second, [{ path: 'a', text: '2' }], first)).toEqual({ type: 'stale' });
      expect(await git('rev-parse', 'main')).toBe(there);
    }
  });

  it('leaves no branch in the clone', async () => {
    const head = await commit({ a: '1' });
    await using repository = await open();
    await repository.snapshot(head);
    const author = actionsBot('https://github.example');
    expect(author.email).toBe('github-actions[bot]@users.noreply.github.example');
    await pushCommit(repository.work, author, 0, {
      ...{ repository: 'acme/gitops', branch: 'main', head, message: { headline: 'Set', body: '' } },
      files: [{ path: 'a', text: '2', mode: '100755' }],
    });
    const refs = await repository.work((clone) => clone.run(['for-each-ref', '--format=%(refname)']));
    expect(refs).toBe('refs/sluice/last\n');
    expect(await git('ls-tree', 'main', 'a')).toMatch(/^100755 /);
  });
});
