import { type CheckState, type CommitChecks, protection } from '@sluice/testbed/workflows/branch-protection';
import type { Result } from '@sluice/testbed/workflows/result';
import { type Event, requiredName, runPull } from './pr-stage.ts';

/** How the jobs of a run end that do not judge by themselves, by their ids; the others succeed. */
export type Ends = Readonly<Record<string, Result>>;

export interface Commit extends CommitChecks {
  /** Runs the documented caller on an event of this commit; its checks come after those that are there. */
  run(event: Event, ends?: Ends, skip?: boolean): Promise<CheckState>;
  /** What branch protection says now. */
  state(): CheckState;
}

/** One head commit, or one of a merge queue, and what GitHub has for it. */
export function newCommit(sha: string): Commit {
  const checks: CommitChecks['checks'][number][] = [];
  const commit: Commit = {
    checks,
    state: () => protection([requiredName], commit),
    async run(event, ends = {}, skip = false) {
      const found: Ends = { built: wasBuilt(commit), ...ends };
      const end = (path: string): Result => found[path.replace(/^pr\//, '')] ?? 'success';
      const run = await runPull({ ...event, sha }, { ends: end, skip });
      const begun = checks.length;
      for (const [at, { name, conclusion }] of (run?.checks ?? []).entries()) {
        checks.push({ name, conclusion, startedAt: begun + at });
      }
      return commit.state();
    },
  };
  return commit;
}

/**
 * What `built` finds: the latest build of this commit that ran. A run of a label skips its own, which says nothing of the image. Pending is
 * waited for until the time is over.
 */
function wasBuilt({ checks }: CommitChecks): Result {
  const ran = checks.filter(({ name, conclusion }) => name === 'pr / build' && conclusion !== 'skipped');
  return ran.at(-1)?.conclusion === 'success' ? 'success' : 'failure';
}
