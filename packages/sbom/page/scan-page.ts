import { grouped } from '@sluice/core/grouped';
import { code, escapeMarkdown, table } from '@sluice/core/summary';
import { SEVERITIES } from '../decide/severity.ts';
import type { Cause, FileNote } from '../decide/types.ts';
import type { SetAsideWhy } from '../purl/no-package.ts';
import type { Finding, Unmatched } from '../types.ts';
import { oneLine } from './foreign.ts';
import { type Headed, headline } from './headline.ts';
import { type Row, rowOf } from './row.ts';
import { count, whyUnmatched } from './words.ts';

export interface Scanned extends Headed {
  /** Where was looked, for people. */
  readonly source: string;
  /** Why each component that is no package is none. */
  readonly setAside: readonly SetAsideWhy[];
}

/** A page that is longer is read by nobody; the output `result` and the SARIF file have more. */
const mostRows = 50;
const mostOthers = 25;

/** What a page without findings could be taken for. */
const NOT_CLEAN = 'The verdict is `could-not-scan`: this is not `clean`.';

/** The page of a scan: the verdict in words, one table, the worst first, the counts, what to do; then what does not count. */
export function scanPage(scanned: Scanned, hint: string | undefined): string {
  const { decision, source } = scanned;
  const facts = [count(decision.counts.packages, 'package'), oneLine(source, 200)].filter(
    (one) => one !== '',
  );
  const open = decision.findings.filter(({ status }) => status === 'open');
  return [
    `**${escapeMarkdown(headline(scanned))}** · ${facts.map(escapeMarkdown).join(' · ')}`,
    decision.verdict === 'could-not-scan' ? NOT_CLEAN : '',
    tableOf(open, scanned, mostRows),
    notes(decision.problems),
    counts(scanned),
    hint === undefined ? '' : hint,
    folded('allowed', 'Allowed', scanned),
    folded('not-affected', 'Not affected', scanned),
    unmatchedList(decision.unmatched),
    notes(decision.warnings),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** A column that says nothing of any finding is left out. */
function tableOf(findings: readonly Finding[], { decision, threshold }: Scanned, most: number): string {
  const causes = new Map<Finding, readonly Cause[]>(
    decision.findings.map((finding, at) => [finding, decision.causes[at] ?? []]),
  );
  const rows = findings.slice(0, most).map((one) => rowOf(one, causes.get(one) ?? [], threshold));
  const columns = [
    ['vulnerability', (row: Row) => row.vulnerability],
    ['severity', (row: Row) => row.severity],
    ['package', (row: Row) => row.package],
    ['fixed in', (row: Row) => row.fixed],
    ['comes in by', (row: Row) => row.way],
    ['status', (row: Row) => row.status],
  ] as const;
  const shown = columns.filter(([, cell]) => rows.some((row) => cell(row) !== ''));
  if (rows.length === 0) return '';
  const text = table([shown.map(([head]) => head), ...rows.map((row) => shown.map(([, cell]) => cell(row)))]);
  const rest = findings.slice(most);
  return rest.length === 0 ? text : `${text}\n\n… and ${grouped(rest.length)} more: ${severitiesOf(rest)}.`;
}

function severitiesOf(findings: readonly Finding[]): string {
  const groups = Map.groupBy(findings, ({ severity }) => severity);
  return SEVERITIES.flatMap((word) => {
    const size = groups.get(word)?.length ?? 0;
    return size === 0 ? [] : [`${grouped(size)} ${word}`];
  }).join(', ');
}

/** What the table does not show, and why it does not count. */
function counts({ decision: { counts: all }, isCompared, setAside, maxUnmatched }: Scanned): string {
  // What the SBOM is about is in each, and no surprise.
  const others = setAside.filter((why) => why !== 'subject');
  const said = [
    all.allowed > 0 ? `${all.allowed} allowed by the allow-list` : '',
    all.notAffected > 0 ? `${all.notAffected} not affected, by VEX` : '',
    isCompared && all.known > 0 ? `${all.known} in the base's SBOM too` : '',
    all.withoutFix > 0 ? `${all.withoutFix} left out by \`only-fixed\`: no fixed version is known` : '',
    // Of more than that the verdict or a problem tells.
    all.unmatched > 0 && all.unmatched <= (maxUnmatched ?? all.unmatched)
      ? `${count(all.unmatched, 'component')} could not be looked up`
      : '',
    others.length > 0
      ? `${count(others.length, 'component is', 'components are')} no package: ${kindsOf(others)}`
      : '',
  ].filter((part) => part !== '');
  return said.length === 0 ? '' : said.map((part) => `- ${part}`).join('\n');
}

function kindsOf(setAside: readonly SetAsideWhy[]): string {
  const groups = Map.groupBy(setAside, (why) => why);
  return [...groups].map(([why, { length }]) => count(length, why)).join(', ');
}

function folded(status: Finding['status'], title: string, scanned: Scanned): string {
  const found = scanned.decision.findings.filter((one) => one.status === status);
  return found.length === 0
    ? ''
    : fold(`${title}: ${grouped(found.length)}`, tableOf(found, scanned, mostOthers));
}

/** What could not be looked up, by what stands in the way. */
function unmatchedList(unmatched: readonly Unmatched[]): string {
  if (unmatched.length === 0) return '';
  const groups = [...Map.groupBy(unmatched, ({ why }) => why)];
  const lines = groups.flatMap(([why, group]) => {
    const named = group.slice(0, mostOthers).map(({ component }) => code(oneLine(component, 200)));
    const more = group.length - named.length;
    return `- ${count(group.length, 'component')} with ${whyUnmatched[why]}: ${named.join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
  });
  return fold(`Could not be looked up: ${grouped(unmatched.length)}`, lines.join('\n'));
}

const fold = (title: string, content: string): string =>
  `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;

function notes(all: readonly (FileNote | string)[]): string {
  const lines = all.slice(0, mostOthers).map((note) => `- ${escapeMarkdown(noteText(note))}`);
  const more = all.length - lines.length;
  return [...lines, ...(more > 0 ? [`- … and ${grouped(more)} more`] : [])].join('\n');
}

/** `.github/sluice-allow.yml:3: GHSA-1 was allowed to 2026-01-01` */
export function noteText(note: FileNote | string): string {
  if (typeof note === 'string') return oneLine(note, 500);
  // Cut before it is put together: a name may have megabytes.
  const file = oneLine(note.file, 200);
  const place = note.line === undefined ? file : `${file}:${note.line}`;
  return `${place}: ${oneLine(note.message, 500)}`;
}
