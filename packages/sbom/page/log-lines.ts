import type { ScanDecision } from '../decide/types.ts';
import { oneLine } from './foreign.ts';
import { fixOf, packageOf, severityOf, whyUnmatched } from './words.ts';

/** More lines nobody reads; the output `result` and the SARIF file are for programs. */
const MOST_LINES = 500;

/** Every finding in a line, worst first. */
export const findingLines = ({ findings }: ScanDecision): readonly string[] =>
  bounded(findings, (one) => {
    const status = one.status === 'open' ? (one.blocking ? 'counts' : 'does not count') : one.status;
    return `${severityOf(one)}  ${oneLine(one.id, 80)}  ${packageOf(one)}  fixed in: ${fixOf(one)}  ${status}`;
  });

/** What could not be looked up, and why. */
export const unmatchedLines = ({ unmatched }: ScanDecision): readonly string[] =>
  bounded(
    unmatched,
    ({ component, why, file }) => `${oneLine(component, 200)}: ${whyUnmatched[why]} (${oneLine(file, 120)})`,
  );

function bounded<T>(all: readonly T[], line: (one: T) => string): readonly string[] {
  const lines = all.slice(0, MOST_LINES).map(line);
  return all.length === lines.length ? lines : [...lines, `… and ${all.length - lines.length} more`];
}
