import type { Log } from '@sluice/core/log';
import type { FileNote, ScanDecision } from '../decide/types.ts';
import { oneLine } from './foreign.ts';
import { noteText } from './scan-page.ts';
import { count, fixOf, packageOf, severityOf, wayOf } from './words.ts';

/** GitHub shows ten annotations of each level of a step (https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations); the last error is the verdict's. */
const MOST = 10;

/** What counts, the worst first, and what else is to be known: beside the verdict's own annotation. */
export function annotate({ findings, problems, warnings }: ScanDecision, log: Log): void {
  const blocking = findings.filter((one) => one.blocking);
  const errors: readonly (() => void)[] = [
    ...problems.map((note) => () => log.error(oneLine(note.message, 500), placeOf(note))),
    ...blocking.slice(0, MOST).map((finding) => () => {
      const way = wayOf(finding);
      const fix = finding.fixed.length === 0 ? 'no fixed version is known' : `fixed in ${fixOf(finding)}`;
      const subject = `${packageOf(finding)}: ${oneLine(finding.id, 80)} (${severityOf(finding)})`;
      log.error(`${subject}, ${fix}${way === '' ? '' : `; comes in by ${way}`}`);
    }),
  ];
  for (const say of errors.slice(0, MOST - 1)) say();
  const told = warnings.length > MOST ? warnings.slice(0, MOST - 1) : warnings;
  for (const warning of told) {
    if (typeof warning === 'string') log.warning(oneLine(warning, 500));
    else log.warning(oneLine(warning.message, 500), placeOf(warning));
  }
  const rest = warnings.slice(told.length);
  if (rest.length > 0) {
    log.warning(`${count(rest.length, 'further warning')}: the log has them.`);
    log.group?.('Further warnings', rest.slice(0, 1000).map(noteText));
  }
}

const placeOf = ({ file, line }: FileNote) => (line === undefined ? { file } : { file, line });
