import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import { closesPulls, type Found, find } from './find.ts';
import { type Home, homeOf } from './home.ts';
import type { SupersedeInputs } from './inputs.ts';
import { type Report, type SupersedeOutcome, supersedeOutcome } from './outcome.ts';
import type { Cancelling } from './plan.ts';
import type { ClosedPulls, Locked } from './pull-requests.ts';

/** So often GitHub is asked for a list, further pages not counted. */
const MOST_READS = 5;
const NO_PULLS: ClosedPulls = { closed: [], kept: [], failed: [] };

/** cancel-superseded: cancels what a newer run has made pointless, and only that. */
export async function cancelSuperseded(inputs: SupersedeInputs, world: World): Promise<SupersedeOutcome> {
  const outcome = supersedeOutcome(await supersede(inputs, world));
  for (const line of [...outcome.lines, outcome.summary]) world.log.info(line);
  return outcome;
}

async function supersede(inputs: SupersedeInputs, world: World): Promise<Report> {
  const own = Number(world.context.runId);
  if (!/^[1-9]\d*$/.test(world.context.runId) || !Number.isSafeInteger(own)) throw noRun();
  const home = homeOf(inputs, world);
  const found = await find(inputs, home, own);
  const isDryRun = inputs['dry-run'];
  const { cancel } = found.plan;
  if (cancel.length === 0 || isDryRun) {
    return { own, found, ended: [], pulls: NO_PULLS, isDryRun };
  }
  const { won: told, lost, count } = await claimed(inputs, home, found);
  const { won, lost: merged, pulls, comment } = await locked(inputs, home, found, told);
  const { cancel: cancelOne, cancelRuns } = await import('./cancel.ts');
  const others = won.filter(({ run }) => run.id !== own);
  const failed: string[] = [];
  const ended = [...lost, ...merged];
  ended.push(
    ...(await cancelRuns(home, others, {
      forceAfter: inputs['force-after'],
      mayLookTwice: count < MOST_READS,
      asked: async () => void failed.push(...(await comment())),
    })),
  );
  // Last of all: it ends this process. That it was taken is all that can be seen of it from within.
  for (const item of won.filter(({ run }) => run.id === own)) {
    const answer = await cancelOne(home, own);
    ended.push({ item, fate: answer.type === 'refused' ? answer : { type: 'cancelled', isWindingUp: true } });
  }
  return { own, found, ended, pulls: { ...pulls, failed }, isDryRun };
}

/** Tells the Deployments, and looks who was first. `count`: how many lists will have been read when the runs are looked at again. */
async function claimed(inputs: SupersedeInputs, home: Home, { plan, about, readAgain, reads }: Found) {
  const isReadAgain = readAgain !== undefined;
  const count = reads + 1 + (isReadAgain ? 1 : 0) + (closesPulls(inputs, plan) ? 1 : 0);
  if (!isReadAgain) return { won: plan.cancel, lost: [], count };
  const { claim } = await import('./claim.ts');
  return { ...(await claim(home, plan.cancel, CAUSES[about], readAgain)), count };
}

/** As their Deployments say it, after the run that takes their place. */
const CAUSES: Readonly<Record<Found['about'], string>> = {
  deployment: 'a newer deployment of the same project, environment and tenant.',
  branch: 'a newer run of the same branch or pull request.',
  'pull-request': 'its pull request was closed.',
};

/** Closes the pull requests that are waited for: what was merged before that goes on. */
async function locked(
  inputs: SupersedeInputs,
  home: Home,
  { key, plan }: Found,
  told: readonly Cancelling[],
): Promise<Locked> {
  const waiting = told.filter(({ why }) => why === 'awaited-merge');
  if (key !== undefined && waiting.length > 0 && closesPulls(inputs, plan)) {
    const { lockPulls } = await import('./pull-requests.ts');
    return lockPulls(home, key, told);
  }
  const kept = waiting.map(
    ({ run }) =>
      `The pull request of run ${run.id} is left as it is: whoever merges it deploys what nobody looks after.`,
  );
  return { won: told, lost: [], pulls: { ...NO_PULLS, kept }, comment: async () => [] };
}

const noRun = (): SluiceError =>
  new SluiceError(
    'input',
    'invalid-environment',
    "GITHUB_RUN_ID is no id of a run: without this run's id nobody knows which runs are older.",
    {
      hint: 'Run it as a step of a workflow.',
    },
  );
