import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { load } from 'js-yaml';

type Texts = Readonly<Record<string, string>>;

/** A workflow that others call, as far as the runner beside it knows workflows. */
export interface WorkflowFile {
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly secrets: Readonly<Record<string, { readonly required: boolean }>>;
  readonly outputs: Texts;
  /** In the order of the file. */
  readonly jobs: readonly Job[];
}

export interface InputSpec {
  readonly type: string;
  readonly required: boolean;
  readonly default: unknown;
}

export interface Job {
  readonly id: string;
  readonly needs: readonly string[];
  /** With the `success() &&` that GitHub adds. */
  readonly condition: string;
  readonly environment: string;
  readonly permissions: Texts;
  readonly outputs: Texts;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly id: string;
  /** With the `success() &&` that GitHub adds. */
  readonly condition: string;
  readonly uses: string;
  readonly with: Texts;
}

/** Reads a workflow that GitHub's own parser takes. Throws for whatever the runner does not know, rather than leave it out. */
export async function readWorkflow(text: string): Promise<WorkflowFile> {
  const conditions = await officialConditions(text);
  const file = mapping(load(text), 'the workflow', ['name', 'on', 'permissions', 'jobs']);
  const on = mapping(file.on, 'on', ['workflow_call']);
  const call = mapping(on.workflow_call, 'workflow_call', ['inputs', 'secrets', 'outputs']);
  return {
    inputs: each(call.inputs, 'inputs', ['description', 'type', 'required', 'default'], (input) => ({
      type: String(input.type),
      required: input.required === true,
      default: input.default,
    })),
    secrets: each(call.secrets, 'secrets', ['description', 'required'], (secret) => ({
      required: secret.required === true,
    })),
    outputs: each(call.outputs, 'outputs', ['description', 'value'], ({ value }) => String(value)),
    jobs: Object.entries(mapping(file.jobs, 'jobs')).map(([id, job]) =>
      readJob(id, job, conditions.get(id) ?? { job: '', steps: [] }),
    ),
  };
}

interface Conditions {
  readonly job: string;
  readonly steps: readonly string[];
}

async function officialConditions(text: string): Promise<ReadonlyMap<string, Conditions>> {
  const { context, value } = parseWorkflow(
    { name: 'workflow.yml', content: text },
    new NoOperationTraceWriter(),
  );
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

/** `concurrency` says who waits for whom: here one runs after the other. */
const jobKeys = [
  ...['needs', 'if', 'runs-on', 'environment', 'concurrency', 'permissions', 'outputs', 'steps'],
] as const;

function readJob(id: string, value: unknown, conditions: Conditions): Job {
  const job = mapping(value, id, jobKeys);
  const environment = mapping(job.environment, `${id}.environment`, ['name', 'deployment']);
  const steps = Array.isArray(job.steps) ? job.steps : [];
  return {
    id,
    needs: [job.needs ?? []].flat().map(String),
    condition: conditions.job,
    environment: String(environment.name ?? ''),
    permissions: texts(job.permissions, `${id}.permissions`),
    outputs: texts(job.outputs, `${id}.outputs`),
    steps: steps.map((one: unknown, at) => {
      const step = mapping(one, `${id}.steps`, ['id', 'if', 'uses', 'with']);
      return {
        id: String(step.id ?? ''),
        condition: conditions.steps[at] ?? '',
        uses: String(step.uses),
        with: texts(step.with, `${id}.steps.with`),
      };
    }),
  };
}

function each<T>(
  value: unknown,
  where: string,
  keys: readonly string[],
  read: (one: Readonly<Record<string, unknown>>) => T,
): Readonly<Record<string, T>> {
  const entries = Object.entries(mapping(value, where));
  return Object.fromEntries(
    entries.map(([name, one]) => [name, read(mapping(one, `${where}.${name}`, keys))]),
  );
}

function texts(value: unknown, where: string): Texts {
  return Object.fromEntries(Object.entries(mapping(value, where)).map(([name, one]) => [name, String(one)]));
}

/** A mapping, empty where there is nothing; throws for another node, and for a key that is not among `keys`. */
function mapping(value: unknown, where: string, keys?: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof (value ?? {}) !== 'object' || Array.isArray(value)) throw new Error(`${where} is no mapping`);
  const found = { ...(value ?? {}) };
  const unknown = Object.keys(found).filter((key) => keys?.includes(key) === false);
  if (unknown.length > 0)
    throw new Error(`${where} has ${unknown.join(', ')}, which this runner does not know`);
  return found;
}
