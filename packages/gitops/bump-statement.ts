import type { Applied } from './bump.ts';
import type { BumpVerdict } from './bump-outcome.ts';
import type { Target } from './bump-plan.ts';
import { headline, realEdits } from './commit-message.ts';
import type { BumpInputs } from './inputs.ts';

/** The verdict in words. */
export interface BumpStatement {
  readonly verdict: BumpVerdict;
  readonly reason: string;
  /** One sentence. */
  readonly summary: string;
  readonly hint?: string;
}

/** What is said of a bump, by what became of it. */
export function bumpStatement(inputs: BumpInputs, applied: Applied, target: Target): BumpStatement {
  const { plan } = applied;
  const where = `${target.branch} of ${target.repository}`;
  const { project, environment, tenant, files } = plan.change;
  const what = headline({ images: inputs.images, files, project, environment, tenant });
  switch (applied.type) {
    case 'planned': {
      const verdict = plan.decision.type === 'write' ? 'updated' : 'unchanged';
      const summary =
        verdict === 'updated'
          ? `Dry run: "${what}" would change ${countOf(applied)} in ${where}; nothing was written.`
          : `Dry run: ${where} holds every value already; nothing was written.`;
      return { verdict, reason: 'dry-run', summary };
    }
    case 'settled':
      return settled(applied, where);
    case 'written':
      return {
        verdict: 'updated',
        reason: 'workspace',
        summary: `"${what}": changed ${countOf(applied)} in the workspace; nothing was committed.`,
      };
    case 'committed':
      return {
        verdict: 'updated',
        reason: 'committed',
        summary: `"${what}": committed ${countOf(applied)} to ${where} as ${applied.commit.slice(0, 7)}.`,
      };
    case 'proposed': {
      const did = applied.created ? 'is open' : 'was brought up to date';
      return {
        verdict: 'pending',
        reason: applied.created ? 'pull-request-created' : 'pull-request-updated',
        summary: `"${what}": pull request #${applied.pullRequest.number} ${did}, with ${countOf(applied)}, for ${where}; it is not merged yet.`,
      };
    }
    case 'refused':
      return { verdict: 'refused', reason: applied.reason, summary: `${applied.why}.`, hint: applied.hint };
  }
}

function settled({ plan }: Applied, where: string): BumpStatement {
  const { decision } = plan;
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
      const at = plan.change.commit === '' ? '' : ` (${plan.change.commit.slice(0, 7)})`;
      return {
        verdict: 'unchanged',
        reason: 'already-set',
        summary: `Nothing to change: ${where} holds every value already${at}.`,
      };
    }
  }
}

/** `2 places in 1 file`. */
function countOf({ plan }: Applied): string {
  const edits = realEdits(plan.change.files);
  const files = new Set(edits.map(({ path }) => path)).size;
  return `${edits.length} ${edits.length === 1 ? 'place' : 'places'} in ${files} ${files === 1 ? 'file' : 'files'}`;
}
