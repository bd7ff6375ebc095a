import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';

/** The conditions of a job and of its steps, with the `success() &&` that GitHub adds. */
export interface Conditions {
  readonly job: string;
  readonly steps: readonly string[];
}

/** What GitHub's own parser makes of a workflow. Throws with everything that it finds wrong. */
export async function officialConditions(text: string): Promise<ReadonlyMap<string, Conditions>> {
  const file = { name: 'workflow.yml', content: text };
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
  refuse(context.errors.getErrors().map(({ message }) => message));
  if (value === undefined) throw new Error('There is no workflow');
  const { jobs, errors } = await convertWorkflowTemplate(context, value);
  refuse((errors ?? []).map(({ Message }) => Message));
  return new Map(
    jobs.map((job) => {
      const steps = 'steps' in job ? job.steps.map((step) => step.if?.expression ?? '') : [];
      return [job.id.value, { job: job.if.expression, steps }];
    }),
  );
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
