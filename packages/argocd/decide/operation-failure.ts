import { describeResource, type OperationState } from '../observation.ts';
import {
  cannotAsk,
  comparedRevision,
  isCommit,
  isOfCompared,
  isSameObject,
  isUnavailable,
  operationRevision,
  realOperation,
  short,
  verdict,
  wait,
} from './look.ts';
import { endedFor } from './operation-time.ts';
import { holdsChange } from './running.ts';
import { scopeOf } from './scope.ts';
import type { Finding, Look } from './types.ts';

/** Of clause 5: the last operation failed, and it was about this change. */
export function operationFailure(look: Look): Finding {
  const state = realOperation(look.application);
  if (state === undefined || (state.phase !== 'Failed' && state.phase !== 'Error')) return undefined;
  if (isElsewhere(state, look)) return undefined;
  if (isOfCompared(state, look)) return afterTermination(look, state) ?? failed(look, state);
  const revision = operationRevision(state, look);
  // Another revision's failure is not ours, unless that one holds the change and nothing was synced since: its hooks failed.
  if (revision === undefined || look.application.sync.status !== 'Synced') return undefined;
  if (holdsChange(state, look)) return failed(look, state);
  const content = look.evidence.content.get(revision);
  if (content === undefined) return { type: 'ask', clause: 'operation', evidence: 'content', revision };
  return isUnavailable(content) ? cannotAsk('operation', content) : undefined;
}

/** Who terminates an operation mostly begins another one; auto-sync does not. */
function afterTermination(look: Look, state: OperationState): Finding {
  if (!state.message.startsWith('Operation terminated')) return undefined;
  const rest = look.settings.degradedGraceMs - endedFor(look, state);
  return rest > 0 ? wait('operation', 'The sync was terminated', look.observed.takenAt + rest) : undefined;
}

/** Somebody's sync of single objects, none of which the change is about. */
function isElsewhere(state: OperationState, look: Look): boolean {
  const scope = scopeOf(look);
  if (!state.operation.partial || scope === undefined || state.resources.length === 0) return false;
  return !state.resources.some((one) => scope.some((key) => isSameObject(one, key)));
}

function failed(look: Look, state: OperationState): Finding {
  const resources = state.resources.filter(
    ({ status, hookPhase }) => status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error',
  );
  return verdict(look, {
    verdict: 'failed',
    reason: 'operation-failed',
    sentence: `The sync of ${short(operationRevision(state, look) ?? 'the application')} failed: ${state.message}`,
    messages: resources.map((one) => `${describeResource(one)}: ${one.message ?? one.status ?? ''}`),
    missing: ['operation'],
  });
}

/** Auto-sync does not try a revision again that has failed once; of several sources all have to be those that failed. */
export function syncError(look: Look): Finding {
  const revision = comparedRevision(look) ?? '';
  const { conditions, sync, multiSource } = look.application;
  const others = multiSource ? sync.revisions.filter(isCommit) : [];
  const condition = conditions.find(
    ({ type, message }) =>
      type === 'SyncError' && revision !== '' && [revision, ...others].every((one) => message.includes(one)),
  );
  if (condition === undefined) return undefined;
  return verdict(look, {
    verdict: 'failed',
    reason: 'sync-error',
    sentence: `Argo CD has given up on ${short(revision)}: ${condition.message}`,
    missing: ['operation'],
  });
}
