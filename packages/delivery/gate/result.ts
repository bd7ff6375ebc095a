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
}

/** What pr-ready adds to the JSON `result`. */
export interface GateDetails {
  /** In the order in which they were given. */
  readonly jobs: readonly JobResult[];
  readonly warnings: readonly string[];
}

export const jobResult = ({ name, result, standing, told, because }: JudgedJob): JobResult => ({
  name,
  result,
  blocks: standing.type === 'blocks',
  reason: standing.type === 'blocks' ? standing.reason : '',
  told,
  because: because.slice(0, MOST_CAUSES),
});
/** Each job that was skipped may name each that failed: the square of many. */
const MOST_CAUSES = 5;
