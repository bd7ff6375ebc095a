/** A job as the workflow file has it. */
export interface WorkflowJob {
  readonly needs: readonly string[];
  /** Its `if`, as text; empty where it has none. */
  readonly condition: string;
  /** Its `name`, which its checks have in place of its id; it may hold expressions. */
  readonly name: string;
  /** Whether it calls a workflow, and so has no step. */
  readonly calls: boolean;
  /** Whether it has `continue-on-error`, or an expression that may say so: GitHub takes its failure for a success then. */
  readonly continues: boolean;
}

export type WorkflowJobs = ReadonlyMap<string, WorkflowJob>;

/**
 * Whether a job runs only when all that it needs succeeded. GitHub puts `success() &&` before an `if` without a status function
 * (https://docs.github.com/actions/reference/workflows-and-actions/expressions#status-check-functions). Of an `if` with one
 * only `success()` alone is taken to say so: nobody evaluates the others here.
 */
export function waitsForSuccess({ condition }: WorkflowJob): boolean {
  return (
    /^success\s*\(\s*\)$/i.test(bare(condition)) ||
    !/\b(?:success|failure|always|cancelled)\s*\(/i.test(condition)
  );
}

/** Whether a job runs whatever became of the others. What is put together with `always()` may be false: nobody evaluates it here. */
export const runsAlways = ({ condition }: WorkflowJob): boolean =>
  /^always\s*\(\s*\)$/i.test(bare(condition));

const bare = (condition: string): string => (/^\$\{\{(.*)\}\}$/s.exec(condition)?.[1] ?? condition).trim();

/** All that a job needs, and what that needs. */
export function ancestorsOf(jobs: WorkflowJobs, id: string): readonly string[] {
  const found = new Set(jobs.get(id)?.needs);
  // A set hands out what is added to it meanwhile.
  for (const one of found) for (const next of jobs.get(one)?.needs ?? []) found.add(next);
  return [...found];
}
