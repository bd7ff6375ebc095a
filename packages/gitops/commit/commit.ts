import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import type { Log } from '@sluice/core/log';
import type { Plan } from '../bump/bump-plan.ts';
import { asking, type Writing } from '../bump/writing.ts';
import type { Change } from '../change.ts';
import { evaluateChange } from '../contains.ts';
import type { Repository } from '../git/repository.ts';
import type { Message } from './commit-message.ts';
import { BUDGET_MS, type Race, startRace } from './commit-race.ts';
import type { CommitAnswer, Committer } from './committer.ts';
import type { RuleRefusal } from './rule-refusal.ts';
import { parseTrailers } from './trailers.ts';

export interface CommitPorts {
  readonly repository: Repository;
  readonly github: GitHub;
  readonly committer: Committer;
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
  | (RuleRefusal & { readonly plan: Plan })
  /** It was committed, and the branch does not hold it any more. */
  | { readonly type: 'overwritten'; readonly commit: string; readonly head: string; readonly plan: Plan };

// A server that loses so many answers one after the other is down, and the branch did not move.
const LOST_ANSWERS = 5;
// A branch's new head may be seen a moment later by Git than by the API.
const LOOKS = 6;

/**
 * Commits a plan by compare-and-swap. On a branch that moved it reads the new head, plans again on it and tries again:
 * no force, no rebase. Afterwards it reads the branch back; only what was seen there is `committed`.
 * Throws a SluiceError `conflict` when others were faster for ten minutes.
 */
export async function commitPlan(ports: CommitPorts, given: CommitJob): Promise<Committed> {
  const race = startRace(ports.clock);
  /** Plans whose commit may have landed, as the answer was lost: it must not be made twice. */
  const doubts: Plan[] = [];
  const job = { ...given, writing: doubting(given.writing, doubts) };
  let { plan } = job;
  let trustMs = race.trustsHeadFor();
  let isNew = true;
  while (!race.isOver()) {
    if (plan.decision.type !== 'write') return { type: 'settled', plan };
    const head = await currentHead(ports, job, plan, trustMs);
    if (head !== plan.change.base) {
      const landed = await settleDoubts(ports, job, doubts, head);
      if (landed !== undefined) return readBack(ports, job, landed.plan, landed.commit);
      plan = await planAgain(ports, job, isNew ? race.lost() : 0, head);
      trustMs = race.trustsHeadFor();
      isNew = true;
      continue;
    }
    const answer = await ask(ports, job, plan, race);
    if (answer.type === 'branch-rules') return { ...answer, plan };
    if (answer.type === 'committed') return readBack(ports, job, plan, answer.commit);
    if (mayHaveLanded(answer)) doubts.push(plan);
    if (answer.type === 'unclear' && doubts.length >= LOST_ANSWERS) {
      return giveUp(ports, given, plan, answer.cause);
    }
    await pause(ports, race, answer);
    trustMs = 0;
    isNew = false;
  }
  throw new SluiceError(
    'conflict',
    'conflict',
    `No commit to ${job.branch} succeeded in ${race.tries.count} tries and ${BUDGET_MS / 60_000} minutes: it moved each time.`,
    {
      hint: 'Run the job again; let `concurrency:` of the workflow keep deployments of one repository apart.',
    },
  );
}

async function ask(ports: CommitPorts, job: CommitJob, plan: Plan, race: Race): Promise<CommitAnswer> {
  race.tries.count += 1;
  if (race.tries.count === 1) await job.beforeWrite?.();
  const unconfirmed = `A commit was asked for and not confirmed: it may be on the branch ${job.branch}.`;
  const request = requestOf(job, plan);
  const answer = await asking(job.writing, unconfirmed, () => ports.committer(request));
  if (answer.type !== 'committed' && !mayHaveLanded(answer)) job.writing?.denied();
  return answer;
}

const mayHaveLanded = (answer: CommitAnswer): boolean =>
  answer.type === 'unclear' || (answer.type === 'stale' && answer.mayBeOurs === true);

/** Where the branch stands; what was read a moment ago will do only as long as it is what the plan was made for. */
async function currentHead(ports: CommitPorts, job: CommitJob, plan: Plan, trustMs: number): Promise<string> {
  const head = trustMs > 0 ? await headOf(ports.repository, job, trustMs) : undefined;
  return head === plan.change.base ? head : headOf(ports.repository, job);
}

async function pause(ports: CommitPorts, race: Race, answer: CommitAnswer): Promise<void> {
  const { clock, log, signal } = ports;
  if (answer.type !== 'limited') return clock.sleep(race.lost(), signal);
  const wait = race.limited(answer.waitMs);
  if (wait === undefined) throw answer.cause;
  log.info(`GitHub's rate limit is used up: waiting ${Math.ceil(wait / 1000)} s`);
  return clock.sleep(wait, signal);
}

/**
 * The plan on the branch's new head. `waitMs`: somebody was faster than we planned; to plan again at once would keep everybody
 * busy, and win nothing.
 */
async function planAgain(ports: CommitPorts, job: CommitJob, waitMs: number, seen: string): Promise<Plan> {
  if (waitMs > 0) await ports.clock.sleep(waitMs, ports.signal);
  const head = waitMs > 0 ? await headOf(ports.repository, job) : seen;
  ports.log.info(`${job.branch} moved to ${head.slice(0, 7)}: planning again on it`);
  return job.replan(head);
}

/** A refusal says nothing of the tries before it whose answers were lost: one of them may be why the branch moved. */
function doubting(writing: Writing | undefined, doubts: readonly Plan[]): Writing | undefined {
  return (
    writing && {
      ...writing,
      denied() {
        if (doubts.length === 0) writing.denied();
      },
    }
  );
}

/** The last of many lost answers: where the branch still stands at its old commit, nothing came of them. */
async function giveUp(ports: CommitPorts, job: CommitJob, plan: Plan, cause: unknown): Promise<never> {
  const head = await headOf(ports.repository, job).catch(() => undefined);
  if (head === plan.change.base) job.writing?.denied();
  throw cause;
}

/**
 * The current head of a branch; one that was read at most `maxAgeMs` ago will do. Throws a SluiceError where there is no
 * such branch.
 */
export async function headOf(
  repository: Repository,
  where: { repository: string; branch: string },
  maxAgeMs = 0,
): Promise<string> {
  const head = await repository.resolve(`refs/heads/${where.branch}`, maxAgeMs);
  if (head !== undefined) return head;
  const message = `${where.repository} has no branch ${JSON.stringify(where.branch)}.`;
  throw new SluiceError('input', 'branch-not-found', message, {
    hint: 'Correct the input `branch`, or the `targetRevision` of the Application: a tag or a commit cannot be changed.',
  });
}

function requestOf(job: CommitJob, plan: Plan) {
  return {
    repository: job.repository,
    branch: job.branch,
    head: plan.change.base,
    message: job.message(plan),
    files: plan.files
      .filter(({ before, after }) => before !== after)
      .map(({ path, after }) => ({
        path,
        text: after,
        mode: plan.executable.has(path) ? ('100755' as const) : ('100644' as const),
      })),
  };
}

/**
 * The commit up to `head` that carries the digest of one of the plans, and this run. Where there is none, nothing came of
 * them any more: each was for a head that is gone.
 */
async function settleDoubts(
  { repository }: CommitPorts,
  job: CommitJob,
  doubts: Plan[],
  head: string,
): Promise<{ readonly plan: Plan; readonly commit: string } | undefined> {
  for (const plan of doubts) {
    const { base, files, run } = plan.change;
    const paths = files.map(({ path }) => path);
    const commits = await repository.commitsBetween(base, head, paths, 100);
    const own = commits.find(({ message }) => {
      const trailers = parseTrailers(message);
      return trailers.digest === plan.digest && trailers.run === run;
    });
    if (own !== undefined) return { plan, commit: own.sha };
  }
  const wereDoubts = doubts.length > 0;
  doubts.length = 0;
  if (wereDoubts) job.writing?.denied();
  return undefined;
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
