import { code, escapeMarkdown, table } from '@sluice/core/summary';
import type { Blocker } from './blockers.ts';
import type { JudgedJob } from './judge-jobs.ts';
import { shownName } from './judge-jobs.ts';
import type { GateReport } from './outcome.ts';

interface Facts extends GateReport {
  readonly summary: string;
  readonly hint?: string;
  readonly blockers: readonly Blocker[];
}

/** A page that is longer is read by nobody; the output `result` has more. */
const mostRows = 100;
const mostNotes = 10;

/** The page: the verdict, each job with what blocks first, what to do. */
export function gatePage({ summary, hint, jobs, warnings }: Facts): string {
  return [
    `**${escapeMarkdown(summary)}**`,
    jobsTable(jobs),
    hint === undefined ? '' : escapeMarkdown(hint).replaceAll('\\`', '`'),
    listOf(warnings.map(escapeMarkdown)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function jobsTable(jobs: readonly JudgedJob[]): string {
  const isGood = ({ standing }: JudgedJob): number =>
    ['blocks', 'may-fail', 'may-skip', 'succeeded'].indexOf(standing.type);
  const sorted = jobs.toSorted((a, b) => isGood(a) - isGood(b));
  const rows = sorted
    .slice(0, mostRows)
    .map((job) => [code(shownName(job.name)), escapeMarkdown(job.told), standingOf(job)]);
  if (rows.length === 0) return '';
  const rest = jobs.length - rows.length;
  const more = rest === 0 ? '' : `\n\n… and ${rest.toLocaleString('en-US')} more.`;
  return `${table([['job', 'what became of it', 'stands in the way'], ...rows])}${more}`;
}

function standingOf({ standing }: JudgedJob): string {
  switch (standing.type) {
    case 'blocks':
      return '**yes**';
    case 'may-fail':
      return 'no: `allowed-failures`';
    case 'may-skip':
      return 'no: `allowed-skips`';
    case 'succeeded':
      return 'no';
  }
}

function listOf(lines: readonly string[]): string {
  const rest = lines.length - mostNotes;
  return [
    ...lines.slice(0, mostNotes).map((line) => `- ${line}`),
    ...(rest > 0 ? [`- … and ${rest.toLocaleString('en-US')} more`] : []),
  ].join('\n');
}
