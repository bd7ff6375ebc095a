import { at } from '@sluice/core/json';
import type { Found } from './find.ts';
import type { Home } from './home.ts';
import type { SupersedeInputs } from './inputs.ts';
import { listRuns } from './list-runs.ts';
import { type Plan, planOf } from './plan.ts';
import { planBranch } from './plan-branch.ts';
import { planClosed } from './plan-closed.ts';
import {
  hasTwin,
  isAmbiguous,
  readBegun,
  readEvent,
  readOwnRun,
  readPull,
  readQueue,
} from './read-branch.ts';
import { isLive, type SeenRun } from './runs.ts';

const askedOf = (inputs: SupersedeInputs) => ({
  cancelWaiting: inputs['cancel-waiting'],
  cancelStarted: inputs['cancel-started'],
});

/** What a newer run of our workflow's branch or pull request has made pointless. */
export async function findBranch(inputs: SupersedeInputs, home: Home, own: number): Promise<Found> {
  const byId = await listRuns(home);
  const listed = byId.get(own);
  let reads = 1;
  if (listed === undefined) reads += 1;
  const self = await withPull(home, listed ?? (await readOwnRun(home, own)));
  const runs = [...byId.values()];
  const others = runs.filter((run) => isLive(run) && run.workflow === self.workflow);
  // What has left the queue is kept where the reads are needed for what is surer to be there.
  const asksQueue = reads === 1 && others.some(isEntry);
  const queue = asksQueue ? await readQueue(home) : undefined;
  if (asksQueue) reads += 1;
  const scope = { ...askedOf(inputs), own: self, runs, queue };
  const first = planBranch({ ...scope, isAmbiguous: false, begun: new Set() });
  // A schedule is of the default branch; a pull request names its branch and its repository.
  const asksRef = first.cancel.length > 0 && ['push', 'workflow_dispatch'].includes(self.event);
  const asksPulls = isPull(self) && first.cancel.some(({ run }) => isPull(run) && run.pulls.length === 0);
  if (asksRef || asksPulls) reads += 1;
  const ambiguous =
    (asksRef && (await isAmbiguous(home, self.branch))) || (asksPulls && (await hasTwin(home)));
  const begun = await begunOf(home, first);
  if (begun !== undefined) reads += 1;
  const plan = planBranch({ ...scope, isAmbiguous: ambiguous, begun: begun ?? new Set() });
  return { plan, about: 'branch', reads };
}

/** The runs of a pull request that was closed, of all workflows. */
export async function findClosed(inputs: SupersedeInputs, home: Home, own: number): Promise<Found> {
  const { pull, isClosed, reads: before } = await readPull(home);
  const about = 'pull-request';
  if (!isClosed) {
    return { plan: planOf(own, [], undefined), about, reads: before, because: 'pull-request-open' };
  }
  const runs = [...(await listRuns(home)).values()];
  const asksQueue = before < 2 && runs.some((run) => isLive(run) && isEntry(run));
  const queue = asksQueue ? await readQueue(home) : undefined;
  const scope = { ...askedOf(inputs), own, pull, runs, queue };
  const begun = await begunOf(home, planClosed({ ...scope, begun: new Set() }));
  const reads = before + 1 + (asksQueue ? 1 : 0) + (begun === undefined ? 0 : 1);
  return { plan: planClosed({ ...scope, begun: begun ?? new Set() }), about, reads };
}

const isPull = ({ event }: SeenRun): boolean => event.startsWith('pull_request');
const isEntry = ({ event }: SeenRun): boolean => event === 'merge_group';

/** A run names all open pull requests of its branch; the event names the one. */
async function withPull(home: Home, run: SeenRun): Promise<SeenRun> {
  if (!isPull(run)) return run;
  const number = at(await readEvent(home), 'pull_request', 'number');
  return typeof number === 'number' ? { ...run, pulls: [number] } : run;
}

/** Asked only where something that runs would be cancelled. */
async function begunOf(home: Home, { cancel }: Plan): Promise<ReadonlySet<number> | undefined> {
  const running = cancel.filter(({ run }) => run.status === 'in_progress').map(({ run }) => run);
  return running.length === 0 ? undefined : readBegun(home, running);
}
