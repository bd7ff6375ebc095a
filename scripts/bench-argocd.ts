// `npm run bench:argocd`, or with `-- 1` or `-- 100` one half of it: on a real Argo CD, the time from when Argo CD has written an application's status to the verdict, for 1 and for 100 applications, beside
// `argocd app wait`; and what each of them asked of the server. Needs Go, as `npm run e2e`.
import { startGitHub } from '@sluice/testbed/github/start';
import { type Column, showTable } from '../test/bench/table.ts';
import { createMeter } from '../test/e2e/bench/meter.ts';
import { type Finish, ours, prepareField, theirs } from '../test/e2e/bench/race.ts';
import { goVersion } from '../test/e2e/rig/build.ts';
import { startRig } from '../test/e2e/rig/rig.ts';
import { createStage } from '../test/e2e/stage.ts';

const chosen = process.argv.slice(2);
const settle = 5;
const fields = [
  { count: 1, rounds: 9, warmUp: 4000 },
  { count: 100, rounds: 3, warmUp: 20_000 },
].filter(({ count }) => chosen.length === 0 || chosen.includes(String(count)));

const go = await goVersion();
if (go === undefined) {
  console.log('bench:argocd needs Go 1.25 or newer: https://go.dev/dl/');
  process.exit(0);
}
const rig = await startRig(go, console.log);
const github = await startGitHub({ root: rig.folder });
console.log(await rig.versions());
console.log(
  `\nSeconds from when Argo CD has written the last Healthy to the verdict, and to the end of the process. The first two run beside each other.\n`,
);

const rows: (readonly string[])[] = [];
const say = (cells: readonly string[]): void => {
  rows.push(cells);
  console.log(cells.filter((cell) => cell !== '').join(', '));
};
let missed = 0;
for (const { count, rounds, warmUp } of fields) {
  const stage = createStage(rig, github, `bench-${count}`);
  const field = await prepareField(stage, count, warmUp);
  const [one, other] = [await createMeter(rig.argocd.url), await createMeter(rig.argocd.url)];
  const results: Record<'ours' | 'cli' | 'settled', Finish[]> = { ours: [], cli: [], settled: [] };
  for (let round = 0; round < rounds; round++) {
    const [first, second] = await field.race([ours(stage, one, '0s'), theirs(stage, other)]);
    const [third] = await field.race([ours(stage, one, `${settle}s`)]);
    if (first === undefined || second === undefined || third === undefined) throw new Error('nobody raced');
    results.ours.push(first);
    results.cli.push(second);
    results.settled.push(third);
  }
  const cli = median(results.cli);
  say(row(count, 'argo-sync-wait, settle: 0s', results.ours, cli));
  say(row(count, 'argocd app wait', results.cli));
  say(row(count, `argo-sync-wait, settle: ${settle}s`, results.settled, settle + 1));
}

/** With the bound that its median must keep, if there is one. */
function row(count: number, who: string, finishes: readonly Finish[], bound?: number): readonly string[] {
  const seconds = finishes.map((one) => one.seconds).toSorted((a, b) => a - b);
  const met = bound === undefined || median(finishes) <= bound;
  if (!met) missed++;
  const requests = finishes.map(({ traffic }) => traffic.requests);
  const bytes = finishes.map(({ traffic }) => traffic.bytes);
  return [
    String(count),
    who,
    median(finishes).toFixed(2),
    `${seconds[0]?.toFixed(2)} to ${seconds.at(-1)?.toFixed(2)}`,
    mean(finishes.map(({ ended }) => ended)).toFixed(2),
    bound === undefined ? '' : `${bound.toFixed(2)} ${met ? 'ok' : 'OVER'}`,
    mean(requests) === 0 ? '' : mean(requests).toFixed(0),
    (mean(bytes) / 1000).toFixed(1),
  ];
}

function median(finishes: readonly Finish[]): number {
  const sorted = finishes.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const columns: readonly Column[] = [
  ['applications', 'right'],
  ['who waits', 'left'],
  ['verdict', 'right'],
  ['from to', 'left'],
  ['ended', 'right'],
  ['bound', 'right'],
  ['requests', 'right'],
  ['kB', 'right'],
];
showTable(columns, rows);
console.log(`\n${missed} of ${fields.length * 2} bounds missed`);
process.exit(missed === 0 ? 0 : 1);
