import { type JudgedJob, shownName } from './judge-jobs.ts';
import { NEEDS_FORMS } from './needs.ts';
import type { GateReason, JobReason } from './reasons.ts';

/** One thing that stands between the change and its merge. */
export interface Blocker {
  /** Of the job or the check. */
  readonly name: string;
  readonly reason: Exclude<GateReason, 'all-succeeded' | 'none-blocks'>;
  /** `build failed` */
  readonly sentence: string;
}

export const blockersOfJobs = (jobs: readonly JudgedJob[]): readonly Blocker[] =>
  jobs.flatMap(({ name, standing, told }) =>
    standing.type === 'blocks'
      ? [{ name, reason: standing.reason, sentence: `${shownName(name)} ${told}` }]
      : [],
  );

/** What speaks first where there are several: what is to be mended comes before what follows from it, and before what is not known. */
const ORDER: readonly Blocker['reason'][] = [
  'job-failed',
  'job-result',
  'job-cancelled',
  'job-skipped',
  'upstream-ended',
  'no-jobs',
];

/** Those that speak first come first; of the same kind in the order in which they came. */
export const inOrder = (blockers: readonly Blocker[]): readonly Blocker[] =>
  blockers.toSorted((a, b) => ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason));

const JOB_HINTS: Readonly<Record<JobReason, (job: string) => string>> = {
  'job-failed': () =>
    'Mend what failed and push, or run the failed jobs again where nothing is wrong with the change.',
  'job-cancelled': () =>
    'Run the cancelled jobs again, unless a newer run of this pull request has taken their place.',
  'upstream-ended': () => 'Mend or run again what failed or was cancelled before it: it runs then.',
  'job-skipped': (job) =>
    `Look at the \`if:\` of the job. Where the skip is meant, state its cause in \`allowed-skips\`, one line \`${job}: \${{ <condition> }}\`.`,
  'job-result': () => `Give as \`needs\`: ${NEEDS_FORMS}.`,
};

/** What to do about the blocker that speaks first. */
export function hintOf({ reason, name }: Blocker): string {
  if (reason === 'no-jobs')
    return `List the jobs of the workflow under \`needs:\` of this job, and give as \`needs\`: ${NEEDS_FORMS}.`;
  return JOB_HINTS[reason](shownName(name));
}
