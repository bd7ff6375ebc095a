import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interpolate, interpolateAll, interpolateValue, isTrue } from './expression.ts';
import { keptOutputs } from './masks.ts';
import type { Leg } from './matrix-job.ts';
import { readOnly } from './permissions.ts';
import type { Result } from './result.ts';
import { ifContexts } from './run.ts';
import { runPosts, runStepList, type StepScope } from './step-list.ts';
import type { Steps } from './workflow-file.ts';
import type { JobRun } from './world.ts';

/** Runs the steps of a job, or takes what the world gives for it. */
export async function runSteps(leg: Leg): Promise<JobRun> {
  const { job, world } = leg;
  if (job.does.type !== 'steps') throw new Error(`${job.id} has no steps`);
  const permissions = world.readOnlyToken === true ? readOnly(leg.permissions) : leg.permissions;
  const path = `${leg.path}${job.id}`;
  const given = await world.job?.({ path, name: leg.checkName, contexts: leg.contexts, permissions });
  const token = world.token?.(permissions) ?? '';
  const end =
    given === undefined
      ? ((await heldBack(leg, job.does)) ?? (await inRunner(leg, job.does, token)))
      : { ...given, log: '' };
  leg.report({ name: leg.checkName, path, conclusion: end.result });
  const continues = interpolateValue(job.continueOnError, leg.contexts) === true;
  // Dependents see a success, and the run is green (https://github.com/actions/toolkit/issues/581); the check is not.
  return end.result === 'failure' && continues ? { ...end, result: 'success' } : end;
}

/** A job that is not approved fails without a step. */
async function heldBack({ world, contexts }: Leg, { environment }: Steps): Promise<JobRun | undefined> {
  if (environment === '') return undefined;
  const answer = (await world.gate?.(interpolate(environment, contexts))) ?? 'approved';
  if (answer === 'approved') return undefined;
  return { result: answer === 'rejected' ? 'failure' : 'cancelled', outputs: {}, log: '' };
}

async function inRunner(leg: Leg, steps: Steps, token: string): Promise<JobRun> {
  const temp = realpathSync(mkdtempSync(join(tmpdir(), 'job-')));
  try {
    const scope = stepScope(leg, steps, token, temp);
    await runStepList(steps.steps, scope);
    await runPosts(scope);
    const outputs = interpolateAll(steps.outputs, { ...scope.contexts(), steps: scope.steps });
    const masks = [...Object.values(leg.secrets), token, ...scope.masks];
    return { result: resultOf(scope), outputs: keptOutputs(outputs, masks), log: scope.log.join('') };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

function resultOf({ failed, isCancelled }: StepScope): Result {
  if (isCancelled()) return 'cancelled';
  return failed ? 'failure' : 'success';
}

function stepScope(leg: Leg, steps: Steps, token: string, temp: string): StepScope {
  const { world, file, secrets } = leg;
  const workspace = mkdtempSync(join(temp, 'workspace-'));
  const github = { ...leg.github, token, workspace };
  const runner = { os: 'Linux', arch: 'X64', name: 'stand-in', temp: mkdtempSync(join(temp, 'temp-')) };
  const fixed = { ...leg.contexts, github, secrets, runner: { ...runner, environment: 'github-hosted' } };
  const env: Record<string, string> = {};
  Object.assign(env, interpolateAll(file.env, fixed));
  Object.assign(env, interpolateAll(steps.env, { ...fixed, env }));
  const isCancelled = cancellation(leg);
  const scope: StepScope = {
    world,
    repository: leg.place.repository,
    jobPath: `${leg.path}${leg.job.id}`,
    github,
    temp,
    workspace,
    token,
    actionFolder: undefined,
    shell: steps.shell,
    directory: steps.directory,
    stop: leg.stop,
    isCancelled,
    env,
    overlay: {},
    paths: [],
    masks: [],
    posts: [],
    log: [],
    steps: {},
    failed: false,
    contexts: () => ({ ...fixed, env, job: { status: resultOf(scope) } }),
    status: () => ({
      success: !scope.failed && !isCancelled(),
      failure: scope.failed && !isCancelled(),
      cancelled: isCancelled(),
    }),
  };
  return scope;
}

/**
 * Whether the job is being cancelled. A cancelled run asks the `if` of each running job again: with `always()` it goes on as if nothing were
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation). A leg that another one's failure stops is not asked.
 */
function cancellation(leg: Leg): () => boolean {
  const { stop, world, job } = leg;
  const failure = Object.values(leg.needs).some(({ result }) => result === 'failure');
  const stays = isTrue(job.condition, ifContexts(leg), { success: false, failure, cancelled: true });
  return () => stop.aborted && !(stays && world.signal?.aborted === true);
}
