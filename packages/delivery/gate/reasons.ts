/** Why a job that the gate needs blocks. */
export interface JobReasons {
  readonly 'job-failed': 'a job failed';
  readonly 'job-cancelled': 'a job was cancelled: nothing is known of what it did not run';
  readonly 'upstream-ended': 'a job was skipped because one that it needs failed or was cancelled';
  readonly 'job-skipped': 'a job was skipped, and the workflow states no cause for it';
  readonly 'job-result': 'a job has a result that is none of those that GitHub gives';
}
export type JobReason = keyof JobReasons;

/** Why a check that `checks` asks for blocks. */
export interface CheckReasons {
  readonly 'check-failed': 'a check of `checks` failed, or ended otherwise than with success';
  readonly 'check-skipped': 'a check of `checks` was skipped, and has not succeeded on this commit';
  readonly 'check-missing': 'no check is as an entry of `checks` says, or fewer than `minimum` are there';
  readonly 'check-pending': 'a check of `checks` had not ended within `timeout`';
  readonly 'check-parked': 'a check of `checks` waits for somebody: its run for approval, or itself for an action';
}
export type CheckReason = keyof CheckReasons;

/** Why pr-ready has its verdict. */
export interface GateReasons extends JobReasons, CheckReasons {
  readonly 'all-succeeded': 'every job, and every check that was asked for, succeeded';
  readonly 'none-blocks': 'every job succeeded, may fail, or was skipped for a cause that the workflow states';
  readonly 'job-not-needed': 'the workflow has a job whose failure this one would not see (`require-all-jobs`)';
  readonly 'gate-not-always': 'this job itself may be skipped, or may fail and count as a success (`require-all-jobs`)';
  readonly 'workflow-not-read': 'the workflow file could not be read, or is not that of this job: which jobs it has is not known';
  readonly 'checks-not-read': 'what is said of the commit could not be read; the sentence says why';
  readonly 'no-jobs': 'the gate was given no job: nothing was seen';
}
export type GateReason = keyof GateReasons;
