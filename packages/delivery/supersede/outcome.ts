import type { Outcome } from '@sluice/core/verdict';
import { type Ended, isGood } from './fate.ts';
import type { Found } from './find.ts';
import type { SupersedeVerdict } from './inputs.ts';
import { supersedePage } from './page.ts';
import type { ClosedPulls } from './pull-requests.ts';
import type { KeepReason, SupersedeReason } from './reasons.ts';
import { type CancelledRun, type KeptRun, type SupersedeDetails, supersedeSchema } from './result.ts';
import { runLines } from './rows.ts';
import type { SeenRun } from './runs.ts';
import { dryWords, type Words, wordsOf } from './words.ts';
import { causesOf } from './words-incomplete.ts';
import { runsText } from './words-runs.ts';

export const emptySupersedeOutputs = { cancelled: '[]', kept: '[]', 'superseded-by': '' };
export interface SupersedeOutcome extends Outcome<SupersedeVerdict, SupersedeReason> {
  /** What the log says of each run. */
  readonly lines: readonly string[];
}

export interface Report {
  /** The run that this is a step of. */
  readonly own: number;
  readonly found: Found;
  readonly ended: readonly Ended[];
  readonly pulls: ClosedPulls;
  readonly isDryRun: boolean;
}

/** What was done, for the outputs, `result`, the page and the log. */
export function supersedeOutcome(report: Report): SupersedeOutcome {
  const { own, found, ended, pulls, isDryRun } = report;
  const { plan, about } = found;
  const gone = isDryRun ? plan.cancel : ended.filter(isGood).map(({ item }) => item);
  const cancelled = gone.map(({ run, why }): CancelledRun => ({ ...namedOf(run), reason: why }));
  const kept = keptOf(report);
  const spoken = { own, found, cancelled, kept, ended, pulls };
  const words: Words = isDryRun ? dryWords(spoken) : wordsOf(spoken);
  const supersededBy = plan.supersededBy ?? null;
  const refusals = causesOf(ended).map(({ ids, why }) => `Not cancelled: ${runsText(ids)}: ${why}`);
  const closedPullRequests = pulls.closed;
  const notes = [...refusals, ...pulls.failed, ...pulls.kept];
  const details: SupersedeDetails = { about, supersededBy, cancelled, kept, closedPullRequests, notes };
  const looked = { own, cancelled, kept, ended, isDryRun };
  // The verdict holds every refusal.
  const unsaid = [...pulls.failed, ...pulls.kept].filter((note) => note !== words.summary);
  return {
    ...words,
    result: { schema: supersedeSchema, ...details },
    outputs: {
      cancelled: bounded(cancelled.map(({ id, reason }) => ({ id, reason }))),
      kept: bounded(kept.map(({ id, reason }) => ({ id, reason }))),
      'superseded-by': supersededBy === null ? '' : String(supersededBy),
    },
    page: supersedePage({ ...words, ...details, ...looked, notes: unsaid }),
    lines: [...runLines(looked), ...closedPullRequests.map((name) => `Closed ${name}`)],
  };
}

const namedOf = ({ id, url, title }: SeenRun): Omit<CancelledRun, 'reason'> => ({ id, url, title });

function keptOf({ found, ended }: Report): readonly KeptRun[] {
  const left = ended.flatMap(({ item, fate }) => {
    const reason = reasonOf(fate);
    return reason === undefined ? [] : [{ ...namedOf(item.run), reason }];
  });
  const kept = found.plan.keep.map(({ seen, why }) => ({ ...namedOf(seen), reason: why }));
  return [...kept, ...left].toSorted((a, b) => a.id - b.id);
}

/** Why a run that was to be cancelled is kept; undefined: it was cancelled. */
function reasonOf(fate: Ended['fate']): KeepReason | undefined {
  if (fate.type === 'cancelled') return undefined;
  const isSilent = fate.type === 'refused' && fate.code !== undefined && SILENT.has(fate.code);
  return isSilent ? 'no-answer' : fate.type;
}
const SILENT: ReadonlySet<string> = new Set(['github-unavailable', 'github-unreachable']);

/** An output that is the input of another action stays below 60,000 bytes: of very many the newest. */
function bounded(entries: readonly { readonly id: number; readonly reason: string }[]): string {
  let bytes = 2;
  const fitting = entries.toReversed().filter((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    return bytes < OUTPUT_LIMIT;
  });
  return JSON.stringify(fitting.toReversed());
}
const OUTPUT_LIMIT = 60_000;
