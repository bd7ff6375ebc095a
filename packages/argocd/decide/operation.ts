import { describeResource, type OperationState, type ResourceStatus } from '../observation.ts';
import {
  cannotAsk,
  comparedRevision,
  isRunning,
  isSameObject,
  isUnavailable,
  operationRevision,
  realOperation,
  serverNow,
  short,
  verdict,
  wait,
} from './look.ts';
import { describeUnproven, holdsChange, runningOther, unproven } from './running.ts';
import { resourcesInScope, scopeOf } from './scope.ts';
import { mayTryAgain, requestSync, syncAnswer } from './sync-request.ts';
import { isSynced } from './synced.ts';
import type { Clause, Finding, Look } from './types.ts';

/** Clause 5: nothing runs, nothing failed for what is compared now, and what is not Synced has somebody who will sync it. */
export const operation: Clause = {
  name: 'operation',
  gate: false,
  check(look) {
    if (isRunning(look.application)) return wait('operation', describeRunning(look));
    if (isBehindOurSync(look)) return wait('operation', 'Argo CD has accepted the sync');
    const failure = operationFailure(look) ?? syncError(look);
    if (failure?.type === 'verdict') {
      return look.ourSync === undefined && wantsSync(look)
        ? requestSync('The last operation failed')
        : failure;
    }
    if (failure !== undefined) return failure;
    return isSynced(look) ? hooksNotRun(look) : notSynced(look);
  },
};

/** A hook is no difference between Git and the cluster: the application is Synced, and its new image waits for the next sync. */
function hooksNotRun(look: Look): Finding {
  if (!unproven(look).some(({ hook }) => hook)) return undefined;
  const state = look.application.operationState;
  // Such an operation runs no hooks, and hides the result of the one that may have.
  if (state?.operation.dryRun || state?.operation.partial) return undefined;
  const revision = state && operationRevision(state, look);
  if (revision === undefined || revision === comparedRevision(look)) return notSynced(look);
  const content = look.evidence.content.get(revision);
  if (content === undefined) return { type: 'ask', clause: 'operation', evidence: 'content', revision };
  return isUnavailable(content) ? cannotAsk('operation', content) : notSynced(look);
}

const wantsSync = ({ settings, application }: Look): boolean =>
  settings.sync === 'always' || (settings.sync === 'when-manual' && !application.autoSync.enabled);

/** What was observed before our request says nothing about it. */
const isBehindOurSync = ({ ourSync, observed }: Look): boolean =>
  ourSync?.result === 'accepted' && observed.takenAt <= ourSync.requestedAt;

function describeRunning({ application, syncWindow }: Look): string {
  const state = application.operationState;
  if (state?.phase === 'Terminating') return 'An operation is being terminated';
  if (/blocked by sync window/i.test(state?.message ?? ''))
    return syncWindow ?? 'Waiting until the sync window opens';
  if (state?.finishedAt !== undefined)
    return `An attempt failed and will be tried again: ${retryless(state.message)}`;
  return state?.message ? `An operation runs: ${state.message}` : 'An operation runs';
}

/** The number and time of the next attempt would make a new line each time. */
const retryless = (message: string): string => message.replace(/\s*Retrying attempt #\d+ at [^.]*\.?/, '');

function operationFailure(look: Look): Finding {
  const state = realOperation(look.application);
  if (state === undefined || (state.phase !== 'Failed' && state.phase !== 'Error')) return undefined;
  if (isElsewhere(state, look)) return undefined;
  const revision = operationRevision(state, look);
  if (revision === comparedRevision(look)) return afterTermination(look, state) ?? failed(look, state);
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

/** Auto-sync does not try a revision again that has failed once. */
function syncError(look: Look): Finding {
  const revision = comparedRevision(look) ?? '';
  const condition = look.application.conditions.find(
    ({ type, message }) => type === 'SyncError' && revision !== '' && message.includes(revision),
  );
  if (condition === undefined) return undefined;
  return verdict(look, {
    verdict: 'failed',
    reason: 'sync-error',
    sentence: `Argo CD has given up on ${short(revision)}: ${condition.message}`,
    missing: ['operation'],
  });
}

function notSynced(look: Look): Finding {
  const { application, syncWindow } = look;
  const answer = syncAnswer(look);
  if (answer !== undefined) return answer;
  const hooksOnly = isSynced(look) && application.sync.status === 'Synced';
  const why = hooksOnly ? 'A hook runs only in a sync' : 'The application is not Synced';
  if (wantsSync(look) && mayTryAgain(look)) return requestSync(why);
  const rest = restAfterOperation(look);
  if (rest <= 0 && leavesUnpruned(look)) return needsPrune(look);
  if (look.ourSync?.result === 'accepted') return wait('operation', 'Synced, and not yet what Git holds');
  if (rest > 0) return wait('operation', 'An operation has just ended', look.observed.takenAt + rest);
  const stuck = isStuck(look);
  if (stuck && runningOther(look).length > 0) return liveDrift(look);
  if (application.autoSync.enabled && !stuck && !hooksOnly) {
    return wait('operation', syncWindow ?? 'Waiting for auto-sync');
  }
  return needsSync(look, hooksOnly);
}

/** For some 30 ms after an operation the application still shows what was before it; the settle time covers a busy controller. */
function restAfterOperation(look: Look): number {
  const { settleMs } = look.settings;
  const finished = realOperation(look.application)?.finishedAt;
  return finished === undefined ? 0 : Math.min(finished - serverNow(look), -seenFor(look)) + settleMs;
}

/** How long the operation has been before our eyes as it is: needs no other clock. */
const seenFor = ({ observed, history }: Look): number => observed.takenAt - history.operation.since;

/** The last sync was of this very revision, and did all that it would do. */
function wasSynced(look: Look): OperationState | undefined {
  const state = realOperation(look.application);
  const done = state?.phase === 'Succeeded' && operationRevision(state, look) === comparedRevision(look);
  return done ? state : undefined;
}

/** All that is not Synced is gone from Git, and neither auto-sync nor a sync of ours deletes it. */
function leavesUnpruned(look: Look): boolean {
  const prunes = look.application.autoSync.prune || (look.ourSync !== undefined && look.settings.prune);
  return !prunes && wasSynced(look) !== undefined && unpruned(look).length > 0;
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

const endedFor = (look: Look, { finishedAt }: OperationState): number =>
  Math.max(finishedAt === undefined ? 0 : serverNow(look) - finishedAt, seenFor(look));

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
  const why = look.application.autoSync.enabled ? leavesAlone : 'auto-sync is off';
  return verdict(look, {
    verdict: 'failed',
    reason: 'needs-sync',
    sentence: `Argo CD has seen the change, but ${why} and this run was not asked to sync.`,
    messages: [`Sync the application, or set \`sync: ${hooksOnly ? 'always' : 'when-manual'}\`.`],
    missing: ['synced'],
  });
}

function needsPrune(look: Look): Finding {
  const gone = unpruned(look).map(describeResource);
  return verdict(look, {
    verdict: 'failed',
    reason: 'needs-sync',
    sentence: `Argo CD has synced the change, but ${gone.join(', ')} is gone from Git and still in the cluster, and nothing prunes it.`,
    messages: [
      'Set `prune: true` with `sync: always` (where auto-sync is off: `when-manual`), or turn on `automated.prune`.',
    ],
    missing: ['synced'],
  });
}
