import { cannotAsk, isUnavailable, verdict, wait } from './look.ts';
import type { Ask, Look, Verdict, Wait } from './types.ts';

/** An ApplicationSet is seldom edited, while its steps go on: often enough for a message. */
const KNOWN_FOR = 60_000;

/** What could not be had may be there soon. */
const AGAIN_AFTER = 5000;

/** As the ApplicationSet controller marks an operation that its RollingSync begins. */
const MARKED = /RollingSync triggered/;

/**
 * Whether somebody else owns the order of syncs: the RollingSync of the ApplicationSet that generates the application. It takes
 * auto-sync away from each and syncs one step after the other; a sync of ours would go before its turn. Where the token may not read
 * the ApplicationSet this cannot be told, and to sync without knowing would break the order, to call for a sync might be false.
 * undefined: nobody does.
 */
export function isOrdered(look: Look): Ask | Wait | Verdict | undefined {
  const { application, evidence, now } = look;
  const { applicationSet: owner, autoSync, operationState } = application;
  // Auto-sync is on: it is no RollingSync's, or that would have turned it off.
  if (owner === undefined || autoSync.enabled) return undefined;
  const { order } = evidence;
  const knownFor = isUnavailable(order) && order.denied !== true ? AGAIN_AFTER : KNOWN_FOR;
  if (order === undefined || now >= order.takenAt + knownFor)
    return { type: 'ask', clause: 'operation', evidence: 'order' };
  if (!isUnavailable(order)) {
    if (!order.rolling) return undefined;
    const { step, phase } = order;
    const where = step === undefined ? 'it has not begun' : `step ${step}, ${phase ?? 'Unknown'}`;
    return wait('operation', `The RollingSync of ApplicationSet ${owner} syncs it in its turn (${where})`);
  }
  if (Object.values(operationState?.operation.info ?? {}).some((value) => MARKED.test(value)))
    return wait('operation', `The RollingSync of ApplicationSet ${owner} syncs it in its turn`);
  if (order.denied !== true) return cannotAsk('operation', order);
  return verdict(look, {
    verdict: 'unknown',
    reason: 'could-not-ask',
    sentence: `It is not Synced and auto-sync is off, and whether ApplicationSet ${owner} syncs it in an order of its own cannot be told: ${order.unavailable}.`,
    messages: [
      `Give the token's role or account \`applicationsets, get, ${application.project}/${owner}\`; until then nothing is synced here.`,
    ],
    missing: ['synced'],
  });
}
