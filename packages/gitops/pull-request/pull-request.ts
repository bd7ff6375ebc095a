import { SluiceError } from '@sluice/core/errors';
import type { Plan } from '../bump/bump-plan.ts';
import { type CommitJob, type CommitPorts, type Committed, commitPlan, headOf } from '../commit/commit.ts';
import {
  type Did,
  findPull,
  openPull,
  type PullRequest,
  type SeenPull,
  updatePull,
} from './pull-request-api.ts';
import { prepareBranch } from './pull-request-branch.ts';

/** A change that is brought in by a pull request. */
export interface PullRequestJob
  extends Pick<CommitJob, 'repository' | 'message' | 'beforeWrite' | 'writing'> {
  /** What it shall be merged into. */
  readonly base: string;
  /** The branch that is ours. */
  readonly branch: string;
  /** The plan on the base branch: what the pull request shall come to. */
  readonly plan: Plan;
  /** The same on a newer head of the base branch. */
  readonly replanBase: (commit: string) => Promise<Plan>;
  /** The plan on a commit of our branch. */
  readonly replan: (commit: string, base: Plan) => Promise<Plan>;
  readonly text: (plan: Plan) => { readonly title: string; readonly body: string };
  /** Whether a new one is opened as a draft; one that somebody made ready stays ready. */
  readonly draft: boolean;
  /** Called with each thing that is there now: our commit, the pull request that shows it. */
  readonly afterWrite?: (plan: Plan, commit: string, pullRequest: PullRequest | undefined) => void;
}

export type Proposed =
  | {
      readonly type: 'proposed';
      /** On the base branch. */
      readonly plan: Plan;
      readonly commit: string;
      readonly pullRequest: SeenPull;
      readonly did: Did;
      /** Wanted as a draft, in a repository that has none. */
      readonly noDraft?: true;
    }
  /** `wrote`: the base branch got everything meanwhile, and we had committed to our branch by then. */
  | { readonly type: 'settled'; readonly plan: Plan; readonly wrote?: true }
  | Exclude<Committed, { type: 'committed' | 'settled' }>;

/** What was merged or closed while we wrote. `commit`: ours, which it may lack. */
interface Ended {
  readonly type: 'ended';
  readonly commit: string | undefined;
}

const TRIES = 3;

/** Opens a pull request for a plan, or brings the one that is open for its branch up to date. */
export async function proposePlan(ports: CommitPorts, job: PullRequestJob): Promise<Proposed> {
  let begun = false;
  const beforeWrite = async () => {
    if (!begun) await job.beforeWrite?.();
    begun = true;
  };
  let { plan } = job;
  let ours: string | undefined;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const proposed = await proposeOnce(ports, { ...job, plan, beforeWrite }, ours);
    if (proposed.type !== 'ended') return proposed;
    ours = proposed.commit ?? ours;
    ports.log.info(`The pull request of ${job.branch} was merged or closed meanwhile: planning again`);
    const base = { repository: job.repository, branch: job.base };
    plan = await job.replanBase(await headOf(ports.repository, base));
    if (plan.decision.type !== 'write') {
      return { type: 'settled', plan, ...(ours === undefined ? {} : { wrote: true }) };
    }
  }
  throw new SluiceError(
    'conflict',
    'conflict',
    `The pull request of ${job.branch} was merged or closed each time while it was brought up to date.`,
    { hint: 'Run the job again.' },
  );
}

/** `ours`: a commit that we made, and that no open pull request shows. */
async function proposeOnce(
  ports: CommitPorts,
  job: PullRequestJob & { readonly beforeWrite: () => Promise<void> },
  ours: string | undefined,
): Promise<Proposed | Ended> {
  const { repository, branch, plan, beforeWrite, writing } = job;
  const open = await findPull(ports.github, job, 'open');
  const isSpent = async (head: string) => open === undefined && (head === ours || hasEnded(ports, job, head));
  const start = plan.change.base;
  const head = await prepareBranch(ports, { repository, branch, start, isSpent, beforeWrite, writing });
  if (head.type === 'branch-rules') return { ...head, plan };
  const replan = (commit: string) => job.replan(commit, plan);
  const committed = await commitOn(ports, {
    ...{ repository, branch, replan, message: job.message, beforeWrite, writing },
    plan: head.commit === start ? plan : await replan(head.commit),
    afterCommit: (made) => job.afterWrite?.(plan, made, undefined),
  });
  if (committed.type === 'ended') return committed;
  if (committed.type !== 'committed' && !isThere(committed)) return committed;
  const commit = committed.type === 'committed' ? committed.commit : committed.plan.change.base;
  await beforeWrite();
  const wanted = { ...job, ...job.text(plan) };
  const shown =
    open === undefined ? await openPull(ports.github, wanted) : await updatePull(ports.github, open, wanted);
  if (shown === undefined) {
    return { type: 'ended', commit: committed.type === 'committed' ? commit : undefined };
  }
  const { pull: pullRequest, noDraft } = shown;
  const did = shown.did === 'nothing' && committed.type === 'committed' ? 'updated' : shown.did;
  if (did !== 'nothing') job.afterWrite?.(plan, commit, pullRequest);
  return { type: 'proposed', plan, commit, pullRequest, did, ...(noDraft && { noDraft }) };
}

/**
 * Whether the branch stands where a pull request ended, whatever its base was. Throws a SluiceError where one into another base
 * is open: a second one from the same branch would carry the commits of the one base into the other.
 */
async function hasEnded({ github }: CommitPorts, job: PullRequestJob, head: string): Promise<boolean> {
  const { repository, branch, base } = job;
  const open = await findPull(github, { repository, branch }, 'open');
  if (open !== undefined && open.base !== base) {
    throw new SluiceError(
      'input',
      'invalid-input',
      `Pull request #${open.number} brings ${branch} into ${open.base}, and the change goes to ${base}: it would carry the commits of ${open.base} there.`,
      { hint: 'Merge or close it first, or tell the two deployments apart by `environment` or `tenant`.' },
    );
  }
  if (open !== undefined) return false;
  return (await findPull(github, { repository, branch }, 'closed'))?.headSha === head;
}

/** Commits; a branch that is not there any more was deleted when its pull request was merged or closed. */
async function commitOn(ports: CommitPorts, job: CommitJob): Promise<Committed | Ended> {
  let commit: string | undefined;
  const afterCommit = (made: string, plan: Plan) => {
    commit = made;
    job.afterCommit?.(made, plan);
  };
  try {
    return await commitPlan(ports, { ...job, afterCommit });
  } catch (error) {
    const mayBeGone =
      error instanceof SluiceError && ['branch-not-found', 'not-visible'].includes(error.code);
    if (!mayBeGone) throw error;
    if ((await ports.repository.resolve(`refs/heads/${job.branch}`)) !== undefined) throw error;
    return { type: 'ended', commit };
  }
}

/** The branch holds everything already: an earlier run committed it, maybe one that was killed before it opened the pull request. */
function isThere(committed: Committed): boolean {
  return committed.type === 'settled' && committed.plan.decision.type === 'nothing';
}
