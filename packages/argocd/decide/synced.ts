import { describeResource } from '../observation.ts';
import { isLeftOutOfSync } from './excused.ts';
import { wait } from './look.ts';
import { absentInScope, resourcesInScope, scopeOf } from './scope.ts';
import { wantsSync } from './sync-request.ts';
import type { Clause, Finding, Look } from './types.ts';

/** Clause 4: the resources in scope are Synced; for the scope `application`, the application is. Why they are not, clause 5 says. */
export const synced: Clause = { name: 'synced', gate: false, check };

function check(look: Look): Finding {
  const { status } = look.application.sync;
  const whole = scopeOf(look) === undefined;
  if (whole && status !== 'Synced' && !isOnlyLeft(look))
    return wait('synced', `The application is ${status}`);
  const absent = absentInScope(look)[0];
  if (absent !== undefined) return wait('synced', `${describeResource(absent)} is not there yet`);
  // Argo CD leaves some objects out of account (copies of others, skipped ones, IgnoreExtraneous): what it says of the whole counts.
  if (whole) return undefined;
  const other = resourcesInScope(look).find(({ sync }) => sync !== 'Synced');
  return other && wait('synced', `${describeResource(other)} is ${other.sync ?? 'Unknown'}`);
}

/** Whoever asks for a sync of all gets it. */
const willSync = (look: Look): boolean =>
  wantsSync(look) && look.settings.syncResources !== 'changed' && look.ourSync?.result !== 'accepted';

/** It is OutOfSync by what was so before the change, and is nothing of it. */
function isOnlyLeft(look: Look): boolean {
  if (willSync(look)) return false;
  const { resources, sync } = look.application;
  const other = resources.filter((one) => !one.hook && one.sync !== undefined && one.sync !== 'Synced');
  return sync.status === 'OutOfSync' && other.length > 0 && other.every((one) => isLeftOutOfSync(one, look));
}

export const isSynced = (look: Look): boolean => check(look) === undefined;
