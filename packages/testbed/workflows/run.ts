import { checkedInputs, checkedSecrets } from './call.ts';
import { checkCalls } from './call-check.ts';
import { runCall } from './call-job.ts';
import { interpolateAll, isTrue } from './expression.ts';
import { runMatrix } from './matrix-job.ts';
import type { Permissions } from './permissions.ts';
import { type Place, textOf } from './repository.ts';
import { ancestors, combined, jobStatus, type Result } from './result.ts';
import type { Mapping, Texts } from './shape.ts';
import { runSteps } from './steps-job.ts';
import { type Job, readWorkflow, type WorkflowFile } from './workflow-file.ts';
import type { Check, JobRun, WorkflowRun, World } from './world.ts';

/** One workflow that is run: the one of the event, or one that it calls. */
export interface Scope {
  readonly world: World;
  readonly place: Place;
  readonly file: WorkflowFile;
  readonly github: Mapping;
  readonly inputs: Mapping;
  readonly secrets: Texts;
  /** At most these: those of the calling job. */
  readonly allowed: Permissions | undefined;
  /** Of the calling jobs. */
  readonly path: string;
  readonly names: string;
  readonly report: (check: Check) => void;
  /** Also the jobs of called workflows, by path. */
  readonly jobs: Record<string, JobRun>;
}

/** A job that is run, and what its expressions may name. */
export interface JobScope extends Scope {
  readonly job: Job;
  readonly needs: Readonly<Record<string, JobRun>>;
  readonly permissions: Permissions;
}

/**
 * Runs the workflow of an event by GitHub's rules: `needs`, `if`, matrices, environments, calls, cancellation. Throws where GitHub
 * starts nothing: a file that its parser refuses, a call with wrong inputs, permissions beyond the caller's.
 */
export async function runWorkflow(world: World, place: Place, inputs: Mapping = {}): Promise<WorkflowRun> {
  const file = await readWorkflow(textOf(place));
  return runScope(world, place, file, { inputs, secrets: world.secrets ?? {} });
}

/** Runs a workflow as if another one had called it. */
export async function callWorkflow(
  world: World,
  place: Place,
  given: { readonly inputs: Mapping; readonly secrets?: Texts },
): Promise<WorkflowRun> {
  const file = await readWorkflow(textOf(place));
  if (file.call === undefined) throw new Error(`${place.path} cannot be called`);
  const inputs = checkedInputs(file.call, given.inputs);
  const secrets = checkedSecrets(file.call, given.secrets ?? {}, false);
  return runScope(world, place, file, { inputs, secrets });
}

async function runScope(
  world: World,
  place: Place,
  file: WorkflowFile,
  given: { readonly inputs: Mapping; readonly secrets: Texts },
): Promise<WorkflowRun> {
  await checkCalls(world, place, file, undefined);
  const checks: Check[] = [];
  const jobs: Record<string, JobRun> = {};
  const end = await runJobs({
    world,
    place,
    file,
    ...given,
    github: { workflow: file.name || place.path, ...world.github },
    allowed: undefined,
    path: '',
    names: '',
    report: (check) => {
      checks.push(check);
      world.report?.(check);
    },
    jobs,
  });
  return { ...end, jobs, checks };
}

/** Runs the jobs of one file, each as soon as those that it needs have ended. */
export async function runJobs(scope: Scope): Promise<{ readonly result: Result; readonly outputs: Texts }> {
  const ends = new Map<string, Promise<JobRun>>();
  const end = (id: string): Promise<JobRun> => {
    const begun = ends.get(id);
    if (begun !== undefined) return begun;
    const job = scope.file.jobs.find((one) => one.id === id);
    if (job === undefined) throw new Error(`There is no job ${id}`);
    const run = runJob(scope, job, end).then((made) => {
      scope.jobs[`${scope.path}${id}`] = made;
      return made;
    });
    ends.set(id, run);
    return run;
  };
  const ended = await Promise.all(scope.file.jobs.map(async ({ id }) => [id, await end(id)] as const));
  const jobs = Object.fromEntries(ended);
  const contexts = { github: scope.github, inputs: scope.inputs, vars: scope.world.vars ?? {}, jobs };
  return {
    result: combined(ended.map(([, { result }]) => result)),
    outputs: interpolateAll(scope.file.call?.outputs ?? {}, contexts),
  };
}

async function runJob(scope: Scope, job: Job, end: (id: string) => Promise<JobRun>): Promise<JobRun> {
  const above = await Promise.all(ancestors(scope.file.jobs, job).map(async (id) => (await end(id)).result));
  const ended = await Promise.all(job.needs.map(async (id) => [id, await end(id)] as const));
  const needs = Object.fromEntries(ended);
  const cancelled = scope.world.signal?.aborted === true;
  const github = { ...scope.github, job: job.id };
  const jobScope: JobScope = { ...scope, github, job, needs, permissions: permissionsFor(scope, job) };
  if (!isTrue(job.condition, ifContexts(jobScope), jobStatus(above, needs, cancelled))) {
    const result = cancelled ? 'cancelled' : 'skipped';
    const name = `${scope.names}${job.name.includes('${{') ? job.id : job.name}`;
    scope.report({ name, path: `${scope.path}${job.id}`, conclusion: result });
    return { result, outputs: {}, log: '' };
  }
  return runMatrix(jobScope, job.does.type === 'call' ? runCall : runSteps);
}

/** What an `if` of a job may name. */
export function ifContexts({ github, needs, world, inputs }: JobScope): Mapping {
  return { github, needs: plainNeeds(needs), vars: world.vars ?? {}, inputs };
}

export function plainNeeds(needs: JobScope['needs']): Mapping {
  return Object.fromEntries(
    Object.entries(needs).map(([id, { result, outputs }]) => [id, { result, outputs }]),
  );
}

function permissionsFor(scope: Scope, job: Job): Permissions {
  const asked = job.permissions ?? scope.file.permissions;
  return asked ?? scope.allowed ?? scope.world.defaultPermissions ?? 'read-all';
}
