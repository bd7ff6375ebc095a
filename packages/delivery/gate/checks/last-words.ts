import { oneLine } from '@sluice/core/one-line';
import type { Check, CheckState, Run } from './types.ts';

/**
 * Of all that was ever said, what counts: for each App, workflow, event and name what the newest run says. An older run stands in only where the
 * newer one says nothing of the commit under this name: it skipped the job for a cause, as a run for a label skips the build; it ended well without
 * the job; or it was cancelled before anything of it began. `checks` holds the last attempt of each run only, `runs` also those without a check.
 */
export function lastWords(checks: readonly Check[], runs: readonly Run[] = []): readonly Check[] {
  const known = new Map([...checks.flatMap(({ run }) => run ?? []), ...runs].map((run) => [run.id, run]));
  const workflows = Map.groupBy(
    [...known.values()].toSorted((a, b) => b.id - a.id),
    workflowOf,
  );
  const saidBy = Map.groupBy(checks, ({ run }) => run?.id);
  return [...Map.groupBy(checks, keyOf).values()].flatMap((same): readonly Check[] => {
    const run = same[0]?.run;
    if (run === undefined) return same.toSorted((a, b) => b.id - a.id).slice(0, 1);
    return wordOf(same, workflows.get(workflowOf(run)) ?? [], (id) => saidBy.get(id) ?? []);
  });
}

const workflowOf = ({ path, event }: Run): string => JSON.stringify([path, event]);
const keyOf = ({ app, run, name }: Check): string =>
  JSON.stringify([app, run === undefined ? '' : workflowOf(run), name]);

/** What counts of the checks of one name, from the newest run on. */
function wordOf(
  same: readonly Check[],
  runs: readonly Run[],
  saidBy: (run: number) => readonly Check[],
): readonly Check[] {
  let skipped: Check | undefined;
  let gap: Gap | undefined;
  for (const run of runs) {
    const word = worst(same.filter((check) => check.run?.id === run.id));
    if (word === undefined) gap ??= gapOf(run, saidBy(run.id));
    else if (word.state !== 'skipped') return [{ ...word, ...gap }];
    else if (gap === undefined && !isForCause(word, run, saidBy(run.id)))
      return [{ ...word, told: 'was skipped in the newest run, where a job before it may have failed' }];
    else skipped ??= word;
  }
  return skipped === undefined ? [] : [skipped];
}

const WORST: readonly CheckState[] = ['failed', 'acting', 'pending', 'skipped', 'success'];

/** Two jobs of one run may have one name: the legs of a matrix, where their `name` does not tell them apart. */
const worst = (checks: readonly Check[]): Check | undefined =>
  checks.toSorted((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))[0];

/** What a newer run without the check makes of the word of an older one. */
type Gap = Pick<Check, 'state' | 'told'>;

function gapOf({ state, conclusion = '' }: Run, said: readonly Check[]): Gap | undefined {
  if (state === 'running')
    return { state: 'pending', told: 'is of an older run, and a newer one has not come to it' };
  if (state === 'parked')
    return { state: 'acting', told: 'is of an older run, and a newer one waits for approval' };
  if (GOOD.has(conclusion) || (conclusion === 'cancelled' && !said.some(hasBegun))) return undefined;
  const end = `ended without it (${oneLine(conclusion, 40) || 'no conclusion'})`;
  return { state: 'failed', told: `is of an older run, and a newer one ${end}` };
}

const GOOD: ReadonlySet<string> = new Set(['success', 'skipped']);
const hasBegun = ({ state, isCancelled }: Check): boolean => state !== 'skipped' && isCancelled !== true;

/**
 * Whether a job was skipped for its own `if`, and not for a job before it that failed: then the run ended well, or nothing of it had
 * failed when the job was skipped. GitHub's times are whole seconds, and a job that was skipped may have ended a second before it began.
 */
function isForCause(skipped: Check, { state, conclusion = '' }: Run, said: readonly Check[]): boolean {
  if (state === 'completed' && GOOD.has(conclusion)) return true;
  const bad = said.filter((check) => check.state === 'failed');
  if (bad.length === 0) return conclusion === '' || conclusion === 'cancelled';
  return bad.every(({ endedMs }) => (endedMs ?? 0) - (skipped.endedMs ?? Number.MAX_VALUE) > SKEW_MS);
}
const SKEW_MS = 2_000;
