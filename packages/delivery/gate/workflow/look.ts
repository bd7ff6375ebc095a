import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import type { JudgedJob } from '../judge-jobs.ts';
import { jobsOfRun, partsOf } from './legs.ts';
import type { Reading } from './read-workflow.ts';

export { readWorkflow } from './read-workflow.ts';

/** In which leg a job failed, or in which job of the workflow that it calls. Where that cannot be read the verdict stands without. */
export async function withParts(
  judged: readonly JudgedJob[],
  workflow: Reading | undefined,
  github: GitHub,
  { context, env, log, signal }: World,
): Promise<readonly JudgedJob[]> {
  try {
    const listed = await jobsOfRun(github, context);
    const known = workflow?.type === 'read' ? workflow.jobs : undefined;
    const nameOf = (id: string): string => known?.get(id)?.name ?? '';
    return judged.map((job) => ({ ...job, parts: partsOf(job, env.GITHUB_JOB ?? '', listed, nameOf) }));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    log.info(`The legs and inner jobs are not named: ${error.message}`);
    return judged;
  }
}
