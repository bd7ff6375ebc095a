import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { git, tryGit } from './git.ts';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { testClient } from './test-client.ts';
import type { Wanted } from './types.ts';

const name = 'acme/gitops';
let github: GitHubStandIn;
let clones: string;
let count = 0;

beforeAll(async () => {
  clones = mkdtempSync(join(tmpdir(), 'clones-'));
  github = await startGitHub();
  await github.createRepository(name, { 'a/b.yaml': 'x: 1\n', 'c.txt': 'c\n' });
  await github.commitFiles(name, 'main', { 'a/b.yaml': 'x: 2\n' });
});
afterAll(async () => {
  rmSync(clones, { recursive: true, force: true });
  github.expectNoViolations();
  await github.close();
});

/** A clone with a token in its headers, as nobody's configuration. */
async function clone(...options: string[]) {
  count += 1;
  const dir = join(clones, String(count));
  const basic = Buffer.from(`x-access-token:${github.createToken()}`).toString('base64');
  const who = ['-c', 'user.name=bob', '-c', 'user.email=bob@example.com'];
  const auth = [...who, '-c', `http.extraheader=Authorization: basic ${basic}`];
  await git(clones, [...auth, 'clone', '-q', ...options, `${github.url}/${name}`, dir]);
  return {
    dir,
    async commit(path = 'new.txt', content = `${Math.random()}\n`) {
      writeFileSync(join(dir, path), content);
      await git(dir, [...auth, 'add', path]);
      await git(dir, [...auth, 'commit', '-qm', 'Push']);
    },
    push: (...args: string[]) => tryGit(dir, [...auth, 'push', 'origin', ...args]),
    run: (...args: string[]) => git(dir, [...auth, ...args]),
  };
}

test.each([
  ['a whole clone', []],
  ['a shallow clone', ['--depth=1']],
  ['a partial clone', ['--filter=blob:none']],
  ['a shallow and partial clone', ['--depth=1', '--filter=blob:none']],
])('%s pushes', async (_, options) => {
  const one = await clone(...options);
  await one.commit();
  expect(await one.push('HEAD:main')).toMatchObject({ code: 0 });
  expect(await github.head(name)).toBe(await one.run('rev-parse', 'HEAD'));
  expect(await git(github.repository(name).dir, ['fsck', '--strict'])).toBe('');
});

test('a push behind somebody else is told to fetch first, and a forced one with a lease is stale', async () => {
  const [one, two] = [await clone(), await clone()];
  await one.commit();
  await two.commit();
  expect((await one.push('HEAD:main')).code).toBe(0);
  const late = await two.push('HEAD:main');
  expect(late.code).toBe(1);
  expect(late.stderr).toContain('(fetch first)');
  const lease = await two.push('--force-with-lease', 'HEAD:main');
  expect(lease.stderr).toContain('(stale info)');
  expect(await github.head(name)).toBe(await one.run('rev-parse', 'HEAD'));
});

test('of pushes at the same time one wins, and every other one says that it lost', async () => {
  const all = await Promise.all(Array.from({ length: 6 }, () => clone()));
  await Promise.all(all.map((one) => one.commit()));
  const results = await Promise.all(all.map((one) => one.push('HEAD:main')));
  expect(results.filter(({ code }) => code === 0)).toHaveLength(1);
  for (const { code, stderr } of results) {
    if (code !== 0) expect(stderr).toMatch(/fetch first|cannot lock ref|failed to update ref|stale info/);
  }
});

describe('a rule that wants something else than a pull request', () => {
  const wanted: readonly [Wanted, string, boolean, boolean][] = [
    ['merge-queue', 'Changes must be made through the merge queue', false, false],
    ['checks', 'Required status check "ci" is expected.', false, false],
    ['signatures', 'Commits must have verified signatures.', false, true],
    ['fast-forward', 'Cannot force-push to this branch', true, true],
  ];
  test.each(wanted)('%s', async (wants, words, pushes, commits) => {
    for (const kind of ['protection', 'ruleset'] as const) {
      github.protect(name, 'main', { kind, wants });
      const one = await clone();
      await one.commit();
      const pushed = await one.push('HEAD:main');
      expect(pushed.code === 0).toBe(pushes);
      await one.run('commit', '--amend', '--allow-empty', '-qm', 'Again');
      const forced = await one.push('--force', 'HEAD:main');
      expect(forced.stderr).toContain(kind === 'protection' ? 'GH006' : 'GH013');
      expect(forced.stderr).toContain(`remote: - ${words}`);
      const before = await github.head(name);
      await testClient(github, github.createToken()).commit(name, before);
      expect((await github.head(name)) !== before).toBe(commits);
      github.protect(name, 'main', undefined);
    }
  });
});

test('a line like a secret is refused on every branch, where it stands is said, and other pushes pass', async () => {
  github.limitPushes(name, { secretPatterns: [/tok_[0-9]{8}/] });
  const one = await clone();
  await one.commit('clean.txt', 'nothing\n');
  expect((await one.push('HEAD:topic')).code).toBe(0);
  await one.commit('key.txt', 'first\ntok_12345678\n');
  const refused = await one.push('HEAD:topic');
  expect(refused.stderr).toContain('GH013: Repository rule violations found for refs/heads/topic.');
  expect(refused.stderr).toContain('Push cannot contain secrets');
  expect(refused.stderr).toContain('path: key.txt:2');
  expect(refused.stderr).toContain('(push declined due to repository rule violations)');
  github.limitPushes(name, { secretPatterns: [] });
  expect((await one.push('HEAD:topic')).code).toBe(0);
});

test('a file over the limit is refused, however well it is packed', async () => {
  github.limitPushes(name, { largestFile: 2 * 1024 * 1024 });
  const one = await clone();
  await one.commit('zeros.bin', '\0'.repeat(3 * 1024 * 1024));
  const refused = await one.push('HEAD:large');
  expect(refused.stderr).toContain(
    "File zeros.bin is 3.00 MB; this exceeds GitHub's file size limit of 2.00 MB",
  );
  expect(refused.stderr).toContain('GH001: Large files detected.');
  expect(refused.stderr).toContain('(pre-receive hook declined)');
});
