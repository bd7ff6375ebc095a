import type { World } from '@sluice/core/run';
import { bumpFact } from './bump-outcome.ts';
import type { Decision, Plan } from './bump-plan.ts';
import type { Source } from './bump-source.ts';
import { type Committed, commitPlan } from './commit.ts';
import { commitMessage } from './commit-message.ts';
import { describePlace } from './describe.ts';
import type { BumpInputs } from './inputs.ts';
import { isApproved, planAt } from './plan-source.ts';
import { subjectOf } from './plan-subject.ts';
import { type Did, type PullRequest, proposePlan } from './pull-request.ts';
import { pullRequestBranch, pullRequestText } from './pull-request-text.ts';
import type { Trailers } from './trailers.ts';
import { writeWorkspace } from './workspace.ts';
import { writingTo } from './writing.ts';

/** What became of a plan. Each has the plan that decided, which is not the first one where the branch moved. */
export type Applied =
  | { readonly type: 'planned'; readonly plan: Plan }
  /** Left alone, because another repository of the same run could not be written. */
  | { readonly type: 'left'; readonly plan: Plan }
  /** Nothing is left to write, or nothing may be: `plan.decision` says which. `wrote`: something was before that was known. */
  | { readonly type: 'settled'; readonly plan: Plan; readonly wrote?: true }
  | { readonly type: 'written'; readonly plan: Plan }
  | { readonly type: 'committed'; readonly plan: Plan; readonly commit: string }
  | {
      readonly type: 'proposed';
      readonly plan: Plan;
      readonly commit: string;
      readonly branch: string;
      readonly pullRequest: PullRequest;
      readonly did: Did;
    }
  | {
      readonly type: 'refused';
      readonly plan: Plan;
      readonly reason: 'branch-rules' | 'overwritten-since';
      readonly why: string;
      readonly hint: string;
      /** Our commit, where there is one. */
      readonly commit?: string;
    };

export interface ApplyOptions {
  /** The digest of the plan that was approved: a branch that moved must not turn it into another. */
  readonly expectPlan?: string | undefined;
  /** Called once, just before the first request that writes. */
  readonly beforeWrite?: (() => Promise<void>) | undefined;
}

/** Of the world, what carrying out a plan needs. */
type ApplyWorld = Pick<World, 'clock' | 'context' | 'log' | 'signal' | 'learn'>;

/**
 * Carries a plan out as the input `commit` says, and sees that the change is there. On a branch that moved it plans again.
 * A plan that may not be written, or of which nothing is left to write, comes back as it is.
 */
export async function applyBump(
  inputs: BumpInputs,
  plan: Plan,
  source: Source,
  world: ApplyWorld,
  options: ApplyOptions = {},
): Promise<Applied> {
  const applied =
    plan.decision.type === 'write'
      ? await carryOut(inputs, plan, source, world, options)
      : ({ type: 'settled', plan } as const);
  world.learn(bumpFact(applied, source.target));
  return applied;
}

async function carryOut(
  inputs: BumpInputs,
  plan: Plan,
  source: Source,
  world: ApplyWorld,
  options: ApplyOptions,
): Promise<Applied> {
  if (source.type === 'workspace') {
    await options.beforeWrite?.();
    await writeWorkspace(source.root, plan.files, (count, all) =>
      world.learn({
        outputs: { changed: 'true', branch: source.target.branch },
        sentence: `Files written in the workspace: ${count} of ${all}.`,
      }),
    );
    return { type: 'written', plan };
  }
  const { repository, github, target } = source;
  const ports = { repository, github, ...world };
  const replan = async (commit: string) =>
    asApproved(await planAt(inputs, source, commit), options.expectPlan);
  const subject = (of: Plan) => subjectOf(inputs, of, target, world.context.actor);
  const message = (of: Plan) => commitMessage(subject(of), trailersOf(of), inputs.message);
  const { beforeWrite } = options;
  if (inputs.commit === 'direct') {
    const writing = writingTo(target.branch, world.learn);
    const committed = await commitPlan(ports, {
      ...{
        repository: target.repository,
        branch: target.branch,
        plan,
        replan,
        message,
        beforeWrite,
        writing,
      },
      afterCommit: (commit, of) => writing.did(bumpFact({ type: 'committed', plan: of, commit }, target)),
    });
    return committed.type === 'committed' ? committed : notCommitted(committed, target.branch);
  }
  const branch = pullRequestBranch(plan.change);
  const writing = writingTo(branch, world.learn);
  const proposed = await proposePlan(ports, {
    ...{ repository: target.repository, base: target.branch, branch, plan, message, beforeWrite, writing },
    replanBase: replan,
    // The pull request's branch may hold more than was approved here; what it would come to is the plan on the base branch.
    replan: async (commit, base) => onBranchOf(base, await planAt(inputs, source, commit), branch),
    text: (of) =>
      pullRequestText(subject(of), trailersOf(of), {
        title: inputs['pull-request-title'],
        body: inputs['pull-request-body'],
      }),
    afterWrite(of, commit, pullRequest) {
      const fact =
        pullRequest === undefined
          ? bumpFact({ type: 'committed', plan: of, commit }, { ...target, branch })
          : bumpFact({ type: 'proposed', plan: of, commit, branch, pullRequest, did: 'updated' }, target);
      writing.did(fact);
    },
  });
  return proposed.type === 'proposed' ? { ...proposed, branch } : notCommitted(proposed, branch);
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

function asApproved(plan: Plan, expected: string | undefined): Plan {
  if (expected === undefined || plan.decision.type !== 'write' || isApproved(plan, expected)) return plan;
  const decision: Decision = {
    type: 'refused',
    reason: 'plan-stale',
    why: 'The branch moved, and the plan is not the approved one any more',
    hint: 'Plan again, and have the new plan approved.',
  };
  return { ...plan, decision };
}

function notCommitted(
  committed: Exclude<Committed, { type: 'committed' }> | Extract<Applied, { type: 'settled' }>,
  branch: string,
): Applied {
  const { plan } = committed;
  switch (committed.type) {
    case 'settled':
      return committed;
    case 'branch-rules':
      return {
        type: 'refused',
        plan,
        reason: 'branch-rules',
        why: `The rules of the branch ${branch} refuse a direct commit: ${committed.said.replace(/\s+/g, ' ').trim()}`,
        hint: 'Use `commit: pull-request`; or let the App that commits bypass the rule.',
      };
    case 'overwritten':
      return {
        type: 'refused',
        plan,
        commit: committed.commit,
        reason: 'overwritten-since',
        why: `${committed.commit.slice(0, 7)} was committed to ${branch}, but its head ${committed.head.slice(0, 7)} does not hold the change any more: somebody overwrote it`,
        hint: 'See who did, then run the job again.',
      };
  }
}

function trailersOf({ change, digest }: Plan): Trailers {
  const { project, environment, tenant, run } = change;
  return {
    ...(project === undefined ? {} : { project }),
    ...(environment === undefined ? {} : { environment }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(run === undefined ? {} : { run }),
    digest,
  };
}
