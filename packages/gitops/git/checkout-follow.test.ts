import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '@sluice/core/clock';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followCommit } from './checkout-follow.ts';

let root: string;
let origin: string;
let workspace: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  [origin, workspace] = [join(root, 'origin'), join(root, 'workspace')];
  mkdirSync(origin);
  git(origin, 'init', '--quiet', '--initial-branch=main');
  commit({ '.gitignore': 'local*\n', 'a.yaml': '1' });
  git(root, 'clone', '--quiet', `file://${origin}`, workspace);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' }).trim();
}

function commit(files: Record<string, string>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(origin, path)), { recursive: true });
    writeFileSync(join(origin, path), content);
  }
  git(origin, 'add', '--all', '--force');
  git(origin, 'commit', '--quiet', '--message', 'one');
  return git(origin, 'rev-parse', 'HEAD');
}

/** Brings the workspace to a commit; why not, where it stays. */
async function follow(sha: string): Promise<string | undefined> {
  const url = `file://${origin}`;
  const gitIn = (dir: string) => createGit({ exec: systemExec, dir, url });
  const checkout = {
    ...{ root: workspace, git: gitIn(workspace), branch: 'main', url },
    head: git(workspace, 'rev-parse', 'HEAD'),
    lender: { objects: join(workspace, '.git/objects'), shallow: join(workspace, '.git/shallow') },
  };
  return followCommit(
    { checkout, branch: 'main', commit: sha, url, dir: join(root, 'hand-over.git'), git: gitIn },
    { exec: systemExec, env: process.env, clock: systemClock },
  );
}

describe('followCommit', () => {
  it('brings the files and the branch along', async () => {
    const sha = commit({ 'a.yaml': '2', 'new/b.yaml': '1' });
    expect(await follow(sha)).toBeUndefined();
    expect(git(workspace, 'rev-parse', 'main')).toBe(sha);
    expect(git(workspace, 'status', '--porcelain')).toBe('');
  });

  it.each<[string, () => void, path: string]>([
    ['an ignored file', () => writeFileSync(join(workspace, 'local.yaml'), 'mine'), 'local.yaml'],
    ['an ignored folder', () => mkdirSync(join(workspace, 'local.yaml')), 'local.yaml'],
    [
      'an ignored file where a folder would be',
      () => writeFileSync(join(workspace, 'local'), 'mine'),
      'local/b',
    ],
    ['an ignored link where a folder would be', () => symlinkSync(root, join(workspace, 'local')), 'local/b'],
    ['an untracked file', () => writeFileSync(join(workspace, 'other.yaml'), 'mine'), 'other.yaml'],
  ])('leaves everything as it is where the commit would replace %s', async (_, prepare, path) => {
    prepare();
    const head = git(workspace, 'rev-parse', 'HEAD');
    expect(await follow(commit({ 'a.yaml': '2', [path]: 'theirs' }))).toBe(
      `${JSON.stringify(path)}, which is not in Git, would be overwritten`,
    );
    expect(git(workspace, 'rev-parse', 'HEAD')).toBe(head);
    expect(readFileSync(join(workspace, 'a.yaml'), 'utf8')).toBe('1');
    expect(existsSync(join(workspace, '.git/index.lock'))).toBe(false);
  });

  it('puts everything back where a filter fails halfway', async () => {
    commit({ '.gitattributes': '*.bin filter=x\n', 'm.bin': 'old', 'z.yaml': '1' });
    git(workspace, 'pull', '--quiet');
    git(workspace, 'config', 'filter.x.clean', 'cat');
    git(workspace, 'config', 'filter.x.smudge', 'grep old');
    git(workspace, 'config', 'filter.x.required', 'true');
    const head = git(workspace, 'rev-parse', 'HEAD');
    const sha = commit({ 'a.yaml': '2', 'b.yaml': '1', 'm.bin': 'new', 'z.yaml': '2' });
    expect(await follow(sha)).toMatch(/^Git says: .*smudge filter x failed$/);
    expect(git(workspace, 'rev-parse', 'HEAD')).toBe(head);
    const files = ['a.yaml', 'm.bin', 'z.yaml'].map((path) => readFileSync(join(workspace, path), 'utf8'));
    expect(files.map((text) => text.trim())).toEqual(['1', 'old', '1']);
    expect(existsSync(join(workspace, 'b.yaml'))).toBe(false);
  });
});
