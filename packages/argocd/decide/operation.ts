import type { OperationState } from '../observation.ts';
import { isRunning, wait } from './look.ts';
import { hooksNotRun, notSynced } from './not-synced.ts';
import { operationFailure, syncError } from './operation-failure.ts';
import { isOrdered } from './order.ts';
import { recognised, requestSync, wantsSync } from './sync-request.ts';
import { isSynced } from './synced.ts';
import type { Clause, Finding, Look, Wait } from './types.ts';

/** Clause 5: nothing runs, nothing failed for what is compared now, and what is not Synced has somebody who will sync it. */
export const operation: Clause = {
  name: 'operation',
  gate: false,
  check(given) {
    const look = recognised(given);
    if (isRunning(look.application)) return running(look);
    if (isBehindOurSync(look)) return wait('operation', 'Argo CD has accepted the sync');
    const failure = operationFailure(look) ?? syncError(look);
    if (failure?.type === 'verdict') return afterFailure(look, failure);
    if (failure !== undefined) return failure;
    return isSynced(look) ? hooksNotRun(look) : notSynced(look);
  },
};

/** A failure is tried once more by whoever may sync. */
function afterFailure(look: Look, failure: Finding): Finding {
  if (look.ourSync !== undefined || !wantsSync(look)) return failure;
  const order = isOrdered(look);
  if (order?.type === 'ask') return order;
  return order === undefined ? requestSync(look, 'The last operation failed') : failure;
}

/** What was observed before our request says nothing about it. */
const isBehindOurSync = ({ ourSync, observed }: Look): boolean =>
  ourSync?.result === 'accepted' && observed.takenAt <= ourSync.requestedAt;

function running({ application }: Look): Wait {
  const state = application.operationState;
  const blocked = /blocked by sync window/i.test(state?.message ?? '');
  if (state?.phase === 'Terminating') {
    // Seen on 3.2.11: it stays so until it is cleared in Kubernetes.
    const held = blocked
      ? ', which a sync window holds: it ends when that opens, or is cleared in Kubernetes'
      : '';
    return wait('operation', `An operation is being terminated${held}`);
  }
  if (blocked) {
    const heldFor = application.operation?.automated === true ? 'automatic' : 'manual';
    return { ...wait('operation', 'Waiting until the sync window opens'), heldFor };
  }
  return wait('operation', describe(state));
}

function describe(state: OperationState | undefined): string {
  if (state?.finishedAt !== undefined)
    return `An attempt failed and will be tried again: ${retryless(state.message)}`;
  return state?.message ? `An operation runs: ${state.message}` : 'An operation runs';
}

/** The number and time of the next attempt would make a new line each time. */
const retryless = (message: string): string => message.replace(/\s*Retrying attempt #\d+ at [^.]*\.?/, '');
