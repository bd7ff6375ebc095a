import type { Check, CheckState } from './types.ts';

/**
 * Of all that was ever said, what counts: for each App, workflow, event and name the newest. Of a workflow that is the newest run in
 * which the job was not skipped: a run for a label that skips the build says nothing of the build, and must not hide that it failed.
 * `checks` holds the last attempt of each run only.
 */
export function lastWords(checks: readonly Check[]): readonly Check[] {
  return [...Map.groupBy(checks, keyOf).values()].flatMap((same) => {
    const newest = same.toSorted((a, b) => (b.run?.id ?? 0) - (a.run?.id ?? 0) || b.id - a.id);
    const [first] = newest;
    if (first?.run === undefined) return first ?? [];
    const runs = [...Map.groupBy(newest, ({ run }) => run?.id).values()].flatMap((one) => worst(one));
    return runs.find(({ state }) => state !== 'skipped') ?? runs[0] ?? [];
  });
}

const keyOf = ({ app, run, name }: Check): string =>
  JSON.stringify([app, run?.path ?? '', run?.event ?? '', name]);

const WORST: readonly CheckState[] = ['failed', 'acting', 'pending', 'skipped', 'success'];

/** Two jobs of one run may have one name: the legs of a matrix, where their `name` does not tell them apart. */
function worst(checks: readonly Check[]): Check | readonly Check[] {
  return checks.toSorted((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))[0] ?? [];
}
