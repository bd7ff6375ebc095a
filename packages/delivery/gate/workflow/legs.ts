import type { RunnerContext } from '@sluice/core/context';
import type { GitHub } from '@sluice/core/github';
import type { JudgedJob } from '../judge-jobs.ts';

/** A job of the run as GitHub lists it: a leg of a matrix, or a job within a workflow that is called. */
export interface RunJob {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  /** The runner that has it. */
  readonly runner_name?: string | null;
}

/** How checks call a job, by its id: its `name`, which may hold expressions; empty where it has none. */
export type NameOf = (id: string) => string;

/**
 * Which legs of a job, or jobs within it, ended as the whole did, by the names of their checks: `test (linux)`, `deploy / plan`. Empty where
 * the job has no parts, and where the names do not tell whose they are.
 */
export function partsOf(
  job: JudgedJob,
  own: string,
  listed: readonly RunJob[],
  nameOf: NameOf,
): readonly string[] {
  const prefix = prefixOf(own, listed, nameOf);
  const wanted = job.result === 'failure' ? FAILED : job.result === 'cancelled' ? CANCELLED : undefined;
  if (prefix === undefined || wanted === undefined) return [];
  const shape = shapeOf(job.name, nameOf);
  const part = new RegExp(`^${escaped(prefix)}${shape}(?: \\(.*\\))?(?: / .*)?$`, 's');
  const names = listed
    .filter(({ name, conclusion }) => part.test(name) && conclusion !== null && wanted.has(conclusion))
    .map(({ name }) => name);
  // A job without parts is its only one.
  return names.filter((name) => name !== `${prefix}${nameOf(job.name) || job.name}`);
}

const FAILED: ReadonlySet<string> = new Set(['failure', 'timed_out', 'startup_failure']);
const CANCELLED: ReadonlySet<string> = new Set(['cancelled']);

/**
 * What stands before the names of all jobs where this one is in a called workflow: `pr / `. Undefined where that cannot be told. Where two jobs
 * call the same workflow, `runner` tells which of them this one is of: a runner has one job at a time.
 */
export function prefixOf(
  own: string,
  listed: readonly RunJob[],
  nameOf: NameOf,
  runner = '',
): string | undefined {
  const shape = shapeOf(own, nameOf);
  const form = new RegExp(`^(|.* / )${shape}$`, 's');
  const found = listed
    .filter(({ status }) => status !== 'completed')
    .flatMap((job) => {
      const prefix = form.exec(job.name)?.[1];
      return prefix === undefined ? [] : [{ prefix, runner: job.runner_name }];
    });
  const mine = found.length > 1 && runner !== '' ? found.filter((one) => one.runner === runner) : found;
  return mine.length === 1 ? mine[0]?.prefix : undefined;
}

/** The name of a job's checks as a pattern: what an expression becomes is not known. */
function shapeOf(id: string, nameOf: NameOf): string {
  const name = nameOf(id) || id;
  return name
    .split(/\$\{\{.*?\}\}/s)
    .map(escaped)
    .join('.*');
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** The jobs of this attempt of the run, all pages. */
export async function jobsOfRun(github: GitHub, context: RunnerContext): Promise<readonly RunJob[]> {
  const [owner = '', repo = ''] = context.repository.split('/');
  const jobs: RunJob[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data } = await github.request(
      'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs',
      {
        ...{ owner, repo, run_id: Number(context.runId), attempt_number: context.runAttempt },
        ...{ per_page: PAGE, page },
      },
    );
    jobs.push(...data.jobs);
    if (data.jobs.length < PAGE) break;
  }
  return jobs;
}
const PAGE = 100;
/** A run has at most 256 legs of each matrix, and 20 jobs of a file are many. */
const MOST_PAGES = 20;
