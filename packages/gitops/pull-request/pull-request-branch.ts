import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import { asking, type Writing } from '../bump/writing.ts';
import type { CommitPorts } from '../commit/commit.ts';
import { ruleRefusalOf, updateBranch } from '../commit/commit-api.ts';
import type { RuleRefusal } from '../commit/rule-refusal.ts';

interface BranchJob {
  /** `owner/name`. */
  readonly repository: string;
  /** The pull request's branch: ours. */
  readonly branch: string;
  /** Commit of the base branch at which it is made. */
  readonly start: string;
  /** Whether it is at its end: the commit belongs to a pull request that is merged or closed. */
  readonly isSpent: (head: string) => Promise<boolean>;
  readonly beforeWrite: () => Promise<void>;
  readonly writing?: Writing | undefined;
}

export type Prepared = { readonly type: 'ready'; readonly commit: string } | RuleRefusal;

const LOOKS = 5;

/**
 * Where the work goes on:
 * - no branch: it is made at the base branch's head.
 * - a spent branch: it is made anew at the base branch's head, or a rejected change would come back unseen. By
 *   compare-and-swap: only while it stands where the pull request ended, a commit that GitHub keeps under
 *   refs/pull/<number>/head.
 * - else whatever stands there stays, reviewers' commits too: on its head.
 */
export async function prepareBranch(ports: CommitPorts, job: BranchJob): Promise<Prepared> {
  for (let look = 1; look <= LOOKS; look++) {
    const head = await ports.repository.resolve(`refs/heads/${job.branch}`);
    if (head !== undefined && (head === job.start || !(await job.isSpent(head)))) {
      return { type: 'ready', commit: head };
    }
    await job.beforeWrite();
    try {
      const sentence = `The branch ${job.branch} was asked for and not confirmed: it may be there.`;
      await asking(job.writing, sentence, () => begin(ports, job, head));
    } catch (error) {
      const refusal = ruleRefusalOf(error);
      if (refusal !== undefined) return refusal;
      if (githubFailure(error) === undefined) throw error;
      // A run beside us, or a try whose answer was lost, moved it: look again.
      const now = await ports.repository.resolve(`refs/heads/${job.branch}`);
      if (now === head) throw error;
      continue;
    }
    const sentence = `The branch ${job.branch} was made at ${job.start.slice(0, 7)}.`;
    job.writing?.did({ outputs: { changed: 'true', branch: job.branch }, sentence });
    return { type: 'ready', commit: job.start };
  }
  throw new SluiceError(
    'conflict',
    'conflict',
    `The branch ${job.branch} moved each time that it was looked at.`,
    { hint: 'Run the job again; let `concurrency:` of the workflow keep runs of one deployment apart.' },
  );
}

/** Makes the branch at its start; one that is there moves only while it stands at `head`. */
async function begin({ github }: CommitPorts, job: BranchJob, head: string | undefined): Promise<void> {
  const { repository, branch, start } = job;
  if (head !== undefined) return updateBranch(github, { repository, branch, from: head, to: start });
  const [owner = '', repo = ''] = repository.split('/');
  const ref = `refs/heads/${branch}`;
  await github.request('POST /repos/{owner}/{repo}/git/refs', { owner, repo, ref, sha: start });
}
