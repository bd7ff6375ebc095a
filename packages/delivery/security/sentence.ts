import { grouped } from '@sluice/core/grouped';
import { oneLine } from '@sluice/sbom/page/foreign';
import { noteText } from '@sluice/sbom/page/scan-page';
import { count, vulnerabilities } from '@sluice/sbom/page/words';
import type { SecurityReport } from './outcome.ts';
import type { Scanned } from './scan-targets.ts';
import { isTold, obstacle, placesOf, type Said } from './told.ts';

/** The verdict of all in words. */
export function sentenceOf(report: SecurityReport, { verdict, reason }: Said): string {
  const { scanned, troubles, inputs } = report;
  const isOne = inputs.sbom !== undefined;
  const what = isOne ? 'The SBOM' : `${deploymentsOf(scanned)} in ${inputs.environment}`;
  const subject = `${what} ${scanned.length === 1 || isOne ? 'has' : 'have'}`;
  const left = leftOut(report, isOne);
  if (verdict === 'vulnerable') return `${subject} ${counting(report)}.${left}`;
  if (verdict === 'clean') return `${subject} ${noneCounting(report)}.`;
  if (reason === 'expired-allowance') return `${subject} ${noneCounting(report)}, and ${expired(report)}.`;
  if (scanned.length === 0) {
    const unread = troubles.find((one) => one.reason !== 'no-deployment')?.sentence;
    return unread === undefined
      ? `No Deployment of ours is active in ${inputs.environment}: nothing was scanned.`
      : `What is active in ${inputs.environment} is not known, and nothing was scanned. ${unread}`;
  }
  return `Whether ${isOne ? 'the SBOM has' : subject} vulnerabilities could not be told.${left}`;
}

/** `2 active Deployments and 1 that has begun since` */
function deploymentsOf(scanned: readonly Scanned[]): string {
  const begun = scanned.filter(({ target }) => target.isBegun === true).length;
  const active = scanned.length - begun;
  if (begun === 0) return count(active, 'active Deployment');
  const have = begun === 1 ? 'has' : 'have';
  if (active === 0) return `${count(begun, 'Deployment')} that ${have} begun`;
  return `${count(active, 'active Deployment')} and ${grouped(begun)} that ${have} begun since`;
}

/** How many count, and the worst. */
function counting(report: SecurityReport): string {
  const { advisories, notes } = report;
  const blocking = advisories.filter(({ places }) => places[0]?.finding.blocking === true);
  const [worst] = blocking;
  if (worst === undefined) {
    const { length } = notes.expired;
    return `${count(length, 'allowance')} that ${length === 1 ? 'has' : 'have'} expired${firstExpired(report)}`;
  }
  const counts = blocking.length === 1 ? 'counts' : 'count';
  const also = notes.expired.length === 0 ? '' : `; ${expired(report)}`;
  const named = blocking.length === 1 ? ':' : ', first';
  return `${vulnerabilities(blocking.length)} that ${counts}${named} ${oneLine(worst.id, 80)} in ${placesOf(worst)[0] ?? ''}${also}`;
}

/** That nothing counts is said of what could be looked up: the rest is told with it. */
function noneCounting({ advisories, unmatched }: SecurityReport): string {
  const { length } = advisories;
  const none =
    length === 0
      ? 'no known vulnerability'
      : `no vulnerability that counts: ${grouped(length)} that ${length === 1 ? 'does' : 'do'} not`;
  return unmatched.length === 0
    ? none
    : `${none}; ${count(unmatched.length, 'component')} could not be looked up`;
}

const expired = (report: SecurityReport): string =>
  `${count(report.notes.expired.length, 'allowance has', 'allowances have')} expired${firstExpired(report)}`;

function firstExpired({ notes: { expired: entries } }: SecurityReport): string {
  const first = entries.find(({ hides }) => hides.length > 0) ?? entries[0];
  return first === undefined ? '' : `: ${noteText(first)}`;
}

/** What stands in the way of a whole answer, with a space before it; empty where nothing does. */
function leftOut({ scanned, troubles, inputs }: SecurityReport, isOne: boolean): string {
  const untold = scanned.filter((one) => !isTold(one));
  const [first] = untold;
  const why = first === undefined ? '' : obstacle(first, inputs['max-unmatched']);
  const [trouble, ...others] = troubles;
  const more = others.length === 0 ? '' : ` (${grouped(others.length)} more like it.)`;
  return [
    ...(trouble === undefined ? [] : [`${trouble.sentence}${more}`]),
    ...(first === undefined
      ? []
      : [isOne ? why : `${untoldWords(untold)}${untold.length === 1 ? ':' : ', first'} ${why}`]),
  ]
    .map((sentence) => ` ${sentence}`)
    .join('');
}

/** `2 could not be scanned`; what was found of a part stands all the same. */
function untoldWords(untold: readonly Scanned[]): string {
  const parts = untold.filter(({ type }) => type === 'seen').length;
  const words =
    parts === 0 ? 'scanned' : parts === untold.length ? 'looked up as a whole' : 'scanned, or not as a whole';
  return `${grouped(untold.length)} could not be ${words}`;
}
