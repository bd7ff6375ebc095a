import type { BumpInputs } from '../inputs.ts';
import type { BumpReason } from '../reasons.ts';
import type { BumpVerdict } from './bump-outcome.ts';
import { type Plan, placedImages, type Target } from './bump-plan.ts';
import type { Applied } from './carry-out.ts';
import { realEdits, whatOf } from './subject.ts';

/** The verdict in words. */
export interface BumpStatement {
  readonly verdict: BumpVerdict;
  readonly reason: BumpReason;
  /** One sentence. */
  readonly summary: string;
  readonly hint?: string;
}

/** What is said of a bump, by what became of it. */
export function bumpStatement(inputs: BumpInputs, applied: Applied, target: Target): BumpStatement {
  const { plan } = applied;
  const where = target.isWorkspace ? 'the workspace' : `${target.branch} of ${target.repository}`;
  const what = deploymentOf(inputs, plan);
  switch (applied.type) {
    case 'planned': {
      if (plan.decision.type !== 'write') {
        const summary = `Dry run: ${where} holds ${what} already; nothing was written.`;
        return { verdict: 'unchanged', reason: 'dry-run', summary };
      }
      const summary = `Dry run: ${what} would change ${countOf(plan)} in ${where}; nothing was written.`;
      return { verdict: 'updated', reason: 'dry-run', summary };
    }
    case 'left': {
      const summary = `Left alone: ${what} for ${where}, because another repository of this run could not be written.`;
      return { verdict: 'refused', reason: 'another-repository', summary };
    }
    case 'settled':
      return settled(applied, what, where, target);
    case 'written': {
      const summary = `Set ${what} in the workspace: ${countOf(plan)}; nothing was committed.`;
      return { verdict: 'updated', reason: 'workspace', summary };
    }
    case 'committed': {
      const { pullRequest } = applied;
      const how =
        pullRequest === undefined
          ? `Committed ${what} to`
          : `Merged pull request #${pullRequest.number} with ${what} into`;
      const summary = `${how} ${where}: ${countOf(plan)}, ${applied.commit.slice(0, 7)}.`;
      return { verdict: 'updated', reason: 'committed', summary };
    }
    case 'proposed': {
      const { did, pullRequest } = applied;
      const said = {
        created: ['pull-request-created', 'Opened pull request'],
        updated: ['pull-request-updated', 'Updated pull request'],
        nothing: ['pull-request-unchanged', 'Nothing to change: there is pull request'],
      } as const;
      const [reason, begin] = said[did];
      const because = applied.refusal === undefined ? '' : ` ${applied.refusal}.`;
      const summary = `${begin} #${pullRequest.number} with ${what} for ${where}: ${countOf(plan)}; it is not merged yet.${because}`;
      return { verdict: 'pending', reason, summary };
    }
    case 'refused':
      return { verdict: 'refused', reason: applied.reason, summary: `${applied.why}.`, hint: applied.hint };
  }
}

function settled(
  { plan, closed }: Extract<Applied, { type: 'settled' }>,
  what: string,
  where: string,
  { isWorkspace }: Target,
): BumpStatement {
  const { decision, change } = plan;
  switch (decision.type) {
    case 'not-found':
    case 'refused':
      return {
        verdict: decision.type,
        reason: decision.reason,
        summary: `${decision.why}.`,
        hint: decision.hint,
      };
    case 'nothing':
    case 'write': {
      const at = change.commit === '' || isWorkspace ? '' : ` (${change.commit.slice(0, 7)})`;
      const end = closed === undefined ? '' : `; pull request #${closed.number} was pointless and is closed`;
      const summary = `Nothing to change: ${where} holds ${what} already${at}${end}.`;
      return { verdict: 'unchanged', reason: 'already-set', summary };
    }
  }
}

/** `payments-api 1.4.2 for production`. */
function deploymentOf(inputs: BumpInputs, plan: Plan): string {
  const { project, environment, tenant, files } = plan.change;
  const images = placedImages(inputs, plan);
  const isHeld = images.length === 0 && plan.decision.type === 'nothing';
  const what = isHeld ? 'every value' : whatOf({ images, files, project });
  const place = [environment, tenant].filter((part) => part !== undefined).join(', ');
  return place === '' ? what : `${what} for ${place}`;
}

/** `2 places in 1 file`. */
function countOf(plan: Plan): string {
  const edits = realEdits(plan.change.files);
  const files = new Set(edits.map(({ path }) => path)).size;
  return `${edits.length} ${edits.length === 1 ? 'place' : 'places'} in ${files} ${files === 1 ? 'file' : 'files'}`;
}
