import type { Ok, Outcome } from '@sluice/core/verdict';
import { type Ended, isBad, isGood } from './fate.ts';
import type { Found } from './find.ts';
import type { SupersedeVerdict } from './inputs.ts';
import { supersedePage } from './page.ts';
import type { ClosedPulls } from './pull-requests.ts';
import type { KeepReason, SupersedeReason } from './reasons.ts';
import { type CancelledRun, type KeptRun, type SupersedeDetails, supersedeSchema } from './result.ts';

export const emptySupersedeOutputs = { cancelled: '[]', kept: '[]', 'superseded-by': '' };
export type SupersedeOutcome = Outcome<SupersedeVerdict, SupersedeReason>;

export interface Report {
  readonly found: Found;
  readonly ended: readonly Ended[];
  readonly pulls: ClosedPulls;
  readonly isDryRun: boolean;
}

interface Words {
  readonly verdict: SupersedeVerdict;
  readonly ok: Ok;
  readonly reason: SupersedeReason;
  readonly summary: string;
  readonly hint?: string;
}

/** What was done, for the outputs, `result` and the page. */
export function supersedeOutcome(report: Report): SupersedeOutcome {
  const { found, ended, pulls, isDryRun } = report;
  const { plan, about } = found;
  const gone = isDryRun ? plan.cancel : ended.filter(isGood).map(({ item }) => item);
  const cancelled = gone.map(({ run, why }): CancelledRun => ({ id: run.id, reason: why, url: run.url }));
  const kept = keptOf(report);
  const words = isDryRun ? dryWords(cancelled) : wordsOf(report, cancelled);
  const supersededBy = plan.supersededBy ?? null;
  const refusals = ended.flatMap(({ item, fate }) =>
    'why' in fate ? [`Run ${item.run.id}: ${fate.why}`] : [],
  );
  const closedPullRequests = pulls.closed;
  const notes = [...refusals, ...pulls.failed, ...pulls.kept];
  const details: SupersedeDetails = { about, supersededBy, cancelled, kept, closedPullRequests, notes };
  return {
    ...words,
    result: { schema: supersedeSchema, ...details },
    outputs: {
      cancelled: bounded(cancelled.map(({ id, reason }) => ({ id, reason }))),
      kept: bounded(kept),
      'superseded-by': supersededBy === null ? '' : String(supersededBy),
    },
    page: supersedePage({ ...words, ...details, ended, isDryRun }),
  };
}

const FATES: Readonly<Partial<Record<Ended['fate']['type'], KeepReason>>> = {
  refused: 'refused',
  'not-recorded': 'refused',
  'still-there': 'still-there',
  finished: 'finished',
  'began-first': 'began-first',
  'pull-request-left': 'pull-request-left',
};

function keptOf({ found, ended }: Report): readonly KeptRun[] {
  const left = ended.flatMap(({ item, fate }) => {
    const reason = FATES[fate.type];
    return reason === undefined ? [] : [{ id: item.run.id, reason }];
  });
  const kept = found.plan.keep.map(({ run, why }) => ({ id: run, reason: why }));
  return [...kept, ...left].toSorted((a, b) => a.id - b.id);
}

const MOST_NAMED = 5;
const runsText = (ids: readonly number[]): string => {
  const named = ids.slice(0, MOST_NAMED).join(', ');
  const rest = ids.length - MOST_NAMED;
  return `${ids.length === 1 ? 'run' : 'runs'} ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
};

function dryWords(cancelled: readonly CancelledRun[]): Words {
  const head = { ok: 'unknown', reason: 'dry-run' } as const;
  if (cancelled.length === 0)
    return { ...head, verdict: 'nothing', summary: 'Dry run: nothing would be cancelled.' };
  const summary = `Dry run: ${runsText(cancelled.map(({ id }) => id))} would be cancelled.`;
  return { ...head, verdict: 'cancelled', summary };
}

function wordsOf(report: Report, cancelled: readonly CancelledRun[]): Words {
  const { found, ended, pulls } = report;
  const bad = ended.filter(isBad);
  if (bad.length > 0 || pulls.failed.length > 0) return incompleteWords(bad, pulls, ended.length);
  const ids = cancelled.map(({ id }) => id);
  if (ids.length > 0) {
    const summary = `Cancelled ${runsText(ids)}: ${causeOf(found)}.`;
    return { verdict: 'cancelled', ok: 'true', reason: 'superseded', summary };
  }
  const nothing = { verdict: 'nothing', ok: 'true' } as const;
  if (found.because !== undefined)
    return { ...nothing, reason: found.because, summary: `Nothing to cancel: ${BECAUSE[found.because]}.` };
  const [reason, summary] = nothingWords(ended);
  return { ...nothing, reason, summary };
}

const BECAUSE: Readonly<Record<NonNullable<Found['because']>, string>> = {
  'own-is-partial': 'this run deploys a part only, which makes nothing else pointless',
  'not-succeeded': 'the Deployment of this run does not say that it has succeeded',
  'pull-request-open': 'the pull request is open again',
};

function nothingWords(ended: readonly Ended[]): readonly [SupersedeReason, string] {
  if (ended.some(({ fate }) => fate.type === 'began-first')) {
    const summary =
      'Nothing was cancelled: what was pointless had begun to change something before it could be told.';
    return ['began-meanwhile', summary];
  }
  if (ended.length > 0)
    return ['finished-meanwhile', 'Nothing was cancelled: what was pointless had ended by itself.'];
  return ['nothing-superseded', 'Nothing to cancel: no run is there that a newer one has made pointless.'];
}

function causeOf({ about, plan }: Found): string {
  if (about === 'pull-request') return 'their pull request is closed, or has left the merge queue';
  return plan.supersededBy === undefined
    ? 'they are of entries that have left the merge queue'
    : `run ${plan.supersededBy} makes what is older pointless`;
}

const HINTS: Readonly<
  Record<'not-cancelled' | 'not-recorded' | 'not-confirmed' | 'pull-request-left', string>
> = {
  'not-cancelled':
    'Give the job `actions: write`; run it again where GitHub did not answer: it looks again at what is there.',
  'not-recorded': 'Give the job `deployments: write`; run it again where GitHub did not answer.',
  'not-confirmed':
    'A job with `always()` may still run in it. Look at the run; `force-after` ends by force what is still there after a time.',
  'pull-request-left':
    'Give a token that reaches the repository with `pull-requests: write`: `pull-request-token`, or a GitHub App.',
};

function incompleteWords(bad: readonly Ended[], pulls: ClosedPulls, all: number): Words {
  const of = (type: Ended['fate']['type']) => bad.filter(({ fate }) => fate.type === type);
  const reason =
    (of('refused').length > 0 && 'not-cancelled') ||
    (of('not-recorded').length > 0 && 'not-recorded') ||
    (of('still-there').length > 0 ? 'not-confirmed' : 'pull-request-left');
  const first = bad.map(({ fate }) => ('why' in fate ? fate.why : '')).find((why) => why !== '');
  const runs = runsText(bad.map(({ item }) => item.run.id));
  const sentence =
    bad.length === 0
      ? (pulls.failed[0] ?? '')
      : `${bad.length} of ${all}: ${runs} ${reason === 'not-confirmed' ? 'still there' : 'not cancelled'}`;
  const why = first === undefined ? '' : `: ${first.replace(/\.$/, '')}`;
  const summary = `Incomplete: ${sentence.replace(/\.$/, '')}${why}.`;
  return { verdict: 'incomplete', ok: 'false', reason, summary, hint: HINTS[reason] };
}

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
