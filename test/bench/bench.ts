// `npm run bench`: how long each bundle takes to start, what a job has to download and load before that, one image in a large tree, and fifty processes on one branch.
import path from 'node:path';
import { type RunOptions, runBundle } from '@sluice/testbed/runner';
import { archiveLimit, archiveSize } from '../../scripts/archive.ts';
import { gitProcesses } from './git-processes.ts';
import { describeMany, isMet, LARGEST_WAIT, measureMany } from './many-applications.ts';
import { measureStart, PAIRS, type Pairs } from './pairs.ts';
import { showRaces } from './race.ts';
import { describeSbom, isScanMet, LARGEST_SCAN, measureSbom } from './sbom.ts';
import { bundles, distFiles, loadedAtStart } from './sizes.ts';
import { prepareStarts, type Start } from './starts.ts';
import { type Column, showTable } from './table.ts';
import { measureTree } from './tree.ts';

const counts = { passed: 0, failed: 0, skipped: 0 };

/** Bytes. */
const LARGEST_MEMORY = 200e6;

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
  const { ours, other: bare, ratio } = await measureStart(() => milliseconds(start));
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

async function showTree(): Promise<void> {
  console.log(`\nOne image in 10,000 manifests, 100 of which name it: \`commit: none\`, the whole process, no program on the PATH.
In ms; ratios pair by pair. yq is one process over all files, its fastest way, though it writes them all into the first.\n`);
  const { reading, yq, memory } = await measureTree(console.log);
  const timed = (what: string, { ours, other, ratio }: Pairs, target: string, isMet: boolean) => [
    what,
    ours.median.toFixed(0),
    other.median.toFixed(0),
    ratio.median.toFixed(3),
    `${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}`,
    target,
    judge(isMet),
  ];
  showTable(
    [
      ['beside', 'left'],
      ['ms', 'right'],
      ['other', 'right'],
      ['ratio', 'right'],
      ['quartiles', 'left'],
      ['target', 'right'],
      ['', 'left'],
    ],
    [
      timed('bare Node that reads the same files', reading, '2', reading.ratio.median <= 2),
      ...(yq ? [timed('yq -i', yq, '0.05', yq.ratio.median <= 0.05)] : []),
    ],
  );
  if (yq === undefined) {
    counts.skipped += 1;
    console.log('\nyq is built from its Go module, and there is no Go here: https://go.dev/dl/');
  }
  for (const [what, bytes] of Object.entries(memory)) {
    console.log(
      `\nMost memory, ${what}: ${(bytes / 1e6).toFixed(0)} MB, target ${LARGEST_MEMORY / 1e6} MB: ${judge(bytes < LARGEST_MEMORY)}`,
    );
  }
}

await showStarts();
await showTree();
showSizes();
showArchive();
const broken = await showRaces(50);
console.log(`\n50 of 50 land, and nothing is lost: ${judge(broken.length === 0)}`);
const many = await measureMany(1000);
console.log(
  `\n${describeMany(1000, many)}; targets: ${LARGEST_WAIT / 1e6} MB, 2 connections: ${judge(isMet(many))}`,
);
const scan = await measureSbom({}, console.log);
if (scan.osvScanner === undefined) counts.skipped += 1;
console.log(
  `\n${describeSbom(scan)}; targets: not slower, ${LARGEST_SCAN / 1e6} MB: ${judge(isScanMet(scan))}`,
);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
