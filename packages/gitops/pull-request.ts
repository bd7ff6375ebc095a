import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import type { Plan } from './bump-plan.ts';
import { type CommitJob, type CommitPorts, type Committed, commitPlan, headOf } from './commit.ts';
import { prepareBranch } from './pull-request-branch.ts';
import { withoutRun } from './pull-request-text.ts';
import { asking } from './writing.ts';

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
  /** Called with each thing that is there now: our commit, the pull request that shows it. */
  readonly afterWrite?: (plan: Plan, commit: string, pullRequest: PullRequest | undefined) => void;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
}

/** What became of the pull request; `nothing`: it had the commits and the text already. */
export type Did = 'created' | 'updated' | 'nothing';

export type Proposed =
  | {
      readonly type: 'proposed';
      /** On the base branch. */
      readonly plan: Plan;
      readonly commit: string;
      readonly pullRequest: PullRequest;
      readonly did: Did;
    }
  /** `wrote`: the base branch got everything meanwhile, and we had committed to our branch by then. */
  | { readonly type: 'settled'; readonly plan: Plan; readonly wrote?: true }
  | Exclude<Committed, { type: 'committed' | 'settled' }>;

/** A pull request with the title and body that are wanted. */
interface Shown {
  readonly pullRequest: PullRequest;
  readonly did: Did;
}

interface KnownPull extends PullRequest {
  readonly headSha: string;
}

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
  const open = await findPull(ports, job, 'open');
  const isSpent = async (head: string) =>
    open === undefined && (head === ours || (await findPull(ports, job, 'closed'))?.headSha === head);
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
  const shown = open === undefined ? await openPull(ports, job) : await updatePull(ports, job, open);
  if (shown === undefined) {
    return { type: 'ended', commit: committed.type === 'committed' ? commit : undefined };
  }
  const { pullRequest, did } = shown;
  const isNew = did === 'nothing' && committed.type === 'committed';
  if (did !== 'nothing' || isNew) job.afterWrite?.(plan, commit, pullRequest);
  return { type: 'proposed', plan, commit, pullRequest, did: isNew ? 'updated' : did };
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

/** The newest pull request of our branch into the base branch. */
async function findPull(
  ports: CommitPorts,
  job: PullRequestJob,
  state: 'open' | 'closed',
): Promise<KnownPull | undefined> {
  const [owner = '', repo = ''] = job.repository.split('/');
  const { data } = await ports.github.request('GET /repos/{owner}/{repo}/pulls', {
    owner,
    repo,
    state,
    head: `${owner}:${job.branch}`,
    base: job.base,
    sort: 'created',
    direction: 'desc',
    per_page: 1,
  });
  const [pull] = data;
  if (pull === undefined) return undefined;
  const { number, html_url: url, head } = pull;
  return { number, url, headSha: head.sha };
}

/** Undefined: somebody was faster, and that one is not open any more. */
async function openPull(ports: CommitPorts, job: PullRequestJob): Promise<Shown | undefined> {
  const [owner = '', repo = ''] = job.repository.split('/');
  const request = { owner, repo, head: job.branch, base: job.base, ...job.text(job.plan) };
  const unconfirmed = `A pull request of the branch ${job.branch} was asked for and not confirmed: it may be there.`;
  try {
    const { data } = await asking(job.writing, unconfirmed, () =>
      ports.github.request('POST /repos/{owner}/{repo}/pulls', request),
    );
    return { pullRequest: { number: data.number, url: data.html_url }, did: 'created' };
  } catch (error) {
    const said = githubFailure(error)?.message ?? '';
    if (/not permitted to create or approve pull requests/i.test(said)) throw mayNotOpen(error);
    // A run beside us, or a first try whose answer was lost.
    const open = githubFailure(error)?.status === 422 ? await findPull(ports, job, 'open') : undefined;
    if (open === undefined) throw error;
    return updatePull(ports, job, open);
  }
}

/** Undefined: it is not open any more, and nobody would merge what was committed since. */
async function updatePull(
  ports: CommitPorts,
  job: PullRequestJob,
  pull: PullRequest,
): Promise<Shown | undefined> {
  const [owner = '', repo = ''] = job.repository.split('/');
  const { number, url } = pull;
  const one = { owner, repo, pull_number: number };
  const { data: now } = await ports.github.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', one);
  if (now.state !== 'open') return undefined;
  const text = job.text(job.plan);
  const same = now.title === text.title && withoutRun(now.body ?? '') === withoutRun(text.body);
  if (!same) {
    await asking(job.writing, `A new text of the pull request ${url} was sent and not confirmed.`, () =>
      ports.github.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...one, ...text }),
    );
  }
  return { pullRequest: { number, url }, did: same ? 'nothing' : 'updated' };
}

function mayNotOpen(cause: unknown): SluiceError {
  return new SluiceError(
    'permission',
    'pull-requests-not-allowed',
    'GITHUB_TOKEN may not open pull requests in this repository: GitHub Actions is not permitted to create them.',
    {
      hint: 'Switch on "Allow GitHub Actions to create and approve pull requests" under Settings, Actions, General; or log in with `app-id` and `app-private-key`, whose pull requests also start the checks.',
      cause,
    },
  );
}
