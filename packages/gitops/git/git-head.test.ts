import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import { afterAll, describe, expect, it } from 'vitest';
import { readHead } from './git-head.ts';

const dir = mkdtempSync(join(tmpdir(), 'head-'));
afterAll(() => rmSync(dir, { recursive: true }));

let count = 0;
function repository(...commands: readonly (readonly string[])[]): { root: string; sha: string } {
  const root = join(dir, String(count++));
  mkdirSync(root);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('commit', '--quiet', '--allow-empty', '--message=first');
  for (const command of commands) git(...command);
  return { root, sha: git('rev-parse', 'HEAD') };
}

/** What is checked out, and how often Git was started to find out. */
async function ask(root: string) {
  let started = 0;
  const exec: typeof systemExec = (...all) => {
    started++;
    return systemExec(...all);
  };
  return { ...(await readHead(root, createGit({ exec, dir: root, env: process.env }))), started };
}

describe('what is checked out', () => {
  it.each<[string, readonly (readonly string[])[], string]>([
    ['a branch', [], 'main'],
    ['a branch with slashes', [['switch', '--quiet', '--create', 'release/v1.2']], 'release/v1.2'],
    ['a commit alone', [['switch', '--quiet', '--detach']], ''],
  ])('%s is read without starting Git', async (_, commands, branch) => {
    const { root, sha } = repository(...commands);
    expect(await ask(root)).toEqual({ branch, commit: sha, started: 0 });
  });

  it.each<[string, readonly (readonly string[])[]]>([
    ['packed references', [['pack-refs', '--all']]],
    [
      'a reference to another one',
      [
        ['symbolic-ref', 'refs/heads/main', 'refs/heads/other'],
        ['commit', '--quiet', '--allow-empty', '--message=second'],
      ],
    ],
    ['a name beyond ASCII', [['switch', '--quiet', '--create', 'ä']]],
  ])('%s: Git is asked', async (_, commands) => {
    const { root, sha } = repository(...commands);
    const found = await ask(root);
    expect(found.commit).toBe(sha);
    expect(found.started).toBeGreaterThan(0);
  });

  it('of a worktree Git is asked', async () => {
    const { root } = repository(['worktree', 'add', '--quiet', '../tree', '-b', 'side']);
    const { branch, commit } = await ask(join(root, '../tree'));
    expect([branch, commit]).toEqual(['side', expect.stringMatching(/^[0-9a-f]{40}$/)]);
  });

  it('a branch without a commit has a name only, and a folder outside of Git nothing', async () => {
    const { root } = repository();
    writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/new\n');
    expect(await ask(root)).toMatchObject({ branch: 'new', commit: '' });
    const empty = join(dir, 'empty');
    mkdirSync(empty);
    // Git is not started for it.
    expect(await ask(empty)).toEqual({ branch: '', commit: '', started: 0 });
  });

  it('a HEAD that leads out of the repository names nothing', async () => {
    const { root } = repository();
    writeFileSync(join(root, 'secret'), `${'a'.repeat(40)}\n`);
    writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/../../../secret\n');
    expect((await ask(root)).commit).not.toBe('a'.repeat(40));
  });
});
