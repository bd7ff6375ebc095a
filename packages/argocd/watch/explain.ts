import { operation } from '../decide/operation.ts';
import type { Decision, DecisionInput } from '../decide/types.ts';

/**
 * The same decision, in words that say more: *OutOfSync* is the first clause that waits, while the one of the operation knows why (an
 * operation that runs, a closed sync window) and when to look again.
 */
export function explained(decision: Decision, input: DecisionInput): Decision {
  const { observed } = input;
  if (decision.type !== 'wait' || decision.clause !== 'synced' || 'unavailable' in observed) return decision;
  const finding = operation.check({ ...input, observed, application: observed.application });
  return finding?.type === 'wait' ? finding : decision;
}
