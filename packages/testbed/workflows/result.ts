import type { Status } from './expression.ts';
import type { Job } from './workflow-file.ts';

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

/**
 * What several jobs come to: a called workflow's for its caller, the legs' of a matrix for the jobs that need it. That all of
 * them skipped is a skip is read out of the rules; no documentation says so.
 */
export function combined(results: readonly Result[]): Result {
  return (['failure', 'cancelled', 'success'] as const).find((one) => results.includes(one)) ?? 'skipped';
}

/** Every job that this one waits for: `success()` asks them all (https://github.com/actions/runner/issues/2205). */
export function ancestors(jobs: readonly Job[], job: Job): readonly string[] {
  const above = job.needs.flatMap((id) => {
    const needed = jobs.find((one) => one.id === id);
    return needed === undefined ? [] : [id, ...ancestors(jobs, needed)];
  });
  return [...new Set(above)];
}

/** What the functions of a job's `if` answer. */
export function jobStatus(
  above: readonly Result[],
  needs: Readonly<Record<string, { readonly result: Result }>>,
  cancelled: boolean,
): Status {
  return {
    success: !cancelled && above.every((result) => result === 'success'),
    failure: above.includes('failure'),
    cancelled,
    needs: Object.fromEntries(Object.entries(needs).map(([id, { result }]) => [id, result])),
  };
}
