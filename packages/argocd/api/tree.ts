import { at, items, type Json, record, text, time } from '../json.ts';
import type { HealthStatus, ResourceKey } from '../observation.ts';

/** An object in the cluster, as the resource tree shows it: what Git names, and what controllers have made of it. */
export interface TreeNode extends ResourceKey {
  readonly uid: string;
  /** The `uid`s of what owns it. */
  readonly parents: readonly string[];
  readonly health?: HealthStatus;
  readonly message?: string;
  /** `Status Reason`, `Restart Count`, `Containers` of a Pod; `Revision` of what has some. */
  readonly info: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** What Kubernetes has noted of one object; of the same event it counts. */
export interface ObjectEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastAt: number;
}

const HEALTH: readonly HealthStatus[] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
];

export function parseNode(value: Json): TreeNode {
  const health = HEALTH.find((one) => one === at(value, 'health', 'status'));
  const message = text(at(value, 'health', 'message'));
  const info = items(at(value, 'info')).flatMap((one): [string, string][] => {
    const [name, found] = [text(at(one, 'name')), text(at(one, 'value'))];
    return name === undefined || found === undefined ? [] : [[name, found]];
  });
  return {
    group: text(at(value, 'group')) ?? '',
    kind: text(at(value, 'kind')) ?? '',
    namespace: text(at(value, 'namespace')) ?? '',
    name: text(at(value, 'name')) ?? '',
    uid: text(at(value, 'uid')) ?? '',
    parents: items(at(value, 'parentRefs')).flatMap((one) => text(at(one, 'uid')) ?? []),
    ...(health !== undefined && { health }),
    ...(message !== undefined && { message }),
    info: Object.fromEntries(info),
    createdAt: time(at(value, 'createdAt')) ?? 0,
  };
}

/** The older API counts by itself; the newer one (`events.k8s.io`) has a series, or a single time. */
export function parseEvent(value: Json): ObjectEvent {
  const series = record(at(value, 'series'));
  const count = at(value, 'count') ?? series.count;
  const times = [at(value, 'lastTimestamp'), series.lastObservedTime, at(value, 'eventTime')];
  return {
    type: text(at(value, 'type')) ?? '',
    reason: text(at(value, 'reason')) ?? '',
    message: text(at(value, 'message')) ?? '',
    count: typeof count === 'number' ? count : 1,
    lastAt: times.map(time).find((one) => one !== undefined) ?? time(at(value, 'firstTimestamp')) ?? 0,
  };
}
