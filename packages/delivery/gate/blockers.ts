import { oneLine } from '@sluice/core/one-line';
import { type JudgedJob, shownName } from './judge-jobs.ts';
import { NEEDS_FORMS } from './needs.ts';
import type { GateReason, JobReason } from './reasons.ts';
import type { Uncovered } from './workflow/coverage.ts';
import type { Reading } from './workflow/read-workflow.ts';

/** One thing that stands between the change and its merge. */
export interface Blocker {
  /** Of the job or the check; absent where it is neither. */
  readonly name?: string;
  readonly reason: Exclude<GateReason, 'all-succeeded' | 'none-blocks'>;
  /** `build failed` */
  readonly sentence: string;
  /** What to do, where the reason does not tell it. */
  readonly hint?: string;
}

export const blockersOfJobs = (jobs: readonly JudgedJob[]): readonly Blocker[] =>
  jobs.flatMap(({ name, standing, told, parts }) =>
    standing.type === 'blocks'
      ? [{ name, reason: standing.reason, sentence: `${shownName(name)} ${told}${partsTold(parts)}` }]
      : [],
  );

function partsTold(parts: readonly string[] = []): string {
  const shown = parts.slice(0, MOST_PARTS).map((part) => oneLine(part, 80));
  const rest = parts.length - shown.length;
  return shown.length === 0 ? '' : ` in ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
const MOST_PARTS = 3;

/** What the workflow file says that stands in the way. */
export function blockersOfWorkflow(reading: Reading | undefined): readonly Blocker[] {
  if (reading === undefined) return [];
  if (reading.type === 'not-read') {
    const { sentence, hint } = reading;
    return [{ reason: 'workflow-not-read', sentence, hint }];
  }
  return reading.uncovered.map((one) => ({
    name: one.name,
    reason: OWN.has(one.why) ? 'gate-not-always' : 'job-not-needed',
    ...(HINTS[one.why] !== undefined && { hint: HINTS[one.why] }),
    sentence: `${shownName(one.name)} ${unseenTold(one)}`,
  }));
}

const OWN: ReadonlySet<Uncovered['why']> = new Set(['skippable', 'continuing']);
const HINTS: Readonly<Partial<Record<Uncovered['why'], string>>> = {
  continues:
    'Remove its `continue-on-error`, or name it in `allowed-failures` where its failure shall stop nothing.',
  skippable: 'Give this job `if: always()`, and nothing beside it.',
  continuing: 'Remove the `continue-on-error` of this job.',
};

/** After the name of a job: why its failure would not be seen. */
export function unseenTold({ why, behind }: Uncovered): string {
  const way = behind === undefined ? '' : shownName(behind);
  switch (why) {
    case 'no-way':
      return 'is in the workflow, and this job does not need it';
    case 'excused':
      return `is seen only through ${way}, which may fail or be skipped`;
    case 'careless':
      return `is seen only through ${way}, whose \`if\` lets it run whatever became of it`;
    case 'not-given':
      return behind === undefined
        ? 'is in `needs:` of this job, and not in what it was given'
        : `is seen only through ${way}, which is not in what was given`;
    case 'continues':
      return 'has `continue-on-error`: it counts as a success also when it failed';
    case 'skippable':
      return 'itself does not run with `if: always()` alone: where GitHub skips it, its check counts as a success';
    case 'continuing':
      return 'itself has `continue-on-error`: it counts as a success also when it is not ready';
  }
}

/** What speaks first where there are several: what is to be mended comes before what follows from it, and before what is not known. */
const ORDER: readonly Blocker['reason'][] = [
  'job-failed',
  'check-failed',
  'job-result',
  'job-cancelled',
  'job-skipped',
  'upstream-ended',
  'job-not-needed',
  'gate-not-always',
  'check-skipped',
  'no-jobs',
  'workflow-not-read',
  'checks-not-read',
  'check-parked',
  'check-missing',
  'check-pending',
];

/** Of these nothing was seen that is bad: it is not known. */
const UNTOLD: ReadonlySet<Blocker['reason']> = new Set([
  'no-jobs',
  'workflow-not-read',
  'checks-not-read',
  'check-parked',
  'check-missing',
  'check-pending',
]);

export const isUntold = ({ reason }: Blocker): boolean => UNTOLD.has(reason);

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
    `Look at the \`if:\` of the job. Where the skip is meant and the workflow is your own, state its cause in \`allowed-skips\`, one line \`${job}: \${{ <condition> }}\`.`,
  'job-result': () => `Give as \`needs\`: ${NEEDS_FORMS}.`,
};

/** What to do about the blocker that speaks first. */
export function hintOf({ reason, name = '', hint }: Blocker): string {
  if (hint !== undefined) return hint;
  switch (reason) {
    case 'no-jobs':
      return `List the jobs of the workflow under \`needs:\` of this job, and give as \`needs\`: ${NEEDS_FORMS}.`;
    case 'job-not-needed':
      return 'Add each to `needs:` of this job. One whose failure shall stop nothing can be named in `allowed-failures`.';
    case 'job-failed':
    case 'job-cancelled':
    case 'job-skipped':
    case 'job-result':
    case 'upstream-ended':
      return JOB_HINTS[reason](shownName(name));
    default:
      return 'Run the job again.';
  }
}
