import { afterAll, beforeAll, expect, test } from 'vitest';
import { git, gitBytes } from './git.ts';
import { answerLsRefs } from './ls-refs.ts';
import { type GitHubStandIn, startGitHub } from './start.ts';

const name = 'acme/gitops';
let github: GitHubStandIn;
let dir: string;

beforeAll(async () => {
  github = await startGitHub();
  const sha = await github.createRepository(name, { 'a.yaml': 'x: 1\n' });
  dir = github.repository(name).dir;
  await github.commitFiles(name, 'a/b', { 'a.yaml': 'x: 2\n' });
  await github.commitFiles(name, 'a-b', { 'a.yaml': 'x: 3\n' });
  const who = ['-c', 'user.name=bob', '-c', 'user.email=bob@example.com'];
  await git(dir, [...who, 'tag', '-a', '-m', 'Tag', 'v1', sha]);
  await git(dir, ['tag', 'light', sha]);
  await git(dir, ['update-ref', 'refs/stand-in/hidden', sha]);
});
afterAll(() => github.close());

const packet = (text: string): string => `${(text.length + 5).toString(16).padStart(4, '0')}${text}\n`;
const request = (command: string, ...args: string[]): Buffer =>
  Buffer.from(
    `${packet(`command=${command}`)}${packet('agent=test')}${packet('object-format=sha1')}0001${args.map(packet).join('')}0000`,
  );

const prefix = (text: string): string => `ref-prefix ${text}`;
const cases: readonly string[][] = [
  [],
  ['symrefs', 'peel', 'unborn'],
  ['peel', 'symrefs', prefix('refs/heads/main')],
  ['peel', 'symrefs', prefix('HEAD'), prefix('refs/tags/')],
  [prefix('refs/heads/none')],
];

/** Refs as they are, and after some of them were packed and one moved since. */
test.each(['loose', 'packed'])('the answer is that of git upload-pack (%s refs)', async (how) => {
  if (how === 'packed') {
    await git(dir, ['pack-refs', '--all']);
    await github.commitFiles(name, 'a/b', { 'a.yaml': 'x: 4\n' });
  }
  for (const args of cases) {
    const body = request('ls-refs', ...args);
    const theirs = await gitBytes(dir, ['upload-pack', '--stateless-rpc', dir], body, {
      GIT_PROTOCOL: 'version=2',
    });
    expect(String(await answerLsRefs(dir, body))).toBe(String(theirs));
  }
});

test('an empty repository tells the branch that is not born', async () => {
  await git(dir, ['symbolic-ref', 'HEAD', 'refs/heads/later']);
  const body = request('ls-refs', 'symrefs', 'unborn', prefix('HEAD'));
  expect(String(await answerLsRefs(dir, body))).toContain('unborn HEAD symref-target:refs/heads/later');
  await git(dir, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
});

test('everything else is left to Git', async () => {
  expect(await answerLsRefs(dir, request('fetch', 'done'))).toBeUndefined();
  expect(await answerLsRefs(dir, request('ls-refs', 'something-new'))).toBeUndefined();
  expect(await answerLsRefs(dir, Buffer.from('00'))).toBeUndefined();
});
