import { describeResource, type OperationState, type ResourceStatus } from '../observation.ts';
import {
  cannotAsk,
  isOfCompared,
  isUnavailable,
  operationRevision,
  realOperation,
  verdict,
  wait,
} from './look.ts';
import { endedFor, restAfterOperation } from './operation-time.ts';
import { isOrdered } from './order.ts';
import { describeUnproven, runningOther, unproven } from './running.ts';
import { resourcesInScope } from './scope.ts';
import { leftByPart, mayTryAgain, requestSync, syncAnswer, wantsSync } from './sync-request.ts';
import { isSynced } from './synced.ts';
import type { Finding, Look } from './types.ts';

/** Of clause 5: a hook is no difference between Git and the cluster: the application is Synced, and its new image waits for the next sync. */
export function hooksNotRun(look: Look): Finding {
  if (!unproven(look).some(({ hook }) => hook)) return undefined;
  const state = look.application.operationState;
  // Such an operation runs no hooks, and hides the result of the one that may have.
  if (state?.operation.dryRun || state?.operation.partial) return undefined;
  if (state === undefined || isOfCompared(state, look)) return notSynced(look);
  const revision = operationRevision(state, look);
  if (revision === undefined) return notSynced(look);
  const content = look.evidence.content.get(revision);
  if (content === undefined) return { type: 'ask', clause: 'operation', evidence: 'content', revision };
  return isUnavailable(content) ? cannotAsk('operation', content) : notSynced(look);
}

/** Of clause 5: who will sync what is not Synced. */
export function notSynced(look: Look): Finding {
  const { application } = look;
  const answer = syncAnswer(look);
  if (answer !== undefined) return answer;
  const hooksOnly = isSynced(look) && application.sync.status === 'Synced';
  const ordered = isOrdered(look);
  if (ordered !== undefined) return ordered;
  const why = hooksOnly ? 'A hook runs only in a sync' : 'The application is not Synced';
  if (wantsSync(look) && mayTryAgain(look)) return requestSync(look, why);
  const rest = restAfterOperation(look);
  if (rest <= 0 && leavesUnpruned(look)) return needsPrune(look);
  if (rest <= 0 && look.ourSync?.partial === true) return leftByPart(look);
  if (look.ourSync?.result === 'accepted') return wait('operation', 'Synced, and not yet what Git holds');
  if (rest > 0) return wait('operation', 'An operation has just ended', look.observed.takenAt + rest);
  const stuck = isStuck(look);
  if (stuck && runningOther(look).length > 0) return liveDrift(look);
  if (application.autoSync.enabled && !stuck && !hooksOnly) {
    return { ...wait('operation', 'Waiting for auto-sync'), heldFor: 'automatic' };
  }
  return needsSync(look, hooksOnly);
}

/** The last sync was of this very revision, and did all that it would do. */
function wasSynced(look: Look): OperationState | undefined {
  const state = realOperation(look.application);
  return state?.phase === 'Succeeded' && isOfCompared(state, look) ? state : undefined;
}

/** All that is not Synced is gone from Git, and neither auto-sync nor a sync of ours deletes it. */
function leavesUnpruned(look: Look): boolean {
  const prunes = look.application.autoSync.prune || (look.ourSync !== undefined && look.settings.prune);
  return !prunes && (wasSynced(look) !== undefined || isLeftAlone(look)) && unpruned(look).length > 0;
}

/** Where nothing but pruning is left to do, and it may not prune, auto-sync does not begin, and shows no condition. */
function isLeftAlone({ application: { autoSync, resources } }: Look): boolean {
  const other = resources.filter(({ hook, sync }) => !hook && sync !== undefined && sync !== 'Synced');
  return autoSync.enabled && other.every(({ requiresPruning }) => requiresPruning);
}

function unpruned(look: Look): readonly ResourceStatus[] {
  const other = resourcesInScope(look).filter(({ sync }) => sync === 'OutOfSync');
  return other.every(({ requiresPruning }) => requiresPruning) ? other : [];
}

/** It was synced at this very revision, long enough ago, and is not any more: auto-sync without self-heal leaves it so. */
function isStuck(look: Look): boolean {
  const state = wasSynced(look);
  if (state?.finishedAt === undefined || look.application.autoSync.selfHeal) return false;
  return endedFor(look, state) >= look.settings.degradedGraceMs;
}

function liveDrift(look: Look): Finding {
  return verdict(look, {
    verdict: 'drifted',
    reason: 'live-drift',
    sentence:
      'The change was synced, but the cluster no longer holds what Git says, and nothing will put it back.',
    messages: runningOther(look).map(describeUnproven),
    missing: ['synced', 'running'],
  });
}

function needsSync(look: Look, hooksOnly: boolean): Finding {
  const leavesAlone = hooksOnly
    ? 'a new image of a hook alone is no reason for auto-sync'
    : 'auto-sync leaves alone what it has already synced (self-heal is off)';
  const { enabled } = look.application.autoSync;
  const why = enabled ? leavesAlone : 'auto-sync is off';
  return verdict(look, {
    verdict: 'failed',
    reason: 'needs-sync',
    sentence: `Argo CD has seen the change, but ${why} and this run was not asked to sync.`,
    messages: [`${remedyOf(enabled, hooksOnly)}.`],
    missing: ['synced'],
  });
}

function remedyOf(automatic: boolean, hooksOnly: boolean): string {
  if (!automatic) return 'Auto-sync is off: sync it in Argo CD, or set `sync: when-manual`';
  const cause = hooksOnly ? 'Auto-sync runs no hook for this' : 'Self-heal is off';
  return `${cause}: sync it in Argo CD, or set \`sync: always\``;
}

function needsPrune(look: Look): Finding {
  const gone = unpruned(look).map(describeResource);
  const done = wasSynced(look) === undefined ? 'has seen' : 'has synced';
  return verdict(look, {
    verdict: 'failed',
    reason: 'needs-sync',
    sentence: `Argo CD ${done} the change, but ${gone.join(', ')} is gone from Git and still in the cluster, and nothing prunes it.`,
    messages: [
      look.application.autoSync.enabled
        ? 'Nothing prunes it: turn on `automated.prune`, or set `prune: true` and `sync: always`.'
        : 'Nothing prunes it: prune it in Argo CD, or set `prune: true` and `sync: when-manual`.',
    ],
    missing: ['synced'],
  });
}
