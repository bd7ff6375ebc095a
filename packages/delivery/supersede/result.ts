import type { CancelReason, KeepReason } from './reasons.ts';

export const supersedeSchema = 'sluice.cancel-superseded.v1';

interface NamedRun {
  readonly id: number;
  /** What GitHub calls it: its `run-name`, or the title of its commit or pull request. */
  readonly title: string;
  /** The page of the run. */
  readonly url: string;
}

/** A run that was cancelled; in a dry run, one that would be. */
export interface CancelledRun extends NamedRun {
  readonly reason: CancelReason;
}

/** A run that was looked at and kept. */
export interface KeptRun extends NamedRun {
  readonly reason: KeepReason;
}

/** What cancel-superseded adds to the JSON `result`. */
export interface SupersedeDetails {
  /** What the runs are of. */
  readonly about: 'deployment' | 'branch' | 'pull-request';
  /** The run that the others give way to; null where none has to. */
  readonly supersededBy: number | null;
  /** The older first. */
  readonly cancelled: readonly CancelledRun[];
  readonly kept: readonly KeptRun[];
  /** Pull requests that were closed, as `owner/name#5`. */
  readonly closedPullRequests: readonly string[];
  /** What failed, and what was left as it is, one sentence each. */
  readonly notes: readonly string[];
}
