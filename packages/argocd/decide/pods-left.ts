import { at, isRecord, type Json } from '../json.ts';

/**
 * How many Pods of a live object are left on what was before, where that is somebody's to decide: Argo CD calls a StatefulSet or
 * DaemonSet with `OnDelete`, or with a `partition`, Healthy while its old Pods run on. 0 for everything else: there health tells.
 */
export function podsLeft(live: Json): number {
  const kind = at(live, 'kind');
  const strategy = at(live, 'spec', 'updateStrategy');
  const byHand =
    at(strategy, 'type') === 'OnDelete' || number(at(strategy, 'rollingUpdate', 'partition'), 0) > 0;
  const status = at(live, 'status');
  if (!byHand || !isRecord(status)) return 0;
  const [wanted, updated] =
    kind === 'StatefulSet'
      ? [number(at(live, 'spec', 'replicas'), 1), number(status.updatedReplicas, 0)]
      : kind === 'DaemonSet'
        ? [number(status.desiredNumberScheduled, 0), number(status.updatedNumberScheduled, 0)]
        : [0, 0];
  // Before its controller has seen the new spec, the counts are of the old one.
  const unseen =
    number(at(live, 'metadata', 'generation'), 0) >
    number(status.observedGeneration, Number.POSITIVE_INFINITY);
  return unseen ? wanted : Math.max(wanted - updated, 0);
}

const number = (value: Json, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
