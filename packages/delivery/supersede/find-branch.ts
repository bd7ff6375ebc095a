import { SluiceError } from '@sluice/core/errors';
import { at } from '@sluice/core/json';
import type { Found } from './find.ts';
import type { Home } from './home.ts';
import type { SupersedeInputs } from './inputs.ts';
import { listRuns } from './list-runs.ts';
import { planOf } from './plan.ts';
import { planBranch } from './plan-branch.ts';
import { planClosed } from './plan-closed.ts';
import { hasTwin, isAmbiguous, readEvent, readPull, readQueue } from './read-branch.ts';
import { readRun } from './read-run.ts';
import { isLive, type SeenRun } from './runs.ts';
import type { Traced } from './traced-deployments.ts';

const askedOf = (inputs: SupersedeInputs) => ({
  cancelWaiting: inputs['cancel-waiting'],
  cancelStarted: inputs['cancel-started'],
});

/** What is known of Deployments before any is read. */
const UNREAD: Traced = { deployments: [], since: Number.NEGATIVE_INFINITY };

/** What a newer run of our workflow's branch or pull request has made pointless. */
export async function findBranch(inputs: SupersedeInputs, home: Home, own: number): Promise<Found> {
  const byId = await listRuns(home);
  const listed = byId.get(own);
  let reads = 1;
  if (listed === undefined) reads += 1;
  const self = await withPull(home, listed ?? (await readOwn(home, own)));
  const runs = [...byId.values()];
  const scope = { ...askedOf(inputs), own: self, runs };
  const first = planBranch({ ...scope, queue: undefined, isAmbiguous: false, traced: UNREAD });
  // A schedule is of the default branch; a pull request names its branch and its repository.
  const asksRef = first.cancel.length > 0 && ['push', 'workflow_dispatch'].includes(self.event);
  const asksPulls = isPull(self) && first.cancel.some(({ run }) => isPull(run) && run.pulls.length === 0);
  // What has left the queue is kept where the reads are needed for what is surer to be there.
  const asksQueue =
    reads === 1 && !asksRef && !asksPulls && runs.some((run) => isEntryOf(run, self.workflow));
  if (asksRef || asksPulls || asksQueue) reads += 1;
  const isUnclear =
    (asksRef && (await isAmbiguous(home, self.branch))) || (asksPulls && (await hasTwin(home)));
  const queue = asksQueue ? await readQueue(home) : undefined;
  const known = { ...scope, queue, isAmbiguous: isUnclear };
  const { cancel } = planBranch({ ...known, traced: UNREAD });
  if (cancel.length === 0) return { plan: planBranch({ ...known, traced: UNREAD }), about: 'branch', reads };
  const { traced, again } = await tracedOf(
    home,
    cancel.map(({ run }) => run),
  );
  return { plan: planBranch({ ...known, traced }), about: 'branch', reads: reads + 1, ...again };
}

/** The runs of a pull request that was closed, of all workflows. */
export async function findClosed(inputs: SupersedeInputs, home: Home, own: number): Promise<Found> {
  const { pull, isClosed, reads: before } = await readPull(home);
  const about = 'pull-request';
  if (!isClosed) {
    return { plan: planOf(own, [], undefined), about, reads: before, because: 'pull-request-open' };
  }
  const runs = [...(await listRuns(home)).values()];
  const scope = { ...askedOf(inputs), own, pull, runs, queue: undefined };
  const entries = runs.filter((run) => isEntryOf(run, undefined));
  const first = planClosed({ ...scope, traced: UNREAD });
  const asked = [...entries, ...first.cancel.map(({ run }) => run)];
  if (asked.length === 0) return { plan: first, about, reads: before + 1 };
  const { traced, again } = await tracedOf(home, asked);
  const plan = planClosed({ ...scope, traced });
  const isTold = plan.cancel.some(({ deployments }) => deployments.length > 0);
  const reads = before + 2;
  if (entries.length === 0 || isTold || before > 1) return { plan, about, reads, ...again };
  const queue = await readQueue(home);
  const all = planClosed({ ...scope, traced, queue });
  // The read that was spent on the queue is missing to look again; only where something is told it has to be.
  const tells = all.cancel.some(({ deployments }) => deployments.length > 0);
  return { plan: all, about, reads: reads + 1, ...(tells && again) };
}

async function readOwn(home: Home, own: number): Promise<SeenRun> {
  const run = await readRun(home, own);
  if (run !== undefined) return run;
  throw new SluiceError('platform', 'unexpected-answer', `GitHub does not know this run, ${own}.`, {
    hint: 'Run the job again; check GITHUB_RUN_ID and GITHUB_REPOSITORY.',
  });
}

/** The Deployments of runs. Throws where they cannot be read: nobody knows what is half done. */
async function tracedOf(home: Home, runs: readonly SeenRun[]) {
  const oldest = Math.min(...runs.map(({ createdAt }) => createdAt));
  const { traceDeployments } = await import('./traced-deployments.ts');
  const read = () => traceDeployments(home, oldest);
  const traced = await read();
  // Where nobody deploys, nothing can begin meanwhile.
  const readAgain = async () => (await read()).deployments;
  return { traced, again: traced.deployments.length === 0 ? {} : { readAgain } };
}

const isPull = ({ event }: SeenRun): boolean => event.startsWith('pull_request');
const isEntryOf = (run: SeenRun, workflow: number | undefined): boolean =>
  run.event === 'merge_group' && isLive(run) && (workflow === undefined || run.workflow === workflow);

/** A run names all open pull requests of its branch; the event names the one. */
async function withPull(home: Home, run: SeenRun): Promise<SeenRun> {
  if (!isPull(run)) return run;
  const number = at(await readEvent(home), 'pull_request', 'number');
  return typeof number === 'number' ? { ...run, pulls: [number] } : run;
}
