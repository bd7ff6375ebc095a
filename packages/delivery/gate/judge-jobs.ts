import { oneLine } from '@sluice/core/one-line';
import { type AllowedSkips, statedText } from './allowed-skips.ts';
import type { NeededJob } from './needs.ts';
import type { JobReason } from './reasons.ts';

/** What the workflow allows, by the names of jobs. */
export interface Rules {
  readonly failures: ReadonlySet<string>;
  readonly skips: AllowedSkips;
}

/** Which jobs the named one needs, as the workflow file has it, also those that they need; undefined: not known. */
export type Upstream = (job: string) => readonly string[] | undefined;

/** How a job stands to the verdict. */
export type Standing =
  | { readonly type: 'succeeded' }
  /** It did not succeed, and `allowed-failures` names it. */
  | { readonly type: 'may-fail' }
  /** It was skipped for a cause that `allowed-skips` states. */
  | { readonly type: 'may-skip' }
  | { readonly type: 'blocks'; readonly reason: JobReason };

export interface JudgedJob extends NeededJob {
  readonly standing: Standing;
  /** After the name of the job: `failed`, `was skipped, because build failed`. */
  readonly told: string;
  /** The jobs that failed or were cancelled, and that it was skipped for. */
  readonly because: readonly string[];
  /** The legs of its matrix, or the jobs within it, that ended so; absent where that was not asked. */
  readonly parts?: readonly string[];
}

/**
 * How each job that the gate needs stands to its verdict. Cancelled is never ready, whatever is allowed: nothing was seen.
 * A result that GitHub does not give blocks for the same reason.
 */
export function judgeJobs(
  jobs: readonly NeededJob[],
  rules: Rules,
  upstream: Upstream = () => undefined,
): readonly JudgedJob[] {
  return jobs.map((job) => {
    const { name, result } = job;
    const mayFail = rules.failures.has(name);
    const none = { because: [] };
    switch (result) {
      case 'success':
        return { ...job, ...none, standing: { type: 'succeeded' }, told: 'succeeded' };
      case 'failure':
        return { ...job, ...none, standing: mayFail ? MAY_FAIL : blocks('job-failed'), told: 'failed' };
      case 'cancelled':
        return {
          ...{ ...job, ...none, standing: blocks('job-cancelled') },
          told: mayFail ? 'was cancelled, which is not to fail' : 'was cancelled',
        };
      case 'skipped':
        return mayFail
          ? { ...job, ...none, standing: MAY_FAIL, told: 'was skipped' }
          : { ...job, ...judgeSkip(job, jobs, rules.skips, upstream) };
      default: {
        const told =
          result === ''
            ? 'has no result'
            : `has the result ${JSON.stringify(oneLine(result, 40))}, which is none of GitHub's`;
        return { ...job, ...none, standing: blocks('job-result'), told };
      }
    }
  });
}

const MAY_FAIL = { type: 'may-fail' } as const;
const blocks = (reason: JobReason): Standing => ({ type: 'blocks', reason });

function judgeSkip(
  { name }: NeededJob,
  jobs: readonly NeededJob[],
  skips: AllowedSkips,
  upstream: Upstream,
): Pick<JudgedJob, 'standing' | 'told' | 'because'> {
  const stated = skips.get(name);
  if (stated?.allowed === true)
    return { standing: { type: 'may-skip' }, told: 'was skipped for a stated cause', because: [] };
  const known = upstream(name);
  const ended = jobs.filter(({ result }) => result === 'failure' || result === 'cancelled');
  const causes = known === undefined ? ended : ended.filter((job) => known.includes(job.name));
  if (causes.length > 0) {
    const probably = known === undefined ? 'probably ' : '';
    const why = causes.slice(0, MOST_CAUSES).map((job) => `${shownName(job.name)} ${endOf(job)}`);
    const rest = causes.length - why.length;
    const told = `was skipped, ${probably}because ${why.join(' and ')}${rest > 0 ? ` (and ${rest} more)` : ''}`;
    return { standing: blocks('upstream-ended'), told, because: causes.map((job) => job.name) };
  }
  const told =
    stated === undefined
      ? 'was skipped without a stated cause'
      : `was skipped, and allowed-skips states ${statedText(stated)} for it`;
  return { standing: blocks('job-skipped'), told, because: [] };
}

const MOST_CAUSES = 2;
const endOf = ({ result }: NeededJob): string => (result === 'failure' ? 'failed' : 'was cancelled');

/** The name of a job on one line, and no longer than anybody reads. */
export const shownName = (name: string): string => (name === '' ? '""' : oneLine(name, 80));

/** The names in the lists that are none of a job: a slip of the pen allows nothing, and should be seen. */
export function unknownNames(
  jobs: readonly NeededJob[],
  { failures, skips }: Rules,
  others: ReadonlySet<string> = new Set(),
): readonly { readonly list: string; readonly name: string }[] {
  const known = new Set([...jobs.map(({ name }) => name), ...others]);
  return (
    [
      ['allowed-failures', failures],
      ['allowed-skips', skips.keys()],
    ] as const
  ).flatMap(([list, names]) => [...names].filter((name) => !known.has(name)).map((name) => ({ list, name })));
}
