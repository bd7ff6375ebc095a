import { type Contexts, interpolate, isTrue } from './expression.ts';
import type { Job, WorkflowFile } from './workflow-file.ts';

type Texts = Readonly<Record<string, string>>;
export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

/** Who calls, and what the world does. */
export interface Call {
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  readonly secrets: Texts;
  /** A job's GITHUB_TOKEN, with the permissions that it asks for. */
  readonly token: (permissions: Texts) => string;
  /** What becomes of a job that an environment's protection rules hold back. */
  readonly gate: (environment: string) => Promise<'approved' | 'rejected' | 'cancelled'>;
  /** Runs an action. */
  readonly step: (
    uses: string,
    inputs: Texts,
    token: string,
  ) => Promise<{ readonly passed: boolean; readonly outputs: Texts }>;
}

export interface JobEnd {
  readonly result: Result;
  readonly outputs: Texts;
}

export interface WorkflowRun extends JobEnd {
  readonly jobs: Readonly<Record<string, JobEnd>>;
}

/** Runs a called workflow by GitHub's rules for inputs, `needs`, `if`, environments and outputs, one job after the other. */
export async function callWorkflow(workflow: WorkflowFile, call: Call): Promise<WorkflowRun> {
  const inputs = checkedInputs(workflow, call.inputs);
  checkSecrets(workflow, call.secrets);
  const jobs: Record<string, JobEnd> = {};
  let cancelled = false;
  for (const job of workflow.jobs) {
    const needs = Object.fromEntries(job.needs.map((id) => [id, endOf(jobs, id)]));
    const before = ancestors(workflow, job).map((id) => endOf(jobs, id).result);
    const status = {
      success: !cancelled && before.every((result) => result === 'success'),
      failure: before.includes('failure'),
      cancelled,
    };
    const token = call.token(job.permissions);
    const github = { token };
    if (!isTrue(job.condition, { github, needs, inputs }, status)) {
      jobs[job.id] = { result: cancelled ? 'cancelled' : 'skipped', outputs: {} };
      continue;
    }
    const contexts = { github, needs, inputs, secrets: call.secrets };
    const gate =
      job.environment === '' ? 'approved' : await call.gate(interpolate(job.environment, contexts));
    cancelled ||= gate === 'cancelled';
    // A job that is not approved fails without a step.
    if (gate === 'approved') jobs[job.id] = await runJob(job, contexts, token, call);
    else jobs[job.id] = { result: gate === 'rejected' ? 'failure' : 'cancelled', outputs: {} };
  }
  const results = Object.values(jobs).map(({ result }) => result);
  const worst = (['failure', 'cancelled', 'success'] as const).find((one) => results.includes(one));
  return { jobs, result: worst ?? 'skipped', outputs: all(workflow.outputs, { jobs, inputs }) };
}

async function runJob(job: Job, contexts: Contexts, token: string, call: Call): Promise<JobEnd> {
  const steps: Record<string, { outputs: Texts }> = {};
  let passed = true;
  for (const step of job.steps) {
    const status = { success: passed, failure: !passed, cancelled: false };
    if (!isTrue(step.condition, { ...contexts, steps }, status)) continue;
    const run = await call.step(step.uses, all(step.with, { ...contexts, steps }), token);
    steps[step.id] = { outputs: run.outputs };
    passed &&= run.passed;
  }
  return { result: passed ? 'success' : 'failure', outputs: all(job.outputs, { ...contexts, steps }) };
}

const all = (values: Texts, contexts: Contexts): Texts =>
  Object.fromEntries(Object.entries(values).map(([name, text]) => [name, interpolate(text, contexts)]));

function endOf(jobs: Readonly<Record<string, JobEnd>>, id: string): JobEnd {
  const end = jobs[id];
  if (end === undefined) throw new Error(`The job ${id} stands after one that needs it`);
  return end;
}

/** Every job that this one waits for: `success()` asks them all (https://github.com/actions/runner/issues/2205). */
function ancestors(workflow: WorkflowFile, job: Job): readonly string[] {
  const above = job.needs.flatMap((id) => {
    const needed = workflow.jobs.find((one) => one.id === id);
    return needed === undefined ? [] : [id, ...ancestors(workflow, needed)];
  });
  return [...new Set(above)];
}

const empty: Readonly<Record<string, unknown>> = { string: '', number: 0, boolean: false };

function checkedInputs(workflow: WorkflowFile, given: Call['inputs']): Readonly<Record<string, unknown>> {
  for (const [name, value] of Object.entries(given)) {
    const spec = workflow.inputs[name];
    if (spec === undefined)
      throw new Error(`Invalid input, ${name} is not defined in the referenced workflow.`);
    if (spec.type !== typeof value) throw new Error(`${name} is no ${spec.type}`);
  }
  return Object.fromEntries(
    Object.entries(workflow.inputs).map(([name, spec]) => {
      const value = given[name];
      if (value === undefined && spec.required) {
        throw new Error(`Input ${name} is required, but not provided while calling.`);
      }
      return [name, value ?? spec.default ?? empty[spec.type]];
    }),
  );
}

function checkSecrets(workflow: WorkflowFile, given: Texts): void {
  for (const name of Object.keys(given)) {
    if (workflow.secrets[name] === undefined) throw new Error(`Invalid secret, ${name} is not defined.`);
  }
  for (const [name, { required }] of Object.entries(workflow.secrets)) {
    if (required && given[name] === undefined) throw new Error(`Secret ${name} is required.`);
  }
}
