import { isoSeconds } from './clock.ts';
import type { LiveObject } from './cluster.ts';
import type { JsonObject } from './json.ts';
import { imagesOf } from './manifest.ts';

/** Why Pods do not come up, as Kubernetes and Argo CD show it. */
export type PodTrouble = 'image' | 'crash' | 'unschedulable' | 'quota' | 'admission' | 'probe';

interface Shape {
  /** `Status Reason` of the Pod; absent where no Pod is made at all. */
  readonly reason?: string;
  readonly health?: JsonObject;
  readonly restarts?: number;
  readonly events: readonly EventShape[];
}

interface EventShape {
  readonly type: 'Warning' | 'Normal';
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly of: 'Pod' | 'ReplicaSet';
}

/** What the Pod and its ReplicaSet show; `pod` is the Pod's name. */
export function shapeOf(trouble: PodTrouble, live: LiveObject, pod: string): Shape {
  const [image = ''] = imagesOf(live.manifest);
  const { namespace, name } = live.key;
  const warning = (reason: string, message: string, of: EventShape['of'] = 'Pod', count = 1): EventShape => ({
    ...{ type: 'Warning', reason, message, of, count },
  });
  const degraded = (message: string) => ({ status: 'Degraded', message });
  switch (trouble) {
    case 'image': {
      const why = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
      return {
        reason: 'ImagePullBackOff',
        health: degraded(`Back-off pulling image "${image}": ErrImagePull: ${why}`),
        events: [
          { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"`, of: 'Pod' },
          warning('Failed', `Failed to pull image "${image}": ${why}`, 'Pod', 4),
          warning('Failed', 'Error: ErrImagePull', 'Pod', 4),
          warning('Failed', 'Error: ImagePullBackOff', 'Pod', 6),
          {
            type: 'Normal',
            reason: 'BackOff',
            message: `Back-off pulling image "${image}"`,
            of: 'Pod',
            count: 6,
          },
        ],
      };
    }
    case 'crash': {
      const place = `${pod}_${namespace}(${live.uid})`;
      return {
        reason: 'CrashLoopBackOff',
        restarts: 4,
        health: degraded(`back-off 1m20s restarting failed container=app pod=${place}`),
        events: [warning('BackOff', `Back-off restarting failed container app in pod ${place}`, 'Pod', 12)],
      };
    }
    case 'unschedulable':
      return {
        reason: 'Pending',
        health: { status: 'Progressing' },
        events: [
          warning(
            'FailedScheduling',
            '0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
          ),
        ],
      };
    case 'probe':
      return {
        reason: 'Running',
        health: { status: 'Progressing' },
        events: [
          warning('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503', 'Pod', 9),
        ],
      };
    case 'quota': {
      const quota =
        'exceeded quota: compute, requested: limits.memory=2Gi, used: limits.memory=7Gi, limited: limits.memory=8Gi';
      const message = `Error creating: pods "${pod}" is forbidden: ${quota}`;
      return { events: [warning('FailedCreate', message, 'ReplicaSet', 7)] };
    }
    case 'admission': {
      const refusal = `admission webhook "images.policy.example" denied the request: ${name}: image ${image} is not signed`;
      return { events: [warning('FailedCreate', `Error creating: ${refusal}`, 'ReplicaSet', 7)] };
    }
  }
}

export interface EventObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

/** `v1.EventList` of one object. What the scheduler notes is of the newer API: it has `eventTime` alone. */
export function eventList(object: EventObject, events: readonly EventShape[], now: number): JsonObject {
  const { kind, name, namespace, uid } = object;
  const items = events.map((event, index): JsonObject => {
    const time = isoSeconds(now - (events.length - index) * 1000);
    const isNewer = event.reason === 'FailedScheduling';
    return {
      metadata: {
        name: `${name}.${(now + index).toString(16)}`,
        namespace,
        uid: `${uid}-${index}`,
        creationTimestamp: time,
      },
      involvedObject: { kind, namespace, name, uid, apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1' },
      reason: event.reason,
      message: event.message,
      source: isNewer ? {} : { component: kind === 'Pod' ? 'kubelet' : 'replicaset-controller' },
      firstTimestamp: isNewer ? null : time,
      lastTimestamp: isNewer ? null : time,
      ...(isNewer ? {} : { count: event.count ?? 1 }),
      type: event.type,
      eventTime: isNewer ? time.replace('Z', '.000000Z') : null,
      reportingComponent: isNewer ? 'default-scheduler' : '',
      reportingInstance: '',
    };
  });
  return { metadata: { resourceVersion: '1' }, items: items.length > 0 ? items : null };
}
