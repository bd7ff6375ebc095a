import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { fileOfRun } from '../workflow/file-reference.ts';
import { jobsOfRun, prefixOf } from '../workflow/legs.ts';
import type { OwnScope } from './pattern.ts';

/** Why what stands beside this job is not known. */
interface NoScope {
  readonly sentence: string;
  readonly hint: string;
}

/** Where the job of the gate is: the file and event of its run, and which job called the workflow that it is in. */
export async function ownScope(github: GitHub, { context, env, signal }: World): Promise<OwnScope | NoScope> {
  const file = fileOfRun(env);
  if (file === undefined || context.eventName === '')
    return {
      sentence:
        'the runner does not say which workflow file and event this run has (GITHUB_WORKFLOW_REF, GITHUB_EVENT_NAME)',
      hint: 'Remove what unsets them in the workflow.',
    };
  const id = env.GITHUB_JOB ?? '';
  try {
    const listed = await jobsOfRun(github, context);
    const prefix = prefixOf(id, listed, () => '', env.RUNNER_NAME);
    if (prefix !== undefined) return { path: file.path, event: context.eventName, prefix };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    return { sentence: error.message, hint: error.hint ?? 'Run the job again.' };
  }
  return {
    sentence: `this job, ${JSON.stringify(id)}, is not found among the jobs of its run, so that those beside it are not known`,
    hint: 'Let the job have its id as `name`, or none.',
  };
}
