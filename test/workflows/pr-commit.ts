import type { Check } from '@sluice/delivery/gate/checks/types';
import { type CheckState, type CommitChecks, protection } from '@sluice/testbed/workflows/branch-protection';
import type { Result } from '@sluice/testbed/workflows/result';
import { type Event, requiredName, runPull } from './pr-stage.ts';

/** How the jobs of a run end that do not judge by themselves, by their ids; the others succeed. */
export type Ends = Readonly<Record<string, Result>>;

export interface Commit extends CommitChecks {
  /** Runs the documented caller on an event of this commit; its checks come after those that are there. */
  run(event: Event, ends?: Ends, skip?: boolean): Promise<CheckState>;
  /** Runs jobs of another workflow, whose names and ends these are. */
  runOther(jobs: Readonly<Record<string, Result>>): void;
  /** What branch protection says now. */
  state(): CheckState;
}

/** One head commit, or one of a merge queue, and what GitHub has for it. */
export function newCommit(sha: string): Commit {
  const checks: CommitChecks['checks'][number][] = [];
  const said: Check[] = [];
  let runs = 0;
  const report = (name: string, conclusion: Result, path: string): void => {
    const id = checks.length + 1;
    checks.push({ name, conclusion, startedAt: id });
    const workflow = { id: runs, workflow: path.replace(/^.*\/|\.yml$/g, ''), path };
    const run = { ...workflow, event: 'pull_request', attempt: 1, state: 'completed' } as const;
    const state = { success: 'success', skipped: 'skipped', failure: 'failed', cancelled: 'failed' } as const;
    const told = { state: state[conclusion], told: conclusion, isCancelled: conclusion === 'cancelled' };
    // One job ends a minute after the other: what is skipped by its own `if` before anything that fails.
    said.push({ id, name, app: 'github-actions', run, ...told, endedMs: id * 60_000 });
  };
  const commit: Commit = {
    checks,
    state: () => protection([requiredName], commit),
    async run(event, ends = {}, skip = false) {
      const end = (path: string): Result => ends[path.replace(/^pr\//, '')] ?? 'success';
      const run = await runPull({ ...event, sha }, { ends: end, skip, said: [...said] });
      runs += 1;
      for (const { name, conclusion } of run?.checks ?? []) {
        report(name, conclusion, '.github/workflows/pr.yml');
      }
      return commit.state();
    },
    runOther(jobs) {
      runs += 1;
      for (const [name, result] of Object.entries(jobs)) report(name, result, '.github/workflows/ci.yml');
    },
  };
  return commit;
}
