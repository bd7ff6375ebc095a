import { describeResource, keyOf, type ResourceKey } from '../observation.ts';
import { closedWindows } from '../windows/sync-windows.ts';
import { isOfCompared, isSameObject, isUnavailable, realOperation, verdict, wait } from './look.ts';
import { unproven } from './running.ts';
import { resourcesInScope, touchedObjects } from './scope.ts';
import type { Act, Finding, Look, Verdict } from './types.ts';

/** What stood in the way (another operation, an outage) takes its time to go. */
const BETWEEN_TRIES = 10_000;
/** A window lasts for hours, and may be edited meanwhile. */
const BETWEEN_TRIES_IN_WINDOW = 60_000;
/** An operation that was overtaken by another one is asked for again, but not in a race with it. */
const AFTER_OVERTAKEN = 30_000;

/** The name under which an operation carries the request that began it. */
export const REQUEST = 'sluice-request';

export const wantsSync = ({ settings, application }: Look): boolean =>
  settings.sync === 'always' || (settings.sync === 'when-manual' && !application.autoSync.enabled);

/** Whatever was answered: a request whose operation is there was accepted. Its answer may have been lost, or a proxy asked twice. */
export function recognised(look: Look): Look {
  const { ourSync, application } = look;
  if (ourSync?.request === undefined || ourSync.result === 'accepted') return look;
  const all = [application.operation, application.operationState?.operation];
  if (!all.some((one) => one?.info[REQUEST] === ourSync.request)) return look;
  return { ...look, ourSync: { ...ourSync, result: 'accepted' } };
}

/** Asks for a sync: of everything, or of what the change touches. */
export function requestSync(look: Look, why: string): Act | Verdict {
  const act = { type: 'act', clause: 'operation', action: 'sync', why } as const;
  if (look.settings.syncResources !== 'changed') return act;
  const resources = changedResources(look);
  if (unproven(look).some(({ hook }) => hook)) {
    return cannotInPart(look, 'the change is in a hook, and a sync of single objects runs none');
  }
  return resources.length > 0
    ? { ...act, resources }
    : cannotInPart(look, 'none of what is not Synced is part of the change');
}

/** The objects of the change that are not Synced, as the application lists them. */
function changedResources(look: Look): readonly ResourceKey[] {
  const touched = touchedObjects(look);
  const listed = look.application.resources
    .filter(({ hook, sync }) => !hook && sync !== 'Synced')
    .filter((one) => touched.some((key) => isSameObject(one, key)))
    .map(({ group, kind, namespace, name }): [string, ResourceKey] => {
      const key = { group, kind, namespace, name };
      return [keyOf(key), key];
    });
  return [...new Map(listed).values()];
}

const cannotInPart = (look: Look, why: string): Verdict =>
  verdict(look, {
    verdict: 'failed',
    reason: 'needs-sync',
    sentence: `With \`sync-resources: changed\` nothing more can be synced: ${why}.`,
    messages: ['Set `sync-resources: all`, or sync the application.'],
    missing: ['synced'],
  });

/** A sync of ours, of the change's objects alone, was accepted and is over, and yet something that counts is not Synced. */
export function leftByPart(look: Look): Finding {
  const state = realOperation(look.application);
  if (state?.operation.info[REQUEST] !== look.ourSync?.request || state?.phase !== 'Succeeded') {
    return wait('operation', 'Synced, and not yet what Git holds');
  }
  const touched = touchedObjects(look);
  const others = resourcesInScope(look)
    .filter(({ sync }) => sync !== undefined && sync !== 'Synced')
    .filter((one) => !touched.some((key) => isSameObject(one, key)));
  if (others.length === 0) return wait('operation', 'Synced, and not yet what Git holds');
  return cannotInPart(
    look,
    `${others.map(describeResource).join(', ')} is not part of the change, and with \`scope: application\` it counts`,
  );
}

/** What a refused request to sync means; undefined where there was none, or it was accepted, or it may be tried again now. */
export function syncAnswer(look: Look): Finding {
  const { ourSync, now, observed } = look;
  if (ourSync === undefined || ourSync.result === 'accepted') return undefined;
  // Whatever was answered, its operation may be there.
  const isSeenSince = observed.takenAt > ourSync.requestedAt;
  const message = ourSync.message ?? '';
  switch (ourSync.result) {
    case 'forbidden':
      return verdict(look, {
        verdict: 'unknown',
        reason: 'sync-forbidden',
        sentence: `The token may not sync the application: ${message}`,
        messages: ['Give its role or account the right `applications, sync`.'],
        missing: ['synced'],
      });
    case 'refused':
      return verdict(look, {
        verdict: 'failed',
        reason: 'sync-refused',
        sentence: `Argo CD refused to sync: ${message}`,
        missing: ['synced'],
      });
    case 'window': {
      const due = windowDue(look, ourSync.requestedAt);
      const held = {
        ...wait('operation', 'Waiting until the sync window opens', due),
        heldFor: 'manual',
      } as const;
      return now >= due && isSeenSince ? undefined : held;
    }
    case 'busy':
    case 'transient': {
      const due = ourSync.requestedAt + BETWEEN_TRIES;
      return now >= due && isSeenSince ? undefined : wait('operation', WHYS[ourSync.result], due);
    }
  }
}

const WHYS = { busy: 'Another operation runs', transient: 'Argo CD cannot sync for now' } as const;

/** When a window is looked at again by asking: when it opens, where that is known, by the local clock. */
function windowDue({ evidence: { windows }, baseline }: Look, requestedAt: number): number {
  const ahead = baseline.serverTime - baseline.localTime;
  if (windows === undefined || isUnavailable(windows)) return requestedAt + BETWEEN_TRIES_IN_WINDOW;
  const closed = closedWindows(windows, 'manual', windows.takenAt + ahead);
  if (closed === undefined) return requestedAt + BETWEEN_TRIES;
  if (closed.opensAt === undefined) return requestedAt + BETWEEN_TRIES_IN_WINDOW;
  return Math.max(closed.opensAt - ahead, requestedAt + BETWEEN_TRIES);
}

/** Once; again where it was not accepted, or where another operation took the place of ours. */
export function mayTryAgain(look: Look): boolean {
  const { ourSync, application, now } = look;
  if (ourSync === undefined || ourSync.result !== 'accepted') return true;
  const state = realOperation(application);
  const overtaken = state === undefined || !isOfCompared(state, look);
  return overtaken && now >= ourSync.requestedAt + AFTER_OVERTAKEN;
}
