import { load } from 'js-yaml';
import { type Conditions, officialConditions } from './official.ts';
import { type Permissions, permissionsOf } from './permissions.ts';
import { each, listOf, type Mapping, mapping, scalar, type Texts, texts } from './shape.ts';
import { readStep, type Step } from './step-file.ts';

/** A workflow, as far as this runner knows workflows. */
export interface WorkflowFile {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  /** What a caller may give and gets; not there where nobody can call it. */
  readonly call?: CallContract;
  readonly permissions?: Permissions;
  readonly env: Texts;
  /** In the order of the file. */
  readonly jobs: readonly Job[];
}

export interface CallContract {
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly secrets: Readonly<Record<string, { readonly required: boolean }>>;
  readonly outputs: Texts;
}

export interface InputSpec {
  readonly type: string;
  readonly required: boolean;
  readonly default: unknown;
}

export interface Job {
  readonly id: string;
  /** With its expressions; the id where it has none. */
  readonly name: string;
  readonly needs: readonly string[];
  /** With the `success() &&` that GitHub adds. */
  readonly condition: string;
  readonly permissions?: Permissions;
  readonly strategy: Mapping;
  readonly continueOnError: unknown;
  readonly does: Steps | Call;
}

export interface Steps {
  readonly type: 'steps';
  readonly environment: string;
  readonly env: Texts;
  readonly outputs: Texts;
  readonly steps: readonly Step[];
  readonly shell: string;
  readonly directory: string;
}

export interface Call {
  readonly type: 'call';
  readonly uses: string;
  readonly with: Mapping;
  readonly secrets: Texts | 'inherit';
}

const workflowKeys = ['name', 'run-name', 'on', 'permissions', 'env', 'concurrency', 'defaults', 'jobs'];
const callKeys = ['inputs', 'secrets', 'outputs'];
const commonKeys = ['name', 'needs', 'if', 'permissions', 'concurrency', 'strategy'];
const callingKeys = [...commonKeys, 'uses', 'with', 'secrets'];
/** `concurrency`, `runs-on` and `timeout-minutes` are taken: here is one runner, which waits for nobody and has no clock. */
const stepsKeys = [
  ...commonKeys,
  ...['runs-on', 'environment', 'outputs', 'env', 'defaults', 'steps', 'timeout-minutes'],
  'continue-on-error',
];

const known = new Map<string, Promise<WorkflowFile>>();

/** Reads a workflow that GitHub's own parser takes. Throws for whatever the runner does not know, rather than leave it out. */
export function readWorkflow(text: string): Promise<WorkflowFile> {
  const before = known.get(text);
  if (before !== undefined) return before;
  const read = parse(text);
  known.set(text, read);
  return read;
}

async function parse(text: string): Promise<WorkflowFile> {
  const conditions = await officialConditions(text);
  const file = mapping(load(text), 'the workflow', workflowKeys);
  const on = triggers(file.on);
  return {
    name: scalar(file.name, 'name'),
    on,
    ...('workflow_call' in on ? { call: contract(on.workflow_call) } : {}),
    ...(file.permissions === undefined ? {} : { permissions: permissionsOf(file.permissions) }),
    env: texts(file.env, 'env'),
    jobs: Object.entries(mapping(file.jobs, 'jobs')).map(([id, job]) =>
      readJob(id, mapping(job, id), conditions.get(id) ?? { job: '', steps: [] }, defaults(file, 'defaults')),
    ),
  };
}

function triggers(on: unknown): WorkflowFile['on'] {
  if (typeof on === 'object' && on !== null && !Array.isArray(on)) return { ...on };
  return Object.fromEntries(listOf(on).map((event) => [scalar(event, 'on'), undefined]));
}

function contract(value: unknown): CallContract {
  const call = mapping(value, 'workflow_call', callKeys);
  return {
    inputs: each(call.inputs, 'inputs', ['description', 'type', 'required', 'default'], (input) => ({
      type: scalar(input.type, 'type'),
      required: input.required === true,
      default: input.default,
    })),
    secrets: each(call.secrets, 'secrets', ['description', 'required'], ({ required }) => ({
      required: required === true,
    })),
    outputs: each(call.outputs, 'outputs', ['description', 'value'], (output) =>
      scalar(output.value, 'value'),
    ),
  };
}

type Defaults = Pick<Steps, 'shell' | 'directory'>;

function readJob(id: string, job: Mapping, conditions: Conditions, inherited: Defaults): Job {
  return {
    id,
    name: scalar(job.name ?? id, `${id}.name`),
    needs: listOf(job.needs).map(String),
    condition: conditions.job,
    ...(job.permissions === undefined ? {} : { permissions: permissionsOf(job.permissions) }),
    strategy: mapping(job.strategy, `${id}.strategy`, ['matrix', 'fail-fast', 'max-parallel']),
    continueOnError: job['continue-on-error'] ?? false,
    does:
      job.uses === undefined
        ? stepsOf(id, mapping(job, id, stepsKeys), conditions, inherited)
        : callOf(id, mapping(job, id, callingKeys)),
  };
}

function stepsOf(id: string, job: Mapping, conditions: Conditions, inherited: Defaults): Steps {
  const { environment } = job;
  const named =
    typeof environment === 'object'
      ? mapping(environment, id, ['name', 'url', 'deployment']).name
      : environment;
  const own = defaults(job, `${id}.defaults`);
  return {
    type: 'steps',
    environment: scalar(named, `${id}.environment`),
    env: texts(job.env, `${id}.env`),
    outputs: texts(job.outputs, `${id}.outputs`),
    steps: listOf(job.steps).map((step, at) => readStep(step, `${id}.steps`, conditions.steps[at])),
    shell: own.shell || inherited.shell,
    directory: own.directory || inherited.directory,
  };
}

function callOf(id: string, job: Mapping): Call {
  return {
    type: 'call',
    uses: scalar(job.uses, `${id}.uses`),
    with: mapping(job.with, `${id}.with`),
    secrets: job.secrets === 'inherit' ? 'inherit' : texts(job.secrets, `${id}.secrets`),
  };
}

function defaults(holder: Mapping, where: string): Defaults {
  const { run } = mapping(holder.defaults, where, ['run']);
  const found = mapping(run, `${where}.run`, ['shell', 'working-directory']);
  return { shell: scalar(found.shell, where), directory: scalar(found['working-directory'], where) };
}
