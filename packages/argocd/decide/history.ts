import { type Application, keyOf, type ResourceStatus } from '../observation.ts';
import type { History, Observed, ResourceSince, Since } from './types.ts';

/**
 * Folds an observation into what is remembered of the earlier ones.
 * @param before undefined at the first observation.
 */
export function remember(before: History | undefined, { application, takenAt }: Observed): History {
  const resources = application.resources.map((resource): [string, ResourceSince] => {
    const key = keyOf(resource);
    const entry = since(before && { old: before.resources.get(key) }, stateOf(resource), takenAt);
    const earlier = before?.resources.get(key);
    const { health, sync } = resource;
    // Health comes out of Redis: without it, nothing is said.
    const isTold = health !== undefined && health !== 'Unknown';
    return [
      key,
      {
        ...entry,
        recovered: earlier?.recovered === true || (isTold && health !== 'Degraded'),
        wasHealthy: earlier?.wasHealthy === true || health === 'Healthy',
        wasSynced: earlier?.wasSynced === true || sync === 'Synced',
      },
    ];
  });
  const compared = application.reconciledAt ?? 0;
  const turned = before !== undefined && compared > before.compared.at;
  return {
    // What is shown late must not make what was seen before it a turn once more.
    compared: {
      at: Math.max(compared, before?.compared.at ?? 0),
      turns: (before?.compared.turns ?? 0) + (turned ? 1 : 0),
    },
    operation: since(before && { old: before.operation }, operationOf(application), takenAt),
    health: since(
      before && { old: before.health },
      `${application.health.status} ${application.health.since ?? ''}`,
      takenAt,
    ),
    resources: new Map(resources),
  };
}

/** `before` is undefined at the first observation; its `old` where that one did not have the thing. */
function since(before: { old: Since | undefined } | undefined, value: string, now: number): Since {
  if (before?.old?.value === value) return { value, since: before.old.since, changed: before.old.changed };
  return { value, since: now, changed: before !== undefined };
}

const stateOf = ({ sync, health }: ResourceStatus): string => `${sync ?? '-'} ${health ?? '-'}`;

const operationOf = ({ operation, operationState: state }: Application): string =>
  `${operation === undefined ? '' : 'pending'} ${state?.phase ?? ''} ${state?.startedAt ?? ''} ${state?.finishedAt ?? ''}`;
