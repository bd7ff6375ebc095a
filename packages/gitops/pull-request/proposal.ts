import type { World } from '@sluice/core/run';
import { bumpFact } from '../bump/bump-outcome.ts';
import type { Decision, Plan, Target } from '../bump/bump-plan.ts';
import type { Applied } from '../bump/carry-out.ts';
import { writingTo } from '../bump/writing.ts';
import type { CommitPorts } from '../commit/commit.ts';
import { describePlace } from '../describe.ts';
import { type Proposed, type PullRequestJob, proposePlan } from './pull-request.ts';
import { type AdditionInputs, addToPullRequest } from './pull-request-additions.ts';
import { pullRequestBranch } from './pull-request-text.ts';

export interface ProposalJob extends Pick<PullRequestJob, 'plan' | 'message' | 'beforeWrite' | 'text'> {
  readonly inputs: AdditionInputs;
  readonly target: Target;
  /** The plan on a newer head of the base branch. */
  readonly replan: (commit: string) => Promise<Plan>;
  /** What the inputs come to on any commit. */
  readonly planAt: (commit: string) => Promise<Plan>;
  readonly learn: World['learn'];
}

type NotProposed = Exclude<Proposed, { type: 'proposed' }>;
type Proposal = Extract<Applied, { type: 'proposed' | 'committed' | 'refused' }>;

export const isApplied = (proposal: Proposal | NotProposed): proposal is Proposal =>
  ['proposed', 'committed', 'refused'].includes(proposal.type);

/** Carries a plan out by a pull request: commit, pull request, and what it is given beside them. */
export async function propose(ports: CommitPorts, job: ProposalJob): Promise<Proposal | NotProposed> {
  const { inputs, target, plan, message, beforeWrite, text } = job;
  const branch = pullRequestBranch(plan.change);
  const writing = writingTo(branch, job.learn);
  const proposed = await proposePlan(ports, {
    ...{ repository: target.repository, base: target.branch, branch, draft: inputs.draft },
    ...{ plan, message, beforeWrite, writing, text },
    replanBase: job.replan,
    // The pull request's branch may hold more than was approved here; what it would come to is the plan on the base branch.
    replan: async (commit, base) => onBranchOf(base, await job.planAt(commit), branch),
    afterWrite(of, commit, pullRequest) {
      const fact =
        pullRequest === undefined
          ? bumpFact({ type: 'committed', plan: of, commit }, { ...target, branch })
          : bumpFact({ type: 'proposed', plan: of, commit, branch, pullRequest, did: 'updated' }, target);
      writing.did(fact);
    },
  });
  if (proposed.type !== 'proposed') return proposed;
  const { notes, merged } = await addToPullRequest(ports, target.repository, proposed, inputs);
  for (const note of notes) ports.log.warning(note);
  const { commit, pullRequest, did } = proposed;
  if (merged === undefined)
    return { type: 'proposed', plan: proposed.plan, commit, branch, pullRequest, did, notes };
  if (merged.held)
    return { type: 'committed', plan: proposed.plan, commit: merged.commit, pullRequest, notes };
  return {
    type: 'refused',
    plan: proposed.plan,
    commit: merged.commit,
    reason: 'overwritten-since',
    why: `Pull request #${pullRequest.number} was merged, but ${merged.head.slice(0, 7)}, the head of ${target.branch}, does not hold the change: somebody overwrote it`,
    hint: 'See who did, then run the job again.',
  };
}

/**
 * The plan on the pull request's branch. A refusal there says so, for the base branch gives no reason for it. A branch that was
 * made before the base branch got another place must not pass for the whole change.
 */
function onBranchOf(base: Plan, plan: Plan, branch: string): Plan {
  const { decision } = plan;
  if (decision.type !== 'write' && decision.type !== 'nothing') {
    const why = `On the pull request's branch ${branch}: ${decision.why}`;
    return { ...plan, decision: { ...decision, why } };
  }
  const here = new Set(placesOf(plan));
  const [lacking, ...more] = placesOf(base).filter((place) => !here.has(place));
  if (lacking === undefined) return plan;
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  const behind: Decision = {
    type: 'refused',
    reason: 'pull-request-behind',
    why: `The pull request's branch ${branch} is behind its base and lacks ${lacking}${others}`,
    hint: 'Press "Update branch" on the pull request, or close it and delete its branch, then run the job again.',
  };
  return { ...plan, decision: behind };
}

function placesOf({ change }: Plan): readonly string[] {
  return change.files.flatMap(({ path, edits }) =>
    edits.map(({ place }) => `${path}, ${describePlace(place)}`),
  );
}
