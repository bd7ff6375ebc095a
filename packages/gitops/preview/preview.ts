import type { RunnerContext } from '@sluice/core/context';
import type { World } from '@sluice/core/run';
import type { Outcome } from '@sluice/core/verdict';
import type { Part } from '../bump/bump-parts.ts';
import type { BumpInputs } from '../inputs.ts';

type Shown = Pick<BumpInputs, 'render' | 'comment'> & { readonly 'dry-run': boolean };

/**
 * The parts with what kustomize and Helm make of them, where the input `render` wants that. `isPlanOnly`: nothing is written, as
 * in a dry run.
 */
export async function withRendered<P extends Part>(
  inputs: Pick<BumpInputs, 'render'>,
  parts: readonly P[],
  world: World,
  isPlanOnly: boolean,
): Promise<readonly P[]> {
  if (!isWanted(inputs.render, isPlanOnly)) return parts;
  const { tryRender } = await import('./render.ts');
  const rendered: P[] = [];
  for (const part of parts) {
    const { plan } = part;
    const isChange = plan.decision.type === 'write';
    rendered.push(isChange ? { ...part, plan: { ...plan, rendered: await tryRender(part, world) } } : part);
  }
  return rendered;
}

/** Keeps what was found in a comment of the pull request that the run is for, where the input `comment` wants that. */
export async function withComment<O extends Outcome>(
  inputs: Shown & CommentInputs,
  outcome: O,
  world: World,
): Promise<O> {
  if (!isWanted(inputs.comment, inputs['dry-run']) || !isForPullRequest(world.context)) return outcome;
  const { comment } = await import('./pull-request-comment.ts');
  return comment(inputs, outcome, world);
}

/** The login of a comment, and what tells the comments of several steps apart. */
export type CommentInputs = Pick<
  BumpInputs,
  'comment-token' | 'repository' | 'branch' | 'project' | 'environment' | 'tenant' | 'images' | 'set' | 'path'
>;

function isWanted(input: 'auto' | 'always' | 'never', isPlanOnly: boolean): boolean {
  return input === 'always' || (input === 'auto' && isPlanOnly);
}

function isForPullRequest({ eventName }: RunnerContext): boolean {
  return eventName === 'pull_request' || eventName === 'pull_request_target';
}
