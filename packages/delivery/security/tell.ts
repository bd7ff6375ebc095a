import { grouped } from '@sluice/core/grouped';
import type { World } from '@sluice/core/run';
import type { FileNote, Threshold } from '@sluice/sbom/decide/types';
import { oneLine } from '@sluice/sbom/page/foreign';
import { statusOf } from '@sluice/sbom/page/row';
import { noteText } from '@sluice/sbom/page/scan-page';
import { count, fixOf, packageOf, ratingOf, vulnerabilities, whyUnmatched } from '@sluice/sbom/page/words';
import type { Advisory } from './advisories.ts';
import type { Notes } from './notes.ts';
import type { Scanned } from './scan-targets.ts';
import { isTold, obstacle, placesOf, saidOf } from './told.ts';
import type { UnmatchedIn } from './unmatched.ts';

type Log = World['log'];

/** GitHub shows ten annotations of each level of a step (https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations). */
const MOST = 10;
/** More lines nobody reads. */
const MOST_LINES = 500;

/** Says of each that was scanned what became of it, in a line; what could not be scanned as a warning, as long as GitHub shows it. */
export function teller(log: Log, maxUnmatched: number | undefined): (one: Scanned) => void {
  let warned = 0;
  return (one) => {
    log.info(lineOf(one));
    if (isTold(one)) return;
    warned += 1;
    if (warned < MOST) log.warning(oneLine(obstacle(one, maxUnmatched), 1000));
    if (warned === MOST) log.warning('More could not be scanned: the log has a line of each.');
  };
}

/** What nobody would miss: a project whose Deployments never became active, or were retired, is not scanned. */
export function tellIdle(idle: readonly string[], log: Log): void {
  if (idle.length === 0) return;
  const title = `${count(idle.length, 'project has', 'projects have')} Deployments, none of them active: not scanned`;
  log.group?.(
    title,
    bounded(idle, (line) => line),
  );
}

/** `payments in production (acme/app): vulnerable, 3 findings, 1 that counts` */
function lineOf(one: Scanned): string {
  const where = `${one.target.name} (${one.target.repository})`;
  if (one.type === 'unseen') return `${where}: could-not-scan: ${oneLine(one.why, 1000)}`;
  const { findings, blocking, unmatched } = one.decision.counts;
  const left = unmatched === 0 ? '' : `, ${count(unmatched, 'component')} that could not be looked up`;
  const counting = `${grouped(blocking)} that ${blocking === 1 ? 'counts' : 'count'}`;
  return `${where}: ${saidOf(one).verdict}, ${count(findings, 'finding')}, ${counting}${left}`;
}

/** Every vulnerability in a line of the log, worst first. */
export function tellFindings(advisories: readonly Advisory[], threshold: Threshold, log: Log): void {
  if (advisories.length === 0) return;
  const title = `${vulnerabilities(advisories.length)}, worst first`;
  log.group?.(
    title,
    bounded(advisories, (one) => {
      const [worst] = one.places;
      if (worst === undefined) return '';
      const { finding, causes } = worst;
      const what = `${ratingOf(finding)}  ${oneLine(one.id, 80)}  ${packageOf(finding)}  fixed in: ${fixOf(finding)}`;
      return `${what}  ${statusOf(finding, causes, threshold)}  (${placesIn(placesOf(one))})`;
    }),
  );
}

/** What stands beside the findings: each allowance that has expired at its line, warnings, and in the log what could not be looked up. */
export function tellNotes({ expired, warnings }: Notes, unmatched: readonly UnmatchedIn[], log: Log): void {
  if (unmatched.length > 0)
    log.group?.(
      `${count(unmatched.length, 'component')} that could not be looked up`,
      bounded(unmatched, unmatchedLine),
    );
  // The last error is the verdict's.
  for (const note of expired.slice(0, MOST - 1)) log.error(oneLine(note.message, 500), placeOf(note));
  const [told, rest] = [warnings.slice(0, MOST), warnings.slice(MOST)];
  for (const note of told) {
    if (typeof note === 'string') log.warning(oneLine(note, 500));
    else log.warning(oneLine(note.message, 500), placeOf(note));
  }
  if (rest.length > 0) log.group?.(count(rest.length, 'further warning'), bounded(rest, noteText));
}

const unmatchedLine = ({ component, why, where }: UnmatchedIn): string =>
  `${oneLine(component, 200)}: ${whyUnmatched[why]} (${placesIn(where)})`;

/** `payments in production and 3 more` */
function placesIn([first = '', ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : ` and ${grouped(others.length)} more`;
  return `${oneLine(first, 200)}${more}`;
}

const placeOf = ({ file, line }: FileNote) => (line === undefined ? { file } : { file, line });

function bounded<T>(all: readonly T[], line: (one: T) => string): readonly string[] {
  const lines = all.slice(0, MOST_LINES).map(line);
  return all.length === lines.length ? lines : [...lines, `… and ${all.length - lines.length} more`];
}
