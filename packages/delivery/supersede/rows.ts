import { oneLine } from '@sluice/core/one-line';
import { code, prose, table } from '@sluice/core/summary';
import { visible } from '@sluice/core/visible';
import type { Ended } from './fate.ts';
import { type CancelReason, cancelReasons, type KeepReason, keepReasons } from './reasons.ts';
import type { CancelledRun, KeptRun } from './result.ts';

export interface Looked {
  readonly own: number;
  readonly cancelled: readonly CancelledRun[];
  readonly kept: readonly KeptRun[];
  readonly ended: readonly Ended[];
  readonly isDryRun: boolean;
}

interface Row {
  readonly run: CancelledRun | KeptRun;
  readonly isOwn: boolean;
  readonly became: string;
  /** Whether it was to be cancelled: of very many these are shown first. */
  readonly isPointless: boolean;
}

/** A page that is longer is read by nobody; the output `result` has more. */
const MOST_ROWS = 100;
const LONGEST_TITLE = 80;

/** Each run with what became of it, the oldest first. */
function rowsOf({ own, cancelled, kept, ended, isDryRun }: Looked): readonly Row[] {
  const byId = new Map(ended.map((one) => [one.item.run.id, one]));
  const row = (run: CancelledRun | KeptRun, became: string, isPointless: boolean): Row => ({
    ...{ run, became, isPointless, isOwn: run.id === own },
  });
  const rows = [
    ...cancelled.map((run) => {
      const fate = byId.get(run.id)?.fate;
      const isWindingUp = fate?.type === 'cancelled' && fate.isWindingUp === true && run.id !== own;
      const done = `**cancelled**${isWindingUp ? '; its last jobs still run' : ''}`;
      return row(run, isDryRun ? 'would be cancelled' : done, true);
    }),
    ...kept.map((run) => {
      const one = byId.get(run.id);
      return row(run, one === undefined ? 'kept' : leftWords(one), one !== undefined);
    }),
  ];
  return rows.toSorted((a, b) => a.run.id - b.run.id);
}

/** What became of a run that was to be cancelled, and was not. */
function leftWords(one: Ended): string {
  switch (one.fate.type) {
    case 'finished':
      return 'had ended';
    case 'began-first':
      return 'kept';
    case 'still-there':
      return `**still there**${stopsItself(one) ? '; stops before its first write' : ''}`;
    case 'unseen':
      return `**asked to end**, and not seen again${stopsItself(one) ? '; stops before its first write' : ''}`;
    default:
      return `**not cancelled**${stopsItself(one) ? '; stops before its first write' : ''}`;
  }
}

/** Whether its Deployment says that it is superseded, and nothing of it has begun: then it ends at its own next look. */
export const stopsItself = ({ item, fate }: Ended): boolean =>
  ['refused', 'still-there', 'unseen'].includes(fate.type) &&
  item.deployments.length > 0 &&
  item.why !== 'awaited-merge';

const WORDS: Readonly<Record<CancelReason | KeepReason, string>> = { ...keepReasons, ...cancelReasons };

/** The table of the page; empty where no run was looked at. */
export function runsTable(looked: Looked): string {
  const rows = rowsOf(looked);
  if (rows.length === 0) return '';
  const most = rows.toSorted((a, b) => Number(b.isPointless) - Number(a.isPointless)).slice(0, MOST_ROWS);
  const shown = rows.filter((row) => most.includes(row));
  const lines = shown.map(({ run, isOwn, became }) => [
    [linkOf(run), titleOf(run), isOwn ? '(this run)' : ''].filter(Boolean).join(' '),
    became,
    `\`${run.reason}\`: ${prose(WORDS[run.reason])}`,
  ]);
  const more = rows.length > shown.length ? `\n\n… and ${rows.length - shown.length} more.` : '';
  return `${table([['run', 'what became of it', 'why'], ...lines])}${more}`;
}

/** As code: a stranger's title may hold an address, of which GitHub would make a link. */
const titleOf = ({ title }: CancelledRun | KeptRun): string => code(oneLine(title, LONGEST_TITLE));

const linkOf = ({ id, url }: { readonly id: number; readonly url: string }): string =>
  /^https?:\/\/[^\s()<>|]+$/.test(url) ? `[${id}](${url})` : String(id);

/** The newer run with a link, where it has ended and no row of the table is about it; empty where one is. */
export function newerLine(id: number | null, { cancelled, kept }: Looked): string {
  const rows = [...cancelled, ...kept];
  const [one] = rows;
  if (id === null || one === undefined || rows.some((row) => row.id === id)) return '';
  return `The newer run: ${linkOf({ id, url: one.url.replace(/\/\d+$/, `/${id}`) })}`;
}

/** The same for the log, a line each. */
export function runLines(looked: Looked): readonly string[] {
  const rows = rowsOf(looked);
  const lines = rows.slice(0, MOST_ROWS).map(({ run, isOwn, became }) => {
    const name = `Run ${run.id}${isOwn ? ' (this run)' : ''}`;
    return `${name}: ${became.replaceAll('*', '')}: ${visible(WORDS[run.reason])}`;
  });
  const rest = rows.length - lines.length;
  return rest > 0 ? [...lines, `… and ${rest} more`] : lines;
}
