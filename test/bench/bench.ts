// `npm run bench`: how long each bundle takes to start, and what a job has to download and load before that.
import path from 'node:path';
import { type RunOptions, runBundle } from '@sluice/testbed/runner';
import { archiveLimit, archiveSize } from '../../scripts/archive.ts';
import { gitProcesses } from './git-processes.ts';
import { measure, PAIRS } from './pairs.ts';
import { bundles, distFiles, loadedAtStart } from './sizes.ts';
import { prepareStarts, type Start } from './starts.ts';
import { type Column, showTable } from './table.ts';

const counts = { passed: 0, failed: 0 };

/** Counts a target, and says how it went. */
function judge(isMet: boolean): string {
  counts[isMet ? 'passed' : 'failed'] += 1;
  return isMet ? 'ok' : 'OVER';
}

async function milliseconds({ bundle, ends, run }: Start, more: Partial<RunOptions> = {}): Promise<number> {
  const { outputs, ms, log } = await runBundle({ ...run, ...more });
  if (outputs.verdict === ends.verdict && outputs.reason === ends.reason) return ms;
  throw new Error(`${bundle} ended with ${outputs.verdict} (${outputs.reason}). Its log:\n${log}`);
}

const withPath = (start: Start) => (PATH: string) => milliseconds(start, { env: { ...start.run.env, PATH } });

async function row(start: Start): Promise<readonly string[]> {
  const git = await gitProcesses(withPath(start));
  const { ours, bare, ratio } = await measure(() => milliseconds(start));
  const { target } = start;
  return [
    start.bundle,
    ours.median.toFixed(1),
    bare.median.toFixed(1),
    ratio.median.toFixed(2),
    `${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}`,
    target?.toFixed(1) ?? '',
    target === undefined ? '' : judge(ratio.median <= target),
    String(git),
    start.what,
  ];
}

async function showStarts(): Promise<void> {
  console.log(`\nStart: the whole process to its exit, Git's processes included, in ms. Medians of ${PAIRS} pairs with
bare Node ${process.versions.node} (an empty file); the ratio is taken pair by pair, with its quartiles.\n`);
  await using prepared = await prepareStarts();
  const untimed = bundles().filter((name) => !prepared.starts.some(({ bundle }) => bundle === name));
  const rows: (readonly string[])[] = [];
  for (const start of prepared.starts) rows.push(await row(start));
  const columns: readonly Column[] = [
    ['bundle', 'left'],
    ['ms', 'right'],
    ['bare', 'right'],
    ['ratio', 'right'],
    ['quartiles', 'left'],
    ['target', 'right'],
    ['', 'left'],
    ['git', 'right'],
    ['what it does', 'left'],
  ];
  showTable(columns, rows);
  if (untimed.length > 0) console.log(`\nNo start is timed of ${untimed.join(', ')}: ${judge(false)}`);
}

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);

function showSizes(): void {
  const files = distFiles();
  const starting = bundles().map((bundle) => ({ bundle, files: new Set(loadedAtStart(bundle)) }));
  const sum = (part: (file: string) => boolean) =>
    kilobytes(files.filter(({ file }) => part(file)).reduce((all, { bytes }) => all + bytes, 0));
  const slash = (file: string) => file.replaceAll(path.sep, '/');
  console.log('\ndist/: kB of each file, and which bundle loads it at its start\n');
  showTable(
    [['file', 'left'], ['kB', 'right'], ...starting.map(({ bundle }): Column => [bundle, 'right'])],
    [
      ...files.map(({ file, bytes }) => [
        slash(file),
        kilobytes(bytes),
        ...starting.map((one) => (one.files.has(file) ? kilobytes(bytes) : '')),
      ]),
      ['all', sum(() => true), ...starting.map((one) => sum((file) => one.files.has(file)))],
    ],
  );
}

function showArchive(): void {
  const size = archiveSize();
  console.log(
    `\nArchive that a \`uses:\` downloads: ${kilobytes(size)} kB, target ${kilobytes(archiveLimit)} kB: ${judge(size < archiveLimit)}`,
  );
}

await showStarts();
showSizes();
showArchive();
console.log(`\n${counts.passed} passed, ${counts.failed} failed, 0 skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
