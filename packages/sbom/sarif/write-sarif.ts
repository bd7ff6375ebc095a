import { existsSync, lstatSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import { oneLine } from '../page/foreign.ts';
import { MOST_RESULTS, type SarifInput, sarifOf } from './sarif.ts';

/** GitHub takes no file that is larger when it is packed with gzip. */
const LARGEST = 10_000_000;

/** What was written. */
export interface Written {
  /** How many open findings the file has no room for. */
  readonly omitted: number;
}

/** Writes the findings that are open to a file of the repository; throws a SluiceError `sarif-not-written`. */
export async function writeSarif(
  file: string,
  root: string,
  input: SarifInput,
  largest = LARGEST,
): Promise<Written> {
  const { text, results } = await fitting(input, largest, MOST_RESULTS);
  const path = join(root, file);
  try {
    refuseLinks(path, root);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const why = error instanceof Error ? oneLine(error.message) : String(error);
    throw new SluiceError('platform', 'sarif-not-written', `${oneLine(file)} could not be written: ${why}.`, {
      hint: 'Name a file of the repository in `sarif` that this step may write.',
      cause: error,
    });
  }
  return { omitted: input.findings.filter(({ status }) => status === 'open').length - results };
}

/** As many as GitHub takes. */
async function fitting(
  input: SarifInput,
  largest: number,
  most: number,
): Promise<{ readonly text: string; readonly results: number }> {
  const log = sarifOf(input, most);
  const text = `${JSON.stringify(log)}\n`;
  const { length } = log.runs[0].results;
  // gzip never makes a text of JSON larger.
  if (Buffer.byteLength(text) <= largest) return { text, results: length };
  const { gzipSync } = await import('node:zlib');
  const size = gzipSync(text, { level: 1 }).length;
  if (size <= largest || length === 0) return { text, results: length };
  return fitting(input, largest, Math.floor(length * Math.min(0.9, (0.9 * largest) / size)));
}

/** A link in the repository could lead what is written anywhere. */
function refuseLinks(path: string, root: string): void {
  const base = realpathSync(root);
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  const real = realpathSync(folder);
  if (real !== base && !real.startsWith(`${base}${sep}`)) throw new Error('it leads out of the repository');
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) throw new Error('it is a symbolic link');
}
