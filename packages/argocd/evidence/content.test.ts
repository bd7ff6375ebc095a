import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import type { Change } from '@sluice/gitops/change';
import { openRepository } from '@sluice/gitops/git/git-repository';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Expectation } from '../decide/types.ts';
import { contentAt } from './content.ts';

let root: string;
let origin: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  origin = join(root, 'origin');
  mkdirSync(origin);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'uploadpack.allowFilter', 'true');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: origin, encoding: 'utf8' }).trim();
}

/** Commits the two tags into one file, far enough apart that Git merges changes of either. */
function commit(message: string, tags: { api?: string; web?: string }, path = 'apps/values.yaml'): string {
  current = { ...current, ...tags };
  const content = `api:\n  image: { repository: api, tag: "${current.api}" }\n${'# \n'.repeat(8)}web:\n  image: { repository: web, tag: "${current.web}" }\n`;
  mkdirSync(dirname(join(origin, path)), { recursive: true });
  writeFileSync(join(origin, path), content);
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
  return git('rev-parse', 'HEAD');
}
let current = { api: '', web: '' };

const newer = 'Deploy\n\nSluice-Project: shop\nSluice-Environment: production\nSluice-Run: acme/app/8/1';

function expectation(base: string, sha: string): Expectation {
  const edit = {
    place: { type: 'helm-value', path: 'api.image.tag', holds: 'tag' },
    from: '1',
    to: '2',
    image: 'api:2',
  } as const;
  const change: Change = {
    ...{
      schema: 'sluice.change.v1',
      repository: 'https://git.example/acme/gitops',
      branch: 'main',
      base,
      commit: sha,
    },
    ...{ project: 'shop', environment: 'production', run: 'acme/app/7/1' },
    files: [{ path: 'apps/values.yaml', edits: [edit] }],
  };
  return { type: 'change', change, edits: [{ path: 'apps/values.yaml', edit }] };
}

async function content(wanted: Expectation, revision: string) {
  const dir = join(root, 'temp');
  mkdirSync(dir, { recursive: true });
  const url = `file://${origin}`;
  await using repository = await openRepository({
    url,
    dir,
    git: (folder) => createGit({ exec: systemExec, dir: folder, url }),
  });
  return await contentAt({ repository, expectation: wanted, revision, path: 'apps', branch: 'main' });
}

