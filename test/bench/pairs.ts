import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProcess } from '@sluice/testbed/runner-process';

/** Quartiles: a quarter, half and three quarters of the values lie below. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export interface Pairs {
  /** Milliseconds from the start of the process to its exit. */
  readonly ours: Spread;
  readonly other: Spread;
  /** Ours over the other, pair by pair: a machine that slows down in between slows both. */
  readonly ratio: Spread;
}

export const PAIRS = 31;

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Gives the milliseconds of one run. */
export type Timed = () => Promise<number>;

/** Runs the two in turn, a few times before it counts. */
export async function measurePairs(
  ours: Timed,
  other: Timed,
  { pairs: count = PAIRS, warmUps = 3 } = {},
): Promise<Pairs> {
  const pairs: { readonly ours: number; readonly other: number }[] = [];
  for (let i = -warmUps; i < count; i++) {
    const before = await other();
    const pair = { other: before, ours: await ours() };
    if (i >= 0) pairs.push(pair);
  }
  return {
    ours: spread(pairs.map((pair) => pair.ours)),
    other: spread(pairs.map((pair) => pair.other)),
    ratio: spread(pairs.map((pair) => pair.ours / pair.other)),
  };
}

/** Against Node on an empty file. */
export async function measureStart(run: Timed): Promise<Pairs> {
  const dir = mkdtempSync(path.join(tmpdir(), 'bare-'));
  try {
    const empty = path.join(dir, 'empty.mjs');
    writeFileSync(empty, '');
    const bare = async () => (await runProcess(empty, { env: {}, cwd: dir, timeout: 60_000 })).ms;
    return await measurePairs(run, bare);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
