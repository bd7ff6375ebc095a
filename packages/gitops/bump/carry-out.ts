import type { World } from '@sluice/core/run';
import { type Committed, commitPlan } from '../commit/commit.ts';
import { commitMessage } from '../commit/commit-message.ts';
import { committerOf } from '../commit/commit-method.ts';
import type { RuleRefusal } from '../commit/rule-refusal.ts';
import type { Trailers } from '../commit/trailers.ts';
import { writeWorkspace } from '../git/workspace.ts';
import type { BumpInputs } from '../inputs.ts';
import type { Did, PullRequest } from '../pull-request/pull-request-api.ts';
import { pullRequestBranch, pullRequestText } from '../pull-request/pull-request-text.ts';
import { bumpFact } from './bump-outcome.ts';
import type { Decision, Plan } from './bump-plan.ts';
import type { Source } from './bump-source.ts';
import { isApproved, planAt } from './plan-source.ts';
import { seenBy, subjectOf } from './plan-subject.ts';
import { writingTo } from './writing.ts';

/** What became of a plan. Each has the plan that decided, which is not the first one where the branch moved. */
export type Applied =
  | { readonly type: 'planned'; readonly plan: Plan }
  /** Left alone, because another repository of the same run could not be written. */
  | { readonly type: 'left'; readonly plan: Plan }
  /** Nothing is left to write, or nothing may be: `plan.decision` says which. `wrote`: something was before that was known. */
  | {
      readonly type: 'settled';
      readonly plan: Plan;
      readonly wrote?: true;
      /** A pull request that had become pointless. */
      readonly closed?: PullRequest;
      readonly notes?: readonly string[];
    }
  | { readonly type: 'written'; readonly plan: Plan }
  | {
      readonly type: 'committed';
      readonly plan: Plan;
      readonly commit: string;
      /** What brought it in, where it was merged at once. */
      readonly pullRequest?: PullRequest;
      /** A pull request that had become pointless. */
      readonly closed?: PullRequest;
      /** What is not as wanted beside the commit, a sentence each. */
      readonly notes?: readonly string[];
    }
  | {
      readonly type: 'proposed';
      readonly plan: Plan;
      readonly commit: string;
      readonly branch: string;
      readonly pullRequest: PullRequest;
      readonly did: Did;
      /** Which rules refused the direct commit that was tried first, and in what words. */
      readonly refusal?: string;
      /** What is not as wanted beside the change, or keeps it from being merged, a sentence each. */
      readonly notes?: readonly string[];
    }
  | {
      readonly type: 'refused';
      readonly plan: Plan;
      readonly reason: RuleRefusal['rule'] | 'overwritten-since';
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
      : await settle(inputs, plan, source, world);
  world.learn(bumpFact(applied, source.target));
  return applied;
}

/** Nothing is left to write, or nothing may be: then a pull request that is open for it may be pointless. */
async function settle(inputs: BumpInputs, plan: Plan, source: Source, world: ApplyWorld): Promise<Applied> {
  return { type: 'settled', plan, ...(await tidyUp(inputs, plan, source, world)) };
}

/** Closes the pull request of this deployment where the base branch got everything in another way. */
async function tidyUp(
  inputs: BumpInputs,
  plan: Plan,
  source: Source,
  world: ApplyWorld,
): Promise<{ readonly closed?: PullRequest; readonly notes?: readonly string[] }> {
  const opens = inputs.commit === 'pull-request' || inputs.commit === 'auto';
  if (!opens || source.type === 'workspace' || plan.decision.type !== 'nothing') return {};
  const { closePointless } = await import('../pull-request/pull-request-close.ts');
  const { repository, github, target } = source;
  const pointless = await closePointless(
    { repository, github, ...world },
    {
      ...{ repository: target.repository, plan, by: seenBy(target) },
      planAt: (commit) => planAt(inputs, source, commit),
    },
  );
  for (const note of pointless.notes) world.log.warning(note);
  return pointless;
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
  const committer = committerOf(source.method, () => world.clock.now());
  const ports = { repository, github, committer, ...world };
  const replan = async (commit: string) =>
    asApproved(await planAt(inputs, source, commit), options.expectPlan);
  const subject = (of: Plan) => subjectOf(inputs, of, target, world.context.actor);
  const message = (of: Plan) => commitMessage(subject(of), trailersOf(of), inputs.message);
  const { beforeWrite } = options;
  let refused: RuleRefusal | undefined;
  if (inputs.commit !== 'pull-request') {
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
    if (committed.type === 'committed') {
      await source.follow?.(committed.commit);
      return { ...committed, ...(await tidyUp(inputs, asCommitted(committed), source, world)) };
    }
    const isLast = inputs.commit !== 'auto' || committed.type !== 'branch-rules';
    if (isLast || !committed.isMendedByPullRequest) return notCommitted(committed, target.branch);
    refused = committed;
    world.log.info(`${refusalOf(refused, target.branch)}. So a pull request is opened`);
  }
  // Late, like what tidies up: most runs commit to the branch itself.
  const { isApplied, propose } = await import('../pull-request/proposal.ts');
  const proposed = await propose(ports, {
    ...{ inputs, target, plan, message, beforeWrite, replan },
    planAt: (commit) => planAt(inputs, source, commit),
    text: (of) =>
      pullRequestText({ ...subject(of), refusal: refused && wordsOf(refused) }, trailersOf(of), {
        title: inputs['pull-request-title'],
        body: inputs['pull-request-body'],
      }),
    learn: world.learn,
  });
  if (!isApplied(proposed)) return notCommitted(proposed, pullRequestBranch(plan.change));
  if (refused === undefined || proposed.type !== 'proposed') return proposed;
  return { ...proposed, refusal: refusalOf(refused, target.branch) };
}

/** The plan on the commit that carried it out: nothing is left of it. */
function asCommitted({ plan, commit }: { readonly plan: Plan; readonly commit: string }): Plan {
  return { ...plan, decision: { type: 'nothing' }, change: { ...plan.change, base: commit, commit } };
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
        reason: committed.rule,
        why: refusalOf(committed, branch),
        hint: committed.isMendedByPullRequest
          ? 'Use `commit: auto` or `commit: pull-request`; or let the App that commits bypass the rule.'
          : 'Use `commit-method: api`: GitHub signs what it commits itself.',
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

/** GitHub's words on one line. */
const wordsOf = ({ said }: RuleRefusal): string => said.replace(/\s+/g, ' ').trim();

/** Without a full stop. */
function refusalOf(refusal: RuleRefusal, branch: string): string {
  const { rule } = refusal;
  const rules =
    rule === 'ruleset' ? `A ruleset for the branch ${branch}` : `The protection of the branch ${branch}`;
  return `${rules} refuses a direct commit: ${wordsOf(refusal).replace(/\.$/, '')}`;
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
