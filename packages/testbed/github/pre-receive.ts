/** Git's `pre-receive` hook of the stand-in's repositories: refuses files over GitHub's limit. Its argument is the rules file. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeSync } from 'node:fs';

const MEGABYTE = 1024 * 1024;

const { largestFile } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const pushed = readFileSync(0, 'utf8')
  .split('\n')
  .map((line) => line.split(' ')[1] ?? '')
  .filter((sha) => /[1-9a-f]/.test(sha));

const git = (args: readonly string[], input: string): string =>
  execFileSync('git', args, { input, maxBuffer: 1024 * MEGABYTE }).toString();

const objects = pushed.length === 0 ? '' : git(['rev-list', '--objects', ...pushed, '--not', '--all'], '');
const sizes = git(['cat-file', '--batch-check=%(objecttype) %(objectsize) %(rest)'], objects);
const large = sizes.split('\n').flatMap((line) => {
  const [, size = '0', path = ''] = /^blob (\d+) (.*)$/.exec(line) ?? [];
  return Number(size) > largestFile ? [{ path, size: Number(size) }] : [];
});
const inMegabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(2)} MB`;
for (const { path, size } of large) {
  const limit = `this exceeds GitHub's file size limit of ${inMegabytes(largestFile)}`;
  writeSync(2, `error: File ${path} is ${inMegabytes(size)}; ${limit}\n`);
}
if (large.length > 0) {
  const help = 'You may want to try Git Large File Storage - https://git-lfs.github.com.';
  writeSync(2, `error: GH001: Large files detected. ${help}\n`);
  process.exitCode = 1;
}