describe('what a revision holds of a change', () => {
  let base: string;
  let ours: string;
  beforeEach(() => {
    base = commit('one', { api: '1', web: '1' });
    ours = commit('ours', { api: '2' });
  });

  it('our own commit holds it', async () => {
    expect(await content(expectation(base, ours), ours)).toEqual({ state: 'contained' });
  });

  it('a branch name is what it names now', async () => {
    expect(await content(expectation(base, ours), 'main')).toEqual({ state: 'contained' });
  });

  it('a later commit of another place holds it, whatever its ancestry', async () => {
    const later = commit('other', { web: '2' });
    expect(await content(expectation(base, ours), later)).toEqual({ state: 'contained' });
  });

  it('the commit before ours is behind', async () => {
    expect(await content(expectation(base, ours), base)).toEqual({ state: 'behind' });
  });

  it('a commit beside ours is behind as long as the head holds the change', async () => {
    git('checkout', '--quiet', '-b', 'side', base);
    const side = commit('side', { api: '1', web: '3' });
    git('checkout', '--quiet', 'main');
    expect(await content(expectation(base, ours), side)).toEqual({ state: 'behind' });
  });

  it('an overwritten one names the commit, the author, the place and the values', async () => {
    commit('other', { web: '2' });
    const back = commit('back', { api: '1' });
    commit('more', { api: '1.5' });
    const head = git('rev-parse', 'HEAD');
    expect(await content(expectation(base, ours), head)).toMatchObject({
      state: 'overwritten',
      by: [
        {
          sha: back,
          author: 'Ann <ann@example.com>',
          path: 'apps/values.yaml',
          place: 'api.image.tag',
          from: '2',
          to: '1',
          newer: false,
        },
      ],
    });
  });

  it('only the last loss counts, when the value came back in between', async () => {
    commit('back', { api: '1' });
    commit('again', { api: '2' });
    const last = commit(newer, { api: '3' });
    const found = await content(expectation(base, ours), last);
    expect(found).toMatchObject({ state: 'overwritten', by: [{ sha: last, newer: true }] });
  });

  it('a branch from before our commit that was merged is not blamed for what another did', async () => {
    git('checkout', '--quiet', '-b', 'topic', base);
    commit('topic', { api: '1', web: '9' });
    git('checkout', '--quiet', 'main');
    current = { api: '2', web: '1' };
    const culprit = commit('back', { api: '1.1' });
    git('merge', '--quiet', '--no-edit', 'topic');
    const head = git('rev-parse', 'HEAD');
    const found = await content(expectation(base, ours), head);
    expect(found).toMatchObject({ state: 'overwritten', by: [{ sha: culprit, to: '1.1' }] });
  });

  it('a newer deployment that came by a merged pull request is known by its own commit', async () => {
    git('checkout', '--quiet', '-b', 'deploy');
    const deploy = commit(newer, { api: '3' });
    git('checkout', '--quiet', 'main');
    git('merge', '--quiet', '--no-ff', '--no-edit', 'deploy');
    const head = git('rev-parse', 'HEAD');
    const found = await content(expectation(base, ours), head);
    expect(found).toMatchObject({ state: 'overwritten', by: [{ sha: deploy, newer: true }] });
  });

  it('a file that is gone was overwritten by nothing', async () => {
    git('rm', '--quiet', 'apps/values.yaml');
    git('commit', '--quiet', '--message', 'remove');
    const head = git('rev-parse', 'HEAD');
    const found = await content(expectation(base, ours), head);
    expect(found).toMatchObject({ state: 'overwritten', by: [{ sha: head, to: 'nothing' }] });
  });

  it('a name that Git does not know cannot be told', async () => {
    expect(await content(expectation(base, ours), 'nowhere')).toMatchObject({
      unavailable: expect.stringContaining('nowhere is no branch or tag'),
    });
  });

  it('for an expected commit, descent decides', async () => {
    const wanted: Expectation = { type: 'revision', revision: ours };
    expect(await content(wanted, commit('later', { api: '1' }))).toEqual({ state: 'contained' });
    expect(await content(wanted, base)).toEqual({ state: 'behind' });
    git('checkout', '--quiet', '-b', 'side', base);
    const side = commit('side', { web: '7' });
    expect(await content(wanted, side)).toEqual({ state: 'behind' });
    git('branch', '--quiet', '--force', 'main', side);
    expect(await content(wanted, side)).toEqual({ state: 'overwritten', by: [] });
  });

  describe('with a folder that was written as a whole', () => {
    const path = 'apps/values.yaml';
    let text: string;
    const withFolder = (sha: string, files: Record<string, string>): Expectation => ({
      ...expectation(base, sha),
      folder: { path: 'apps', files: new Map(Object.entries(files)) },
    });
    beforeEach(() => {
      text = `${git('show', `${ours}:${path}`)}\n`;
    });

    it('a commit with these files and no other holds it', async () => {
      expect(await content(withFolder(ours, { [path]: text }), ours)).toEqual({ state: 'contained' });
    });

    it.each([
      ['another text', { [path]: 'x' }],
      ['one more file', { [path]: '', 'apps/more.yaml': 'x' }],
    ])('a commit whose folder should hold %s does not', async (_, files) => {
      const wanted = { ...files, ...(files[path] === '' && { [path]: text }) };
      expect(await content(withFolder(ours, wanted), ours)).toMatchObject({ state: 'overwritten' });
    });

    it('nor does one with a file that was not written, though the image is the same', async () => {
      const later = commit('more', {}, 'apps/more.yaml');
      expect(await content(withFolder(ours, { [path]: text }), later)).toMatchObject({
        state: 'overwritten',
      });
      const wanted = { ...withFolder(ours, { [path]: text }), type: 'revision', revision: ours } as const;
      expect(await content(wanted, ours)).toEqual({ state: 'contained' });
      expect(await content(wanted, later)).toMatchObject({ state: 'overwritten' });
    });

    it('a file beside the folder is no part of it', async () => {
      const later = commit('beside', {}, 'other/more.yaml');
      expect(await content(withFolder(ours, { [path]: text }), later)).toEqual({ state: 'contained' });
    });

    it('an older commit with the same image is behind', async () => {
      const newer = commit('settings', {}, 'apps/more.yaml');
      const more = `${git('show', `${newer}:apps/more.yaml`)}\n`;
      const wanted = withFolder(newer, { [path]: text, 'apps/more.yaml': more });
      expect(await content(wanted, newer)).toEqual({ state: 'contained' });
      expect(await content(wanted, ours)).toEqual({ state: 'behind' });
    });
  });
});
