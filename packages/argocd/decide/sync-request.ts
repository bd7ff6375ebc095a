import { comparedRevision, operationRevision, realOperation, verdict, wait } from './look.ts';
import type { Act, Finding, Look } from './types.ts';

/** What stood in the way (another operation, a window, an outage) takes its time to go. */
const BETWEEN_TRIES = 10_000;
/** An operation that was overtaken by another one is asked for again, but not in a race with it. */
const AFTER_OVERTAKEN = 30_000;

export const requestSync = (why: string): Act => ({ type: 'act', clause: 'operation', action: 'sync', why });

/** What a refused request to sync means; undefined where there was none, or it was accepted, or it may be tried again now. */
export function syncAnswer(look: Look): Finding {
  const { ourSync, now, syncWindow } = look;
  if (ourSync === undefined || ourSync.result === 'accepted') return undefined;
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
    case 'window':
    case 'busy':
    case 'transient': {
      const due = ourSync.requestedAt + BETWEEN_TRIES;
      return now >= due ? undefined : wait('operation', whys(syncWindow)[ourSync.result], due);
    }
  }
}

const whys = (syncWindow: string | undefined) => ({
  window: syncWindow ?? 'Waiting until the sync window opens',
  busy: 'Another operation runs',
  transient: 'Argo CD cannot sync for now',
});

/** Once; again where it was not accepted, or where another operation took the place of ours. */
export function mayTryAgain(look: Look): boolean {
  const { ourSync, application, now } = look;
  if (ourSync === undefined || ourSync.result !== 'accepted') return true;
  const state = realOperation(application);
  const overtaken = state === undefined || operationRevision(state, look) !== comparedRevision(look);
  return overtaken && now >= ourSync.requestedAt + AFTER_OVERTAKEN;
}
