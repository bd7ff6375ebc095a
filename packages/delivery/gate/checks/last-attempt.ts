import type { Check, Run } from './types.ts';

/**
 * What counts of a run that was run again: the jobs of its last attempt; and of a job that this attempt does not list, because it succeeded
 * before and was not run again, the last check before that. GitHub has listed such jobs in some years and not in others
 * (https://github.com/r-universe-org/help/issues/607). While the run goes on, one that is not listed may still come.
 */
export function lastAttempt(run: Run, jobs: readonly Check[], before: readonly Check[]): readonly Check[] {
  const listed = new Set(jobs.map(({ name }) => name));
  const left = new Map<string, Check>();
  for (const check of before.toSorted((a, b) => a.id - b.id))
    if (!listed.has(check.name)) left.set(check.name, check);
  const told = `is of an attempt before, and attempt ${run.attempt} has not ended`;
  const kept = [...left.values()].map(
    (check): Check => (run.state === 'completed' ? check : { ...check, state: 'pending', told }),
  );
  return [...jobs, ...kept];
}
