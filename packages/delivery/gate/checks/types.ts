/** A run of a workflow, as far as its checks need it. */
export interface Run {
  readonly id: number;
  /** Name of the workflow. */
  readonly workflow: string;
  /** `.github/workflows/ci.yml` */
  readonly path: string;
  readonly event: string;
  readonly attempt: number;
  /** `parked`: it waits until somebody with write access approves it. */
  readonly state: 'running' | 'completed' | 'parked';
  /** GitHub's word for how it ended. */
  readonly conclusion?: string;
}

/** What the last word on a check is. `acting`: it waits for somebody to do something. */
export type CheckState = 'success' | 'failed' | 'skipped' | 'pending' | 'acting';

/** A check run, a job of a run, or a commit status: what somebody says of a commit under a name. */
export interface Check {
  readonly id: number;
  readonly name: string;
  /** Slug of the App; of a status the login of who gave it, without `[bot]`. */
  readonly app: string;
  /** The run whose job it is. */
  readonly run?: Run;
  readonly state: CheckState;
  /** After its name: `failed`, `is in progress`. */
  readonly told: string;
  readonly isCancelled?: boolean;
  /** Of a commit status: somebody else has given the same context a newer one. */
  readonly isOverruled?: boolean;
  /** When it ended, in milliseconds since 1970, by GitHub's clock. */
  readonly endedMs?: number;
}

/** All that was said of a commit, this run's own part left out. */
export interface Observation {
  /** Of the same name several where they are of different Apps, workflows or events; else the one that counts. */
  readonly checks: readonly Check[];
  /** Runs of other workflows, or other runs of this one, that have not ended. */
  readonly running: readonly Run[];
  readonly parked: readonly Run[];
  /** This run. */
  readonly own?: Run;
  /** Whether GitHub handed over all that it counted. */
  readonly isWhole: boolean;
}
