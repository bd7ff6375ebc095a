import { SluiceError } from '@sluice/core/errors';
import { code } from '@sluice/core/summary';
import type { Plan } from '../bump/bump-plan.ts';
import type { CommitPorts } from '../commit/commit.ts';
import { updateBranch } from '../commit/commit-api.ts';
import { isOfOlderRun, parseTrailers } from '../commit/trailers.ts';
import { keepComment } from './comment.ts';
import { findPull, namesOf, type PullRequest } from './pull-request-api.ts';
import { attempt } from './pull-request-step.ts';
import { pullRequestBranch } from './pull-request-text.ts';

export interface PointlessJob {
  /** `owner/name`. */
  readonly repository: string;
  /** The plan on the base branch: nothing is left to write. */
  readonly plan: Plan;
  /** What the inputs come to on any commit. */
  readonly planAt: (commit: string) => Promise<Plan>;
  /** What made this run, for the word of explanation; Markdown. */
  readonly by: string;
}

export interface Pointless {
  /** The pull request that was closed. */
  readonly closed?: PullRequest;
  /** Why one stays open, or what failed. */
  readonly notes: readonly string[];
}

type Ports = Omit<CommitPorts, 'committer'>;

/**
 * Closes the pull request of a deployment whose base branch holds everything already, with a word of explanation, and deletes
 * its branch. One that holds more than this deployment, another's commits, or what a newer run wants, stays open.
 */
export async function closePointless(ports: Ports, job: PointlessJob): Promise<Pointless> {
  const { plan, repository } = job;
  const ends = { repository, base: plan.change.branch, branch: pullRequestBranch(plan.change) };
  const { github, log } = ports;
  const open = await findPull(github, ends, 'open').catch((error: unknown) => {
    ports.signal?.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    // A token that commits directly need not reach pull requests.
    log.debug(`Pull requests of ${ends.branch} were not looked for: ${error.message}`);
    return undefined;
  });
  if (open === undefined) return { notes: [] };
  let closed: PullRequest | undefined;
  const notes = await attempt(
    ports,
    `Pull request #${open.number} is pointless now, and was not closed`,
    async () => {
      const kept = await whyKept(ports, job, open.headSha);
      if (kept !== undefined) return [`Pull request #${open.number} stays open: ${kept}.`];
      await close(ports, job, open);
      closed = open;
      return [];
    },
  );
  if (closed !== undefined)
    await deleteBranch(ports, { repository, branch: ends.branch, head: open.headSha });
  return { ...(closed !== undefined && { closed }), notes };
}

/** By compare-and-swap: somebody may have committed to it since. It may be gone already, by the repository's setting. */
async function deleteBranch(
  ports: Ports,
  { repository, branch, head }: { repository: string; branch: string; head: string },
): Promise<void> {
  const notes = await attempt(ports, `${branch} was not deleted`, async () => {
    await updateBranch(ports.github, { repository, branch, from: head, to: '0'.repeat(head.length) });
    return [];
  });
  for (const note of notes) ports.log.debug(note);
}

async function close(
  { github }: Ports,
  { repository, plan, by }: PointlessJob,
  pull: PullRequest,
): Promise<void> {
  const commit = plan.change.commit.slice(0, 7);
  const body = `Closed: nothing is left to change. ${code(plan.change.branch)} holds everything already (${commit}).\n\n${by}`;
  await keepComment(github, { repository, number: pull.number, key: 'closed' }, body);
  const one = { ...namesOf(repository), pull_number: pull.number };
  await github.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...one, state: 'closed' });
}

/** GitHub lists no more of them (https://docs.github.com/rest/commits/commits#compare-two-commits). */
const LISTED_FILES = 300;

/** Undefined: merging it would change nothing but places that this run wants as they are on the base branch. */
async function whyKept(ports: Ports, job: PointlessJob, head: string): Promise<string | undefined> {
  const { plan, repository } = job;
  const { data } = await ports.github.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    ...{ ...namesOf(repository), basehead: `${plan.change.base}...${head}` },
  });
  const { commits, total_commits: count, merge_base_commit: start, files } = data;
  if (files === undefined || files.length >= LISTED_FILES || commits.length < count)
    return 'it is too large to tell whether anything else is in it';
  const foreign = commits.find(
    ({ commit, parents }) => parents.length < 2 && parseTrailers(commit.message).digest === undefined,
  );
  if (foreign !== undefined)
    return `${foreign.commit.author?.name ?? 'somebody'} committed to it (${foreign.sha.slice(0, 7)})`;
  const there = await job.planAt(head);
  if (there.decision.type === 'refused' || there.decision.type === 'not-found') return there.decision.why;
  const last = commits.findLast(({ parents }) => parents.length < 2);
  const isOlder = last === undefined || isOfOlderRun(plan.change, parseTrailers(last.commit.message));
  if (there.decision.type === 'write' && !isOlder)
    return 'a newer run, or one that does not compare, wants another value';
  const paths = files.map(({ filename }) => filename);
  const other = await otherChange(ports, paths, there, await job.planAt(start.sha));
  return other === undefined ? undefined : `it changes ${other} in other places too`;
}

/**
 * The first file that differs between two commits beside the places of the plan: what both come to is not the same. Of one that
 * is no text nobody can tell.
 */
async function otherChange(
  { repository }: Ports,
  paths: readonly string[],
  one: Plan,
  other: Plan,
): Promise<string | undefined> {
  const comesTo = async (plan: Plan) => {
    const snapshot = await repository.snapshot(plan.change.base);
    const listed = (await Promise.all(paths.map((path) => snapshot.list(path)))).flat();
    const modes = new Map(listed.map(({ path, mode }) => [path, mode]));
    const texts = await snapshot.read(paths.filter((path) => modes.has(path)));
    const planned = new Map(plan.files.map(({ path, after }) => [path, after]));
    return (path: string) => {
      const text = planned.get(path) ?? texts.get(path);
      return text === undefined ? undefined : `${modes.get(path)} ${text}`;
    };
  };
  const [a, b] = await Promise.all([comesTo(one), comesTo(other)]);
  return paths.find((path) => a(path) === undefined || a(path) !== b(path));
}
