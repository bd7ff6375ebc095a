import type { ScanDecision, Threshold } from '../decide/types.ts';
import { oneLine } from './foreign.ts';
import { statusOf } from './row.ts';
import { fixOf, packageOf, ratingOf, whyUnmatched } from './words.ts';

/** More lines nobody reads; the output `result` and the SARIF file are for programs. */
const MOST_LINES = 500;

/** Every finding in a line, worst first. */
export const findingLines = ({ findings, causes }: ScanDecision, threshold: Threshold): readonly string[] =>
  bounded(findings, (one, at) => {
    const status = statusOf(one, causes[at] ?? [], threshold);
    return `${ratingOf(one)}  ${oneLine(one.id, 80)}  ${packageOf(one)}  fixed in: ${fixOf(one)}  ${status}`;
  });

/** What could not be looked up, and why. */
export const unmatchedLines = ({ unmatched }: ScanDecision): readonly string[] =>
  bounded(
    unmatched,
    ({ component, why, file }) => `${oneLine(component, 200)}: ${whyUnmatched[why]} (${oneLine(file, 120)})`,
  );

function bounded<T>(all: readonly T[], line: (one: T, at: number) => string): readonly string[] {
  const lines = all.slice(0, MOST_LINES).map(line);
  return all.length === lines.length ? lines : [...lines, `… and ${all.length - lines.length} more`];
}
