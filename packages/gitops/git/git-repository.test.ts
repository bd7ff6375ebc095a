import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRepository } from './git-repository.ts';

let root: string;
let origin: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  origin = join(root, 'origin');
  mkdirSync(origin);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'uploadpack.allowFilter', 'true');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: origin, encoding: 'utf8' }).trim();
}

function commit(message: string, files: Record<string, string | Buffer>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(origin, path)), { recursive: true });
    writeFileSync(join(origin, path), content);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
  return git('rev-parse', 'HEAD');
}

/** How often Git started an upload-pack: one for each request to the server. */
const uploads = (trace: string) =>
  (readFileSync(trace, 'utf8').match(/run_command: .*upload-pack/g) ?? []).length;

function open() {
  const dir = join(root, 'temp');
  mkdirSync(dir, { recursive: true });
  const url = `file://${origin}`;
  return openRepository({ url, dir, git: (folder) => createGit({ exec: systemExec, dir: folder, url }) });
}

describe.each(['true', 'false'])('openRepository (a server with filters: %s)', (filters) => {
  beforeEach(() => git('config', 'uploadpack.allowFilter', filters));

  it('reads the exact text of any commit, byte order mark and line ends included', async () => {
    const text = '\uFEFFa: 1\r\nb: "ä"\r\n';
    const first = commit('one', { 'apps/a.yaml': text, 'apps/b/c.yaml': 'c: 1\n' });
    commit('two', { 'apps/a.yaml': 'a: 2\n' });
    await using repository = await open();
    const snapshot = await repository.snapshot(first);
    const texts = await snapshot.read(['apps/a.yaml', 'apps/b/c.yaml', 'apps/none.yaml']);
    expect([...texts]).toEqual([
      ['apps/a.yaml', text],
      ['apps/b/c.yaml', 'c: 1\n'],
    ]);
  });

  it('lists regular files at or below a path, and neither symbolic links nor neighbours of the same beginning', async () => {
    symlinkSync('a.yaml', join(origin, 'link.yaml'));
    const sha = commit('one', { 'apps/a.yaml': 'a', 'apps-2/a.yaml': 'a', 'apps/ü "x".yaml': 'a' });
    await using repository = await open();
    const snapshot = await repository.snapshot(sha);
    expect((await snapshot.list('apps')).map((file) => file.path)).toEqual([
      'apps/a.yaml',
      'apps/ü "x".yaml',
    ]);
    expect(await snapshot.list('apps/a.yaml')).toEqual([{ path: 'apps/a.yaml', mode: '100644' }]);
    expect((await snapshot.list('.')).map((file) => file.path)).not.toContain('link.yaml');
    expect(await snapshot.list('none')).toEqual([]);
  });

  it('leaves out a file whose name is not UTF-8: by its text another file would be written', async () => {
    writeFileSync(
      Buffer.concat([Buffer.from(`${origin}/bad`), Buffer.from([0xff]), Buffer.from('.yaml')]),
      'a',
    );
    const sha = commit('one', { 'good.yaml': 'a' });
    await using repository = await open();
    const snapshot = await repository.snapshot(sha);
    expect((await snapshot.list('.')).map((file) => file.path)).toEqual(['good.yaml']);
  });
});

