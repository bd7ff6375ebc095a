import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import type { Log } from '@sluice/core/log';
import type { Plan } from './bump-plan.ts';
import type { Change } from './change.ts';
import { type CommitAnswer, createCommit } from './commit-api.ts';
import type { Message } from './commit-message.ts';
import { evaluateChange } from './contains.ts';
import type { Repository } from './repository.ts';
import { parseTrailers } from './trailers.ts';
import { asking, type Writing } from './writing.ts';

export interface CommitPorts {
  readonly repository: Repository;
  readonly github: GitHub;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

/** How a plan comes onto a branch. */
export interface CommitJob {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** The plan for the commit at which the branch stood when it was read. */
  readonly plan: Plan;
  /** The same for another commit of the branch. */
  readonly replan: (commit: string) => Promise<Plan>;
  readonly message: (plan: Plan) => Message;
  /** Called once, just before the first request that writes. */
  readonly beforeWrite?: (() => Promise<void>) | undefined;
  /** Called once, as soon as the commit is known to be there: reading it back may fail. */
  readonly afterCommit?: ((commit: string, plan: Plan) => void) | undefined;
  /** Told when a commit is asked for, and when nothing came of it. */
  readonly writing?: Writing | undefined;
}

export type Committed =
  | { readonly type: 'committed'; readonly commit: string; readonly plan: Plan }
  /** Nothing was left to do, or the plan on the branch's new head may not be written: `plan.decision` tells. */
  | { readonly type: 'settled'; readonly plan: Plan }
  | { readonly type: 'branch-rules'; readonly said: string; readonly plan: Plan }
  /** It was committed, and the branch does not hold it any more. */
  | { readonly type: 'overwritten'; readonly commit: string; readonly head: string; readonly plan: Plan };

const TRIES = 10;
// Each is four requests of the client's: a server that fails so often is down, and the branch did not move.
const LOST_ANSWERS = 2;
const LONGEST_PAUSE_MS = 8000;
// A branch's new head may be seen a moment later by Git than by the API.
const LOOKS = 6;

/**
 * Commits a plan by compare-and-swap. On a branch that moved it reads the new head, plans again on it and tries again:
 * no force, no rebase. Afterwards it reads the branch back; only what was seen there is `committed`.
 * Throws a SluiceError `conflict` when the branch moved each time.
 */
export async function commitPlan(ports: CommitPorts, job: CommitJob): Promise<Committed> {
  let { plan } = job;
  let lost = 0;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (plan.decision.type !== 'write') return { type: 'settled', plan };
    if (attempt === 1) await job.beforeWrite?.();
    const answer = await ask(ports, job, plan);
    if (answer.type === 'branch-rules') return { ...answer, plan };
    if (answer.type === 'committed') return readBack(ports, job, plan, answer.commit);
    lost = answer.type === 'unclear' ? lost + 1 : 0;
    await ports.clock.sleep(pause(attempt), ports.signal);
    const head = await headOf(ports.repository, job);
    if (head === plan.change.base) {
      if (answer.type !== 'unclear' || lost < LOST_ANSWERS) continue;
      job.writing?.denied();
      throw answer.cause;
    }
    // The answer to an earlier try may have been lost while its commit landed: it must not be made twice.
    const landed = await ownCommit(ports.repository, plan, head);
    if (landed !== undefined) return readBack(ports, job, plan, landed);
    job.writing?.denied();
    ports.log.info(`${job.branch} moved to ${head.slice(0, 7)}: planning again on it`);
    plan = await job.replan(head);
  }
  throw new SluiceError(
    'conflict',
    'conflict',
    `No commit to ${job.branch} succeeded in ${TRIES} tries: it moved each time.`,
    {
      hint: 'Run the job again; let `concurrency:` of the workflow keep deployments of one repository apart.',
    },
  );
}

async function ask({ github, repository }: CommitPorts, job: CommitJob, plan: Plan): Promise<CommitAnswer> {
  const unconfirmed = `A commit was asked for and not confirmed: it may be on the branch ${job.branch}.`;
  try {
    const request = requestOf(job, plan);
    const answer = await asking(job.writing, unconfirmed, () => createCommit(github, request));
    if (answer.type === 'branch-rules') job.writing?.denied();
    return answer;
  } catch (error) {
    // Refused, but an earlier try of the same request may have landed: the branch tells.
    if (error instanceof SluiceError && error.code === 'rate-limited') {
      const head = await repository.resolve(`refs/heads/${job.branch}`).catch(() => undefined);
      if (head === plan.change.base) job.writing?.denied();
    }
    throw error;
  }
}

/** The current head of a branch. Throws a SluiceError where there is no such branch. */
export async function headOf(
  repository: Repository,
  where: { repository: string; branch: string },
): Promise<string> {
  const head = await repository.resolve(`refs/heads/${where.branch}`);
  if (head !== undefined) return head;
  const message = `${where.repository} has no branch ${JSON.stringify(where.branch)}.`;
  throw new SluiceError('input', 'branch-not-found', message, { hint: 'Correct the input `branch`.' });
}

function requestOf(job: CommitJob, plan: Plan) {
  return {
    repository: job.repository,
    branch: job.branch,
    head: plan.change.base,
    message: job.message(plan),
    files: plan.files
      .filter(({ before, after }) => before !== after)
      .map(({ path, after }) => ({ path, text: after })),
  };
}

/** A commit after the plan's base that carries this plan's digest and this run. */
async function ownCommit(repository: Repository, plan: Plan, head: string): Promise<string | undefined> {
  const { base, files, run } = plan.change;
  const paths = files.map(({ path }) => path);
  const commits = await repository.commitsBetween(base, head, paths, 100);
  return commits.find(({ message }) => {
    const trailers = parseTrailers(message);
    return trailers.digest === plan.digest && trailers.run === run;
  })?.sha;
}

async function readBack(ports: CommitPorts, job: CommitJob, plan: Plan, commit: string): Promise<Committed> {
  const { repository, clock, signal } = ports;
  job.afterCommit?.(commit, plan);
  for (let look = 1; look <= LOOKS; look++) {
    const head = await headOf(repository, job);
    if (head !== plan.change.base) {
      const contained = await holds(repository, plan.change, head);
      return contained ? { type: 'committed', commit, plan } : { type: 'overwritten', commit, head, plan };
    }
    await clock.sleep(250 * 2 ** look, signal);
  }
  throw new SluiceError(
    'platform',
    'commit-not-seen',
    `GitHub made the commit ${commit}, but Git does not show it on ${job.branch}.`,
    { hint: 'Run the job again: it looks at the branch first.' },
  );
}

/** Whether a commit holds every value of a change. */
export async function holds(repository: Repository, change: Change, commit: string): Promise<boolean> {
  const snapshot = await repository.snapshot(commit);
  const texts = await snapshot.read(change.files.map(({ path }) => path));
  return evaluateChange(change, texts).contained;
}

// Full jitter: several runs that lost the same race must not meet again.
function pause(attempt: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE_MS, 250 * 2 ** attempt);
}
