import { isUnavailable } from '../decide/look.ts';
import { operation } from '../decide/operation.ts';
import type { Decision, DecisionInput, Wait } from '../decide/types.ts';
import { closedWindows } from '../windows/sync-windows.ts';

/** Auto-sync begins within a second or so: only what lasts longer is worth a request that explains it. */
const QUIET = 10_000;
/** Windows are edited in the middle of an incident; what has been closed for long is asked for less and less often. */
const KNOWN_FOR = { atLeast: 10_000, atMost: 300_000 };

/**
 * The same decision, in words that say more: *OutOfSync* is the first clause that waits, while the one of the operation knows why (an
 * operation that runs, a closed sync window) and when to look again. What that takes is asked for.
 */
export function explained(given: Decision, input: DecisionInput): Decision {
  const { observed } = input;
  if (given.type !== 'wait' || 'unavailable' in observed) return given;
  const decision = given.clause === 'synced' ? ofOperation(given, input) : given;
  if (decision.type !== 'wait' || decision.heldFor === undefined) return decision;
  if (decision.heldFor === 'automatic' && observed.takenAt < heldSince(input) + QUIET) return decision;
  return withWindows(decision, decision.heldFor, input);
}

const heldSince = ({ history, baseline }: DecisionInput): number =>
  Math.max(history.operation.since, baseline.localTime);

function ofOperation(decision: Wait, input: DecisionInput): Decision {
  const { observed } = input;
  if ('unavailable' in observed) return decision;
  const finding = operation.check({ ...input, observed, application: observed.application });
  return finding?.type === 'wait' || (finding?.type === 'ask' && finding.evidence === 'order')
    ? finding
    : decision;
}

/** Auto-sync that a window keeps away leaves no trace on the application, and an operation tells no time: only the windows do. */
function withWindows(decision: Wait, by: NonNullable<Wait['heldFor']>, input: DecisionInput): Decision {
  const { evidence, baseline, now } = input;
  const { windows } = evidence;
  const { atLeast, atMost } = KNOWN_FOR;
  const age = Math.min(Math.max(((windows?.takenAt ?? 0) - heldSince(input)) / 2, atLeast), atMost);
  if (windows === undefined || now >= windows.takenAt + age)
    return { type: 'ask', clause: 'operation', evidence: 'windows' };
  if (isUnavailable(windows)) return decision;
  const ahead = baseline.serverTime - baseline.localTime;
  const closed = closedWindows(windows, by, windows.takenAt + ahead);
  return closed === undefined ? decision : { ...decision, why: closed.why };
}
