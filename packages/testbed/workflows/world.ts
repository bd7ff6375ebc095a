import type { Contexts } from './expression.ts';
import type { Permissions } from './permissions.ts';
import type { Place, Repositories } from './repository.ts';
import type { Result } from './result.ts';
import type { Texts } from './shape.ts';

/** What is around a run: the event, what a repository has, and what is not run here but given. */
export interface World {
  /** `event_name`, `event`, `repository`, `sha`, `ref` …; the runner adds `token`, `job` and `workflow`. */
  readonly github: Readonly<Record<string, unknown>>;
  readonly secrets?: Texts;
  readonly vars?: Texts;
  /** What each `owner/name@ref` of a `uses:` stands for. */
  readonly repositories?: Repositories;
  /** What the repository or its organisation gives a workflow that asks for nothing; default `read-all`. */
  readonly defaultPermissions?: Permissions;
  /** A pull request from a fork: each token only reads. */
  readonly readOnlyToken?: boolean;
  /** A job's GITHUB_TOKEN. */
  readonly token?: (permissions: Permissions) => string;
  /** What becomes of a job that an environment's protection rules hold back; by default it is let through. */
  readonly gate?: (environment: string) => Promise<'approved' | 'rejected' | 'cancelled'>;
  /** How a job ends, in place of its steps; nothing where they are to be run. */
  readonly job?: (start: JobStart) => JobEnd | undefined | Promise<JobEnd | undefined>;
  /** How a step ends that uses an action, in place of that action; nothing where it is to be run. */
  readonly action?: (start: ActionStart) => StepEnd | undefined | Promise<StepEnd | undefined>;
  /** Told of each job as soon as it has ended, or was skipped; those of other runs go on meanwhile. */
  readonly report?: (check: Check) => void;
  /** Over the environment of every process. */
  readonly env?: Texts;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
}

export interface JobStart {
  /** The ids of the calling jobs and of this one: `pr/build`. */
  readonly path: string;
  /** Of its check: `pr / build`. */
  readonly name: string;
  readonly contexts: Contexts;
  readonly permissions: Permissions;
}

export interface ActionStart {
  readonly uses: string;
  /** Where it stands; nothing where `uses` is a folder of the workspace, or is not known. */
  readonly place?: Place;
  readonly jobPath: string;
  readonly stepId: string;
  readonly inputs: Texts;
  readonly env: Texts;
  readonly token: string;
  readonly workspace: string;
  readonly contexts: Contexts;
}

export interface StepEnd {
  readonly passed: boolean;
  readonly outputs?: Texts;
}

export interface JobEnd {
  readonly result: Result;
  readonly outputs: Texts;
}

export interface JobRun extends JobEnd {
  /** What its steps have printed. */
  readonly log: string;
}

/** What branch protection sees of a job. */
export interface Check {
  /** `pr / build`, `test (24)`. */
  readonly name: string;
  readonly path: string;
  /** Of the job itself: `continue-on-error` turns its result, and not this. */
  readonly conclusion: Result;
}

export interface WorkflowRun extends JobEnd {
  /** By id, as the jobs that need them see them; the jobs of a called workflow are `caller/id` as well. */
  readonly jobs: Readonly<Record<string, JobRun>>;
  /** In the order in which they ended. */
  readonly checks: readonly Check[];
}
