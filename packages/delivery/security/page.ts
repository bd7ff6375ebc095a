import { grouped } from '@sluice/core/grouped';
import { code, escapeMarkdown, table } from '@sluice/core/summary';
import type { ScanVerdict } from '@sluice/sbom/decide/types';
import { oneLine } from '@sluice/sbom/page/foreign';
import { rowOf } from '@sluice/sbom/page/row';
import { noteText } from '@sluice/sbom/page/scan-page';
import { count, whyUnmatched } from '@sluice/sbom/page/words';
import type { Advisory } from './advisories.ts';
import type { KeptIssues } from './keep-issues.ts';
import type { SecurityReport } from './outcome.ts';
import type { Scanned } from './scan-targets.ts';
import { isTold, obstacle, placesOf, saidOf, untoldFirst } from './told.ts';
import type { UnmatchedIn } from './unmatched.ts';

/** A page that is longer is read by nobody; the output `result` has more. */
const mostRows = 50;
const mostNotes = 25;

const NOT_CLEAN = 'The verdict is `could-not-scan`: this is not `clean`.';

interface Facts extends SecurityReport {
  readonly verdict: ScanVerdict;
  readonly summary: string;
  readonly hint: string | undefined;
}

/** The page: the verdict, what was scanned, what was found, what became of the issues, what to do. */
export function securityPage(facts: Facts): string {
  const { verdict, summary, hint, notes, scanned, issues, troubles, unmatched, inputs } = facts;
  return [
    `**${escapeMarkdown(summary)}**`,
    verdict === 'could-not-scan' ? NOT_CLEAN : '',
    listOf(troubles.map(({ sentence }) => escapeMarkdown(sentence))),
    findingsTable(facts),
    scannedTable(scanned, inputs['max-unmatched']),
    issues === undefined ? '' : issuesLine(issues, inputs['dry-run']),
    listOf(notes.expired.map((note) => escapeMarkdown(noteText(note)))),
    hint === undefined ? '' : escapeMarkdown(hint),
    unmatchedList(unmatched),
    listOf(notes.warnings.map((note) => escapeMarkdown(noteText(note)))),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function findingsTable({ advisories, inputs, issues }: Facts): string {
  const rows = advisories.slice(0, mostRows).flatMap((advisory) => {
    const [worst] = advisory.places;
    if (worst === undefined) return [];
    const row = rowOf(worst.finding, worst.causes, inputs['severity-threshold']);
    const cells = [row.vulnerability, row.severity, row.package, row.fixed, whereOf(advisory), row.status];
    return [issues === undefined ? cells : [...cells, numberOf(advisory, issues)]];
  });
  if (rows.length === 0) return '';
  const head = ['vulnerability', 'severity', 'package', 'fixed in', 'where', 'status'];
  const rest = advisories.length - rows.length;
  const more = rest === 0 ? '' : `\n\n… and ${grouped(rest)} more.`;
  return `${table([issues === undefined ? head : [...head, 'issue'], ...rows])}${more}`;
}

const numberOf = (advisory: Advisory, { numbers }: KeptIssues): string => {
  const number = numbers.get(advisory);
  return number === undefined ? '' : `#${number}`;
};

const whereOf = (advisory: Advisory): string => shownPlaces(placesOf(advisory));

function shownPlaces([first = '', ...others]: readonly string[]): string {
  const shown = code(oneLine(first, 200));
  return others.length === 0 ? shown : `${shown} and ${grouped(others.length)} more`;
}

/** What could not be scanned stands first. */
function scannedTable(scanned: readonly Scanned[], maxUnmatched: number | undefined): string {
  const sorted = scanned.toSorted(untoldFirst);
  const rows = sorted
    .slice(0, mostRows)
    .map((one) => [
      `${code(oneLine(one.target.name, 200))} ${escapeMarkdown(`(${one.target.repository})`)}`,
      saidOf(one).verdict,
      one.type === 'seen' ? count(one.decision.counts.findings, 'finding') : '',
      escapeMarkdown(isTold(one) ? unmatchedIn(one) : oneLine(obstacle(one, maxUnmatched), 500)),
    ]);
  if (rows.length === 0) return '';
  const rest = scanned.length - rows.length;
  const more = rest === 0 ? '' : `\n\n… and ${grouped(rest)} more.`;
  return `${table([['scanned', 'verdict', 'found', 'to be known'], ...rows])}${more}`;
}

function unmatchedIn(one: Scanned): string {
  const unmatched = one.type === 'seen' ? one.decision.counts.unmatched : 0;
  return unmatched === 0 ? '' : `${count(unmatched, 'component')} could not be looked up`;
}

/** What could not be looked up, by what stands in the way. */
function unmatchedList(unmatched: readonly UnmatchedIn[]): string {
  if (unmatched.length === 0) return '';
  const lines = [...Map.groupBy(unmatched, ({ why }) => why)].flatMap(([why, group]) => [
    `- ${count(group.length, 'component')} with ${whyUnmatched[why]}`,
    ...group
      .slice(0, mostNotes)
      .map(({ component, where }) => `  - ${code(oneLine(component, 200))} in ${shownPlaces(where)}`),
    ...(group.length > mostNotes ? [`  - … and ${grouped(group.length - mostNotes)} more`] : []),
  ]);
  const title = `Could not be looked up: ${count(unmatched.length, 'component')}`;
  return `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function issuesLine({ failed, left, kept, ...done }: KeptIssues, isDry: boolean): string {
  const said = (['opened', 'updated', 'reopened', 'closed'] as const).flatMap((what) =>
    done[what].length === 0 ? [] : [`${what} ${done[what].map((number) => `#${number}`).join(', ')}`],
  );
  const sentences = [
    ...(isDry ? ['`dry-run`: no issue was written.'] : []),
    ...(said.length === 0 ? [] : [`Issues: ${said.join('; ')}.`]),
    ...(left === 0
      ? []
      : [`${grouped(left)} more without an issue: \`max-issues\` opens no more in one run.`]),
    ...(kept.length === 0
      ? []
      : [
          `Left open, because what they are about may still be there: not everything could be looked at, or an allowance of it has expired: ${kept.map((number) => `#${number}`).join(', ')}.`,
        ]),
    ...(failed === undefined
      ? []
      : [escapeMarkdown(`The issues could not be brought up to date: ${failed.message}`)]),
  ];
  return sentences.join('\n\n');
}

function listOf(lines: readonly string[]): string {
  const rest = lines.length - mostNotes;
  return [
    ...lines.slice(0, mostNotes).map((line) => `- ${line}`),
    ...(rest > 0 ? [`- … and ${grouped(rest)} more`] : []),
  ].join('\n');
}
