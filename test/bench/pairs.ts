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
  readonly bare: Spread;
  /** Ours over bare, pair by pair: a machine that slows down in between slows both. */
  readonly ratio: Spread;
}

const WARM_UPS = 3;
export const PAIRS = 31;

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Runs Node on an empty file and the given process in turn; `run` gives the milliseconds of one. */
export async function measure(run: () => Promise<number>): Promise<Pairs> {
  const dir = mkdtempSync(path.join(tmpdir(), 'bare-'));
  try {
    const empty = path.join(dir, 'empty.mjs');
    writeFileSync(empty, '');
    const pairs: { readonly bare: number; readonly ours: number }[] = [];
    for (let i = -WARM_UPS; i < PAIRS; i++) {
      const { ms: bare } = await runProcess(empty, { env: {}, cwd: dir, timeout: 60_000 });
      const ours = await run();
      if (i >= 0) pairs.push({ bare, ours });
    }
    return {
      ours: spread(pairs.map(({ ours }) => ours)),
      bare: spread(pairs.map(({ bare }) => bare)),
      ratio: spread(pairs.map(({ ours, bare }) => ours / bare)),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
