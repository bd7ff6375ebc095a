import { keyOf, type ResourceStatus } from '../observation.ts';
import { isExcused } from './excused.ts';
import { isLateEnough } from './fresh.ts';
import { serverNow } from './look.ts';
import { resourcesInScope } from './scope.ts';
import type { Look } from './types.ts';

/** As long as we have seen it; where it never was otherwise before our eyes, as long as Argo CD says. */
export function degradedFor(resource: ResourceStatus, look: Look): number {
  const entry = look.history.resources.get(keyOf(resource));
  const seen = look.observed.takenAt - (entry?.since ?? look.observed.takenAt);
  const known = look.application.health.status === 'Degraded' && entry?.changed !== true;
  return known && isAllOurs(look) ? Math.max(seen, unchangedFor(look)) : seen;
}

/** The application's time of health is that of the first Degraded resource: it speaks of ours where there are no others. */
function isAllOurs(look: Look): boolean {
  const ours = new Set(resourcesInScope(look).map(keyOf));
  return look.application.resources
    .filter(({ hook, health }) => !hook && health === 'Degraded')
    .every((one) => ours.has(keyOf(one)) && one.sync === 'Synced' && !isExcused(one, look));
}

/** How long Argo CD's own times say that nothing has happened: no turn of health, no operation. Skew may only shorten it. */
export function unchangedFor(look: Look): number {
  const { health, operationState: state } = look.application;
  // Without a comparison that the clocks date, they may be apart by anything.
  if (health.since === undefined || !isLateEnough(look)) return 0;
  const last = Math.max(health.since, state?.finishedAt ?? state?.startedAt ?? 0);
  return serverNow(look) - last - look.settings.skewMs;
}