describe('openRepository', () => {
  it('leaves out what is not UTF-8', async () => {
    const sha = commit('one', { 'latin.yaml': Buffer.from([0x61, 0xe4]), 'utf.yaml': 'ä' });
    await using repository = await open();
    expect([...(await (await repository.snapshot(sha)).read(['latin.yaml', 'utf.yaml'])).keys()]).toEqual([
      'utf.yaml',
    ]);
  });

  it('resolves branches, tags (peeled), HEAD and full SHAs', async () => {
    const sha = commit('one', { a: '1' });
    git('tag', '--annotate', 'v1', '--message', 'v1');
    git('branch', 'team/x');
    await using repository = await open();
    expect(await repository.defaultBranch()).toBe('main');
    const refs = ['main', 'team/x', 'v1', 'HEAD', sha, 'refs/heads/main'];
    expect(await Promise.all(refs.map((ref) => repository.resolve(ref)))).toEqual(refs.map(() => sha));
    expect(await repository.resolve('x')).toBeUndefined();
    expect(await repository.resolve('none')).toBeUndefined();
  });

  it('finds no branch in an empty repository, and says that it is empty', async () => {
    await using repository = await open();
    expect(await repository.resolve('main')).toBeUndefined();
    await expect(repository.defaultBranch()).rejects.toMatchObject({
      kind: 'input',
      code: 'empty-repository',
    });
  });

  it('tells how commits stand to each other, also after they were read shallowly', async () => {
    const first = commit('one', { a: '1' });
    for (let step = 0; step < 60; step++)
      git('commit', '--quiet', '--allow-empty', '--message', `step ${step}`);
    const last = commit('two', { a: '2' });
    git('checkout', '--quiet', '-b', 'side', first);
    const side = commit('side', { b: '1' });
    await using repository = await open();
    await repository.snapshot(last);
    expect(await repository.relation(first, first)).toBe('same');
    expect(await repository.relation(first, last)).toBe('ancestor');
    expect(await repository.relation(last, first)).toBe('descendant');
    expect(await repository.relation(last, side)).toBe('diverged');
    await repository.snapshot(last);
    expect(await repository.relation(first, last)).toBe('ancestor');
  });

  it('names the commits that touched a path between two commits, oldest first', async () => {
    const first = commit('one', { 'a.yaml': '1', 'b.yaml': '1' });
    const second = commit('two\n\nSluice-Run: a/b/1/1', { 'a.yaml': '2' });
    commit('other', { 'b.yaml': '2' });
    const last = commit('three', { 'a.yaml': '3' });
    await using repository = await open();
    const commits = await repository.commitsBetween(first, last, ['a.yaml'], 10);
    expect(commits.map(({ sha, message, author }) => ({ sha, message, author }))).toEqual([
      { sha: second, message: 'two\n\nSluice-Run: a/b/1/1', author: 'Ann <ann@example.com>' },
      { sha: last, message: 'three', author: 'Ann <ann@example.com>' },
    ]);
    expect(Math.abs((commits[0]?.date ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await repository.commitsBetween(first, last, ['a.yaml'], 1)).toHaveLength(1);
  });

  it('names the last commits that touched a path, newest first, with their parents', async () => {
    const first = commit('one', { 'a.yaml': '1', 'b.yaml': '1' });
    const second = commit('two', { 'a.yaml': '2' });
    const last = commit('other', { 'b.yaml': '2' });
    await using repository = await open();
    const commits = await repository.history(last, ['a.yaml'], 10);
    expect(commits.map(({ sha, parents }) => ({ sha, parents }))).toEqual([
      { sha: second, parents: [first] },
      { sha: first, parents: [] },
    ]);
  });

  it('names all of the last commits where no path is given, and looks no further back than it is told', async () => {
    const shas = ['one', 'two', 'three', 'four'].map((name) => commit(name, { [`${name}.yaml`]: '1' }));
    const last = shas.at(-1) ?? '';
    await using repository = await open();
    const found = (await repository.history(last, [], 10)).map(({ sha }) => sha);
    expect(found).toEqual(shas.toReversed());
    await using bounded = await open();
    // The commit at the end of what is fetched seems to have no parents, and is left out.
    expect((await bounded.history(last, [], 10, 3)).map(({ sha }) => sha)).toEqual(found.slice(0, 2));
    expect(await bounded.history(last, ['one.yaml'], 10, 3)).toEqual([]);
  });

  it('answers questions that are asked at once', async () => {
    const first = commit('one', { 'a.yaml': '1' });
    const second = commit('two', { 'a.yaml': '2' });
    await using repository = await open();
    const [one, two, relation, commits] = await Promise.all([
      repository.snapshot(first),
      repository.snapshot(second),
      repository.relation(first, second),
      repository.commitsBetween(first, second, ['a.yaml'], 10),
    ]);
    expect([one.commit, two.commit, relation, commits.length]).toEqual([first, second, 'ancestor', 1]);
  });

  it('reads a tree in one request also after it was asked about ancestry', async () => {
    const first = commit('one', { 'a/b/c/d.yaml': '1' });
    const second = commit('two', { 'a/b/c/e/f/g.yaml': '2' });
    const trace = join(root, 'trace');
    const url = `file://${origin}`;
    mkdirSync(join(root, 'temp'));
    await using repository = await openRepository({
      url,
      dir: join(root, 'temp'),
      git: (dir) =>
        createGit({
          url,
          dir,
          exec: (command, args, options) =>
            systemExec(command, args, { ...options, env: { ...options?.env, GIT_TRACE: trace } }),
        }),
    });
    await repository.relation(first, second);
    const before = uploads(trace);
    expect((await repository.snapshot(second)).commit).toBe(second);
    expect(uploads(trace) - before).toBe(1);
  });

  it('asks the server once for all the contents that are read', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, file) => [`f${file}.yaml`, `${file}`]));
    const sha = commit('one', files);
    let fetches = 0;
    const url = `file://${origin}`;
    mkdirSync(join(root, 'temp'));
    await using repository = await openRepository({
      url,
      dir: join(root, 'temp'),
      git: (dir) =>
        createGit({
          url,
          dir,
          exec: (command, args, options) => {
            if (args.includes('fetch')) fetches++;
            return systemExec(command, args, options);
          },
        }),
    });
    expect((await (await repository.snapshot(sha)).read(Object.keys(files))).size).toBe(40);
    expect(fetches).toBe(2);
  });

  it('leaves nothing behind', async () => {
    const sha = commit('one', { a: '1' });
    {
      await using repository = await open();
      await repository.snapshot(sha);
    }
    expect(existsSync(join(root, 'temp'))).toBe(true);
    expect(readdirSync(join(root, 'temp'))).toEqual([]);
  });
});
