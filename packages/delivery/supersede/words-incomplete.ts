import type { Ended } from './fate.ts';
import { stopsItself } from './rows.ts';
import { isBeforeStart } from './runs.ts';
import type { Words } from './words.ts';
import { idsText, runsText } from './words-runs.ts';

type Trouble = 'not-cancelled' | 'not-recorded' | 'not-confirmed' | 'pull-request-left';

/** Why a run was not cancelled, in one sentence, and the runs of which it is true. */
export interface Cause {
  readonly ids: readonly number[];
  readonly why: string;
}

/** One sentence for each cause: of a hundred runs that a token may not cancel it is the same. */
export function causesOf(bad: readonly Ended[]): readonly Cause[] {
  const causes = new Map<string, { ids: number[]; why: string }>();
  for (const { item, fate } of bad) {
    if (!('why' in fate)) continue;
    const same = fate.why.replaceAll(/\/(runs|deployments)\/\d+/g, '/$1/…');
    const cause = causes.get(same);
    if (cause === undefined) causes.set(same, { ids: [item.run.id], why: fate.why });
    else {
      cause.ids.push(item.run.id);
      cause.why = same;
    }
  }
  return [...causes.values()];
}

/** The verdict where something was not cancelled, or a pull request was not seen to. `all`: how many were to be. */
export function incompleteWords(bad: readonly Ended[], failedPulls: readonly string[], all: number): Words {
  const isUnknown = bad.length > 0 && bad.every(({ fate }) => fate.type === 'unseen');
  const head = { verdict: 'incomplete', ok: isUnknown ? 'unknown' : 'false' } as const;
  const idsOf = (type: Ended['fate']['type']) =>
    bad.filter(({ fate }) => fate.type === type).map(({ item }) => item.run.id);
  const [still, unseen] = [idsOf('still-there'), idsOf('unseen')];
  const sentences = [
    ...refusedWords(causesOf(bad), all),
    ...(still.length === 0
      ? []
      : [
          `${sentence(runsText(still))} ${still.length === 1 ? 'was' : 'were'} asked to end, and still there afterwards`,
        ]),
    ...(unseen.length === 0
      ? []
      : [
          `${sentence(runsText(unseen))} ${unseen.length === 1 ? 'was' : 'were'} asked to end, and what came of it could not be read`,
        ]),
  ];
  const reason = troubleOf(bad);
  const summary = sentences.length === 0 ? (failedPulls[0] ?? '') : `${sentences.join('; ')}.`;
  const calm = bad.length > 0 && bad.every(stopsItself) ? ` ${STOPS}` : '';
  return { ...head, reason, summary, hint: `${hintOf(reason, bad)}${calm}` };
}

const STOPS =
  'What was not cancelled stops by itself before its first write: its Deployment says that it is superseded.';

const sentence = (words: string): string => words.replace(/^./, (first) => first.toUpperCase());

function refusedWords(causes: readonly Cause[], all: number): readonly string[] {
  const ids = causes.flatMap((cause) => cause.ids).toSorted((a, b) => a - b);
  if (ids.length === 0) return [];
  const why = causes.map((cause) => within(cause.why)).join('; ');
  if (all === 1) return [`Run ${ids[0]} was not cancelled: ${why}`];
  const were = ids.length === 1 ? 'was' : 'were';
  return [`${ids.length} of ${all} runs ${were} not cancelled (${idsText(ids)}): ${why}`];
}

const within = (sentence: string): string =>
  sentence.replace(/\.$/, '').replace(/^(The|A|Its) /, (word) => word.toLowerCase());

function troubleOf(bad: readonly Ended[]): Trouble {
  const has = (type: Ended['fate']['type']) => bad.some(({ fate }) => fate.type === type);
  if (has('refused')) return 'not-cancelled';
  if (has('not-recorded')) return 'not-recorded';
  return has('still-there') || has('unseen') ? 'not-confirmed' : 'pull-request-left';
}

const AGAIN = 'Run the job again: it looks again at what is there.';
const NEEDS: Readonly<Record<Exclude<Trouble, 'not-confirmed'>, string>> = {
  'not-cancelled': 'Give the job `actions: write`; a `pull_request` from a fork has a token that only reads.',
  'not-recorded': 'Give the job `deployments: write`.',
  'pull-request-left':
    'Give a token that reaches the repository with `pull-requests: write` and `contents: read`: `pull-request-token`, or a GitHub App.',
};

/** What to do, by the first thing that went wrong. */
function hintOf(trouble: Trouble, bad: readonly Ended[]): string {
  if (trouble === 'not-confirmed') {
    const items = bad.filter(({ fate }) => fate.type === 'still-there').map(({ item }) => item);
    if (items.length === 0) return `Look at the run. ${AGAIN}`;
    return items.every(({ run }) => isBeforeStart(run) || run.status === 'waiting')
      ? `GitHub may take its time with what has not started: look at the run. ${FORCE}`
      : `A job with \`always()\` may still run in it: look at the run. ${FORCE}`;
  }
  const type = trouble === 'not-cancelled' ? 'refused' : trouble;
  const codes = bad.flatMap(({ fate }) => ('why' in fate && fate.type === type ? [fate.code] : []));
  // Where no run was kept, a pull request was closed and nothing on it says so.
  const isDenied = codes.length === 0 || codes.some((code) => code !== undefined && DENIED.has(code));
  return isDenied ? NEEDS[trouble] : AGAIN;
}
const FORCE = '`force-after` ends by force what is still there after a time.';
const DENIED: ReadonlySet<string> = new Set([
  'permission-denied',
  'not-visible',
  'bad-credentials',
  'app-not-installed',
  'app-suspended',
]);
