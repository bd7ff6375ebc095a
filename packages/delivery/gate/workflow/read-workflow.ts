import type { Env } from '@sluice/core/context';
import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import { at } from '@sluice/core/json';
import { type Coverage, coverageOf, type Gate } from './coverage.ts';
import { type FileReference, fileOfRun } from './file-reference.ts';
import type { WorkflowJobs } from './jobs.ts';
import { parseWorkflow } from './parse-workflow.ts';

/** What the workflow file tells of the gate. */
export type Reading =
  | {
      readonly type: 'read';
      readonly jobs: WorkflowJobs;
      readonly uncovered: Extract<Coverage, { type: 'seen' }>['uncovered'];
    }
  /** Which jobs there are is not known. */
  | { readonly type: 'not-read'; readonly sentence: string; readonly hint: string };

/** Reads the workflow file that has the gate's job, and looks which of its jobs the gate does not see. */
export async function readWorkflow(
  github: GitHub,
  env: Env,
  given: FileReference | undefined,
  gate: Gate,
): Promise<Reading> {
  const file = given ?? fileOfRun(env);
  if (file === undefined)
    return notRead(
      'the runner does not say which workflow file this run has (GITHUB_WORKFLOW_REF, GITHUB_WORKFLOW_SHA)',
      OTHER,
    );
  const name = `${file.path} at ${/^[0-9a-f]{40}/.test(file.ref) ? file.ref.slice(0, 7) : file.ref}`;
  try {
    const jobs = parseWorkflow(await contentOf(github, file));
    const coverage = coverageOf(jobs, gate);
    if (coverage.type === 'other-file')
      return notRead(`${name} is not the file of this job: ${coverage.sentence}`, OTHER);
    return { type: 'read', jobs, uncovered: coverage.uncovered };
  } catch (error) {
    if (!(error instanceof SluiceError)) {
      const said = error instanceof Error ? error.message : String(error);
      return notRead(`${name} could not be read: ${said}`, OTHER);
    }
    if (error.code === 'cancelled') throw error;
    return notRead(
      `${name} could not be read: ${error.message.replace(/^The /, 'the ')}`,
      error.hint ?? 'Run the job again.',
    );
  }
}

const OTHER =
  'Where this job is in a reusable workflow, the file of the run is that of the caller: give `workflow-file`, `owner/name/.github/workflows/file.yml@commit`.';

const notRead = (sentence: string, hint: string): Reading => ({
  type: 'not-read',
  sentence: sentence.replace(/\.$/, ''),
  hint,
});

async function contentOf(github: GitHub, { owner, repo, path, ref }: FileReference): Promise<string> {
  const { data } = await github.request('GET /repos/{owner}/{repo}/contents/{path}', {
    owner,
    repo,
    path,
    ref,
  });
  const content = at(data, 'content');
  if (at(data, 'type') !== 'file' || at(data, 'encoding') !== 'base64' || typeof content !== 'string')
    throw new Error('what GitHub has there is no file');
  return Buffer.from(content, 'base64').toString('utf8');
}
