import type { Change } from '../change.ts';
import { planDigest } from './plan.ts';

/** An output that is meant as the input of another action: the system starts no process with a variable of 128 KiB. */
const LIMIT = 60_000;

/**
 * A change as an output, at most 60,000 bytes of JSON. A larger one is shortened to its head: `shortened: true`, the plan's
 * digest, and the commit, whose trailer `Sluice-Change` carries the same digest and whose diff is the whole of it. `count`: how many
 * changes share the output.
 */
export function changeOutput(change: Change, count = 1): string {
  if (!isTooLarge(change, count)) return JSON.stringify(change);
  const { files, ...head } = change;
  return JSON.stringify({ ...head, shortened: true, digest: planDigest(change), fileCount: files.length });
}

/** Whether the output `change` has to be shortened. */
export function isTooLarge(change: Change, count = 1): boolean {
  // The brackets and commas of a list count too.
  return Buffer.byteLength(JSON.stringify(change)) + 2 > LIMIT / count;
}
