import { grouped } from '@sluice/core/grouped';
import { escapeMarkdown, table } from '@sluice/core/summary';
import type { Ended } from './fate.ts';
import type { SupersedeDetails } from './result.ts';

interface Facts extends SupersedeDetails {
  readonly summary: string;
  readonly hint?: string;
  readonly ended: readonly Ended[];
  readonly isDryRun: boolean;
}

/** A page that is longer is read by nobody; the output `result` has more. */
const MOST_ROWS = 100;

/** The page: the verdict, each run with what became of it, what to do. */
export function supersedePage(facts: Facts): string {
  return [
    `**${escapeMarkdown(facts.summary)}**`,
    runsTable(facts),
    facts.closedPullRequests.length === 0
      ? ''
      : `Closed: ${facts.closedPullRequests.map(escapeMarkdown).join(', ')}`,
    facts.hint === undefined ? '' : escapeMarkdown(facts.hint).replaceAll('\\`', '`'),
    facts.notes
      .slice(0, MOST_ROWS)
      .map((note) => `- ${escapeMarkdown(note)}`)
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function runsTable({ cancelled, kept, ended, isDryRun }: Facts): string {
  const winding = new Set(
    ended
      .filter(({ fate }) => fate.type === 'cancelled' && fate.isWindingUp === true)
      .map(({ item }) => item.run.id),
  );
  const done = isDryRun ? 'would be cancelled' : '**cancelled**';
  const rows = [
    ...cancelled.map(({ id, reason, url }) => [
      /^https?:\/\/[^\s()<>]+$/.test(url) ? `[${id}](${url})` : String(id),
      winding.has(id) ? `${done}; its last jobs still run` : done,
      `\`${reason}\``,
    ]),
    ...kept.map(({ id, reason }) => [String(id), 'kept', `\`${reason}\``]),
  ];
  if (rows.length === 0) return '';
  const rest = rows.length - MOST_ROWS;
  const more = rest > 0 ? `\n\n… and ${grouped(rest)} more.` : '';
  return `${table([['run', 'what became of it', 'why'], ...rows.slice(0, MOST_ROWS)])}${more}`;
}
