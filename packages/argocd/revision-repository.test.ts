import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@sluice/core/clock';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import { openRepository } from '@sluice/gitops/git/git-repository';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contentAt } from './evidence/content.ts';
import { holding } from './revision-repository.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  git('init', '--quiet', '--initial-branch=main', 'gitops');
  git('-C', 'gitops', 'config', 'uploadpack.allowFilter', 'true');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8' }).trim();
}

function commit(message: string): string {
  git('-C', 'gitops', 'commit', '--quiet', '--allow-empty', '--message', message);
  return git('-C', 'gitops', 'rev-parse', 'HEAD');
}

async function content(wanted: string, revision: string, clock: Clock, url = `file://${root}/gitops`) {
  await using opened = await openRepository({
    url,
    dir: root,
    git: (dir) => createGit({ exec: systemExec, dir, url, clock: { ...clock, sleep: async () => {} } }),
  });
  const repository = holding(wanted, opened, clock);
  const expectation = { type: 'revision', revision: wanted } as const;
  return await contentAt({ repository, expectation, revision, path: '.', branch: 'main' });
}

const quick: Clock = { now: () => 0, sleep: async () => {} };
const absent = 'a'.repeat(40);

it('a commit that the repository lacks ends the wait once Git has said so twice', async () => {
  const slept: number[] = [];
  const clock: Clock = { now: () => 0, sleep: async (ms) => void slept.push(ms) };
  await expect(content(absent, commit('one'), clock)).rejects.toMatchObject({
    kind: 'input',
    code: 'commit-missing',
    message: expect.stringMatching(/gitops has no commit aaaaaaa\.$/),
    hint: expect.stringMatching(/^Give a commit of the repository that the application is rendered from/),
  });
  expect(slept).toEqual([5000]);
});

it('a commit that comes between the two is there', async () => {
  const one = commit('one');
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  const text = { cwd: join(root, 'gitops'), encoding: 'utf8' } as const;
  const date = '2026-01-02T03:04:05Z';
  const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const later = () =>
    execFileSync('git', [...identity, 'commit-tree', '-p', one, '-m', 'two', `${one}^{tree}`], {
      ...text,
      env,
    });
  const elsewhere = later().trim();
  execFileSync('git', ['prune', '--expire=now'], text);
  const clock: Clock = {
    now: () => 0,
    sleep: async () => {
      later();
      execFileSync('git', ['branch', 'other', elsewhere], text);
    },
  };
  expect(await content(elsewhere, one, clock)).toEqual({ state: 'behind' });
});

it('a commit that Argo CD shows, and Git lacks, is no mistake of the inputs', async () => {
  expect(await content(commit('one'), absent, quick)).toMatchObject({
    unavailable: expect.stringMatching(/not our ref/),
  });
});

it('a server that is away is no answer', async () => {
  const found = await content(absent, commit('one'), quick, `file://${root}/none`);
  expect(found).toMatchObject({ unavailable: expect.any(String) });
});
