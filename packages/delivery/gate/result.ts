import type { Check, CheckState } from './checks/types.ts';
import type { JudgedJob } from './judge-jobs.ts';
import type { JobReason } from './reasons.ts';

/** One job that the gate needs. */
export interface JobResult {
  readonly name: string;
  /** As it was given. */
  readonly result: string;
  /** Whether it stands in the way. */
  readonly blocks: boolean;
  /** Why it does; empty where it does not. */
  readonly reason: JobReason | '';
  /** What became of it, after its name: `was skipped for a stated cause`. */
  readonly told: string;
  /** The jobs for which it was skipped. */
  readonly because: readonly string[];
  /** The legs of its matrix, or the jobs within it, that failed or were cancelled; of many the first. */
  readonly parts: readonly string[];
}

/** One check that `checks` means. */
export interface CheckResult {
  readonly name: string;
  /** Slug of its App; of a commit status who gave it. */
  readonly app: string;
  /** Name of its workflow; empty where it is of none. */
  readonly workflow: string;
  /** The event that its run is for; empty where it is of no workflow. */
  readonly event: string;
  /** Id of its run; 0 where it is of no workflow. */
  readonly run: number;
  readonly attempt: number;
  readonly state: CheckState;
}

/** What pr-ready adds to the JSON `result`. */
export interface GateDetails {
  /** In the order in which they were given. */
  readonly jobs: readonly JobResult[];
  /** The checks that `checks` means, as they were seen last; of many the first. */
  readonly checks: readonly CheckResult[];
  /** The jobs of the workflow whose failure this one would not see; empty without `require-all-jobs`. */
  readonly unseen: readonly { readonly name: string; readonly told: string }[];
  readonly warnings: readonly string[];
}

export const jobResult = ({ name, result, standing, told, because, parts = [] }: JudgedJob): JobResult => ({
  name,
  result,
  blocks: standing.type === 'blocks',
  reason: standing.type === 'blocks' ? standing.reason : '',
  told,
  because: because.slice(0, MOST_CAUSES),
  parts: parts.slice(0, MOST_PARTS),
});
/** Each job that was skipped may name each that failed: the square of many. */
const MOST_CAUSES = 5;
const MOST_PARTS = 50;

export const checkResult = ({ name, app, run, state }: Check): CheckResult => ({
  ...{ name, app, state },
  workflow: run?.workflow ?? '',
  event: run?.event ?? '',
  run: run?.id ?? 0,
  attempt: run?.attempt ?? 0,
});
