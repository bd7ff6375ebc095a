import type { Log } from '@sluice/core/log';
import type { FileNote, ScanDecision } from '../decide/types.ts';
import { oneLine } from './foreign.ts';
import { noteText } from './scan-page.ts';
import { count, fixOf, packageOf, ratingOf, threatsOf, wayOf } from './words.ts';

/** GitHub shows ten annotations of each level of a step (https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations); the last error is the verdict's. */
const MOST = 10;

/** What counts, the worst first, and what else is to be known: beside the verdict's own annotation. */
export function annotate({ findings, problems, warnings }: ScanDecision, log: Log): void {
  const blocking = findings.filter((one) => one.blocking);
  const errors: readonly (() => void)[] = [
    ...problems.map((note) => () => say('error', note, log)),
    ...blocking.slice(0, MOST).map((finding) => () => {
      const way = wayOf(finding);
      const fix = finding.fixed.length === 0 ? 'no fixed version is known' : `fixed in ${fixOf(finding)}`;
      const rating = [ratingOf(finding), ...threatsOf(finding)].join(', ');
      const subject = `${packageOf(finding)}: ${oneLine(finding.id, 80)} (${rating})`;
      log.error(`${subject}, ${fix}${way === '' ? '' : `; comes in by ${way}`}`);
    }),
  ];
  for (const tell of errors.slice(0, MOST - 1)) tell();
  const told = warnings.length > MOST ? warnings.slice(0, MOST - 1) : warnings;
  for (const warning of told) {
    say('warning', warning, log);
  }
  const rest = warnings.slice(told.length);
  if (rest.length > 0) {
    log.warning(`${count(rest.length, 'further warning')}: the log has them.`);
    log.group?.('Further warnings', rest.slice(0, 1000).map(noteText));
  }
}

/** What is wrong with a file that was given, at its lines: as many as leave room for the verdict's error, which lists all of them. */
export function brokenLines(log: Log): (note: FileNote) => void {
  let told = 0;
  return (note) => {
    told += 1;
    if (told < MOST) say('error', note, log);
  };
}

/** At its line, where it is about one. */
function say(level: 'error' | 'warning', note: FileNote | string, log: Log): void {
  if (typeof note === 'string') log[level](oneLine(note, 500));
  else log[level](oneLine(note.message, 500), placeOf(note));
}

const placeOf = ({ file, line }: FileNote) => (line === undefined ? { file } : { file, line });
