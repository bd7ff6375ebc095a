import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import type { Plan } from './bump-plan.ts';
import { type CommitJob, type CommitPorts, type Committed, commitPlan, headOf } from './commit.ts';
import { ruleRefusal } from './commit-api.ts';

/** A change that is brought in by a pull request. */
export interface PullRequestJob {
  /** `owner/name`. */
  readonly repository: string;
  /** What it shall be merged into. */
  readonly base: string;
  /** The branch that is ours. */
  readonly branch: string;
  /** The plan on the base branch: what the pull request shall come to. */
  readonly plan: Plan;
  readonly replan: CommitJob['replan'];
  readonly message: CommitJob['message'];
  readonly text: { readonly title: string; readonly body: string };
  readonly beforeWrite?: CommitJob['beforeWrite'];
  /** Called with each thing that is there now: our commit, the pull request that shows it. */
  readonly afterWrite?: ((commit: string, pullRequest: PullRequest | undefined) => void) | undefined;
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
      readonly commit: string;
      readonly pullRequest: PullRequest;
      readonly did: Did;
    }
  | Exclude<Committed, { type: 'committed' }>;

/** A pull request with the title and body that are wanted. */
interface Shown {
  readonly pullRequest: PullRequest;
  readonly did: Did;
}

interface KnownPull extends PullRequest {
  readonly title: string;
  readonly body: string;
  readonly headSha: string;
}

/** Opens a pull request for a plan, or brings the one that is open for its branch up to date. */
export async function proposePlan(ports: CommitPorts, job: PullRequestJob): Promise<Proposed> {
  const open = await findPull(ports, job, 'open');
  let wrote = false;
  const beforeWrite = async () => {
    if (!wrote) await job.beforeWrite?.();
    wrote = true;
  };
  const head = await prepareBranch(ports, job, open, beforeWrite);
  if (head.type === 'branch-rules') return { ...head, plan: job.plan };
  const committed = await commitPlan(ports, {
    repository: job.repository,
    branch: job.branch,
    plan: head.commit === job.plan.change.base ? job.plan : await job.replan(head.commit),
    replan: job.replan,
    message: job.message,
    beforeWrite,
    afterCommit: (made) => job.afterWrite?.(made, open),
  });
  if (committed.type !== 'committed' && !isThere(committed)) return committed;
  const commit = committed.type === 'committed' ? committed.commit : committed.plan.change.base;
  await beforeWrite();
  const { pullRequest, did } =
    open === undefined ? await openPull(ports, job) : await updatePull(ports, job, open);
  if (did !== 'nothing') job.afterWrite?.(commit, pullRequest);
  const isNew = did === 'nothing' && committed.type === 'committed';
  return { type: 'proposed', commit, pullRequest, did: isNew ? 'updated' : did };
}

/** The branch holds everything already: an earlier run committed it, maybe one that was killed before it opened the pull request. */
function isThere(committed: Committed): boolean {
  return committed.type === 'settled' && committed.plan.decision.type === 'nothing';
}

type Prepared =
  | { readonly type: 'ready'; readonly commit: string }
  | { readonly type: 'branch-rules'; readonly said: string };

/**
 * Where the work goes on:
 * - with an open pull request: on its head. Whatever stands there stays, reviewers' commits too; nothing is forced.
 * - no branch: it is made at the base branch's head.
 * - the branch stands where a closed or merged pull request of it ended: it is made anew at the base branch's head, or a
 *   rejected change would come back unseen. Nothing is lost: GitHub keeps that commit under refs/pull/<number>/head.
 * - else somebody, maybe an earlier run that was killed, put commits there that no pull request showed: on its head.
 */
async function prepareBranch(
  ports: CommitPorts,
  job: PullRequestJob,
  open: KnownPull | undefined,
  beforeWrite: () => Promise<void>,
): Promise<Prepared> {
  const head = await ports.repository.resolve(`refs/heads/${job.branch}`);
  if (head !== undefined) {
    if (open !== undefined) return { type: 'ready', commit: head };
    const closed = await findPull(ports, job, 'closed');
    if (closed?.headSha !== head) return { type: 'ready', commit: head };
  }
  await beforeWrite();
  const [owner = '', repo = ''] = job.repository.split('/');
  const base = job.plan.change.base;
  try {
    if (head !== undefined) {
      await ports.github.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', {
        owner,
        repo,
        ref: `heads/${job.branch}`,
      });
    }
    await ports.github.request('POST /repos/{owner}/{repo}/git/refs', {
      owner,
      repo,
      ref: `refs/heads/${job.branch}`,
      sha: base,
    });
  } catch (error) {
    const said = ruleRefusal(error);
    if (said !== undefined) return { type: 'branch-rules', said };
    // A run beside us, or a first try whose answer was lost, made it: go on from what is there.
    if (!/already exists|does not exist/i.test(githubFailure(error)?.message ?? '')) throw error;
    return { type: 'ready', commit: await headOf(ports.repository, job) };
  }
  return { type: 'ready', commit: base };
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
  const { number, html_url: url, title, body, head } = pull;
  return { number, url, title, body: body ?? '', headSha: head.sha };
}

async function openPull(ports: CommitPorts, job: PullRequestJob): Promise<Shown> {
  const [owner = '', repo = ''] = job.repository.split('/');
  try {
    const { data } = await ports.github.request('POST /repos/{owner}/{repo}/pulls', {
      owner,
      repo,
      head: job.branch,
      base: job.base,
      ...job.text,
    });
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

async function updatePull(ports: CommitPorts, job: PullRequestJob, open: KnownPull): Promise<Shown> {
  const [owner = '', repo = ''] = job.repository.split('/');
  const same = open.title === job.text.title && open.body.replaceAll('\r\n', '\n') === job.text.body;
  if (!same) {
    await ports.github.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner,
      repo,
      pull_number: open.number,
      ...job.text,
    });
  }
  const { number, url } = open;
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
