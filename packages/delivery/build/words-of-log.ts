import type { Ended } from './program.ts';

const LONGEST = 300;

/** The last line that a program wrote, or what stood in its way. */
export function lastWords({ lines, failure, code }: Pick<Ended, 'lines' | 'failure' | 'code'>): string {
  if (failure === 'ENOENT') return 'it is not on PATH';
  const last =
    lines.at(-1) ??
    failure ??
    (code === undefined ? 'it was ended by a signal' : `it ended with exit code ${code}`);
  const words = last.trim().replace(/[.\s]+$/, '');
  return words.length <= LONGEST ? words : `${words.slice(0, LONGEST)}…`;
}
