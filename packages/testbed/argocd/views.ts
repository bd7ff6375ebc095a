import type { App } from './app.ts';
import type { Cluster, LiveObject } from './cluster.ts';
import { extraObjects, namespaceOf } from './compare.ts';
import { workloadStatus } from './defaults.ts';
import { isObject, type JsonObject, objectAt, sortedJson } from './json.ts';
import { hookOf, keyOf, placed } from './manifest.ts';
import { differs, merge } from './merge.ts';
import { rolloutStatus } from './rollouts.ts';
import type { Manifest } from './types.ts';

/** A live object as the API server shows it: with what only the cluster knows. */
export function liveManifest(live: LiveObject): Manifest {
  const metadata = {
    ...objectAt(live.manifest, 'metadata'),
    creationTimestamp: live.createdAt,
    ...(live.manifest.spec === undefined ? {} : { generation: live.generation }),
    resourceVersion: String(live.resourceVersion),
    uid: live.uid,
  };
  const { rollout } = live;
  const found = rollout?.workload;
  const annotations = {
    ...objectAt(metadata, 'annotations'),
    'rollout.argoproj.io/workload-generation': String(found),
  };
  const status =
    rollout === undefined
      ? workloadStatus(live.manifest, live.generation, live.health?.status === 'Healthy')
      : rolloutStatus({ ...live, rollout });
  return {
    ...live.manifest,
    metadata: found === undefined ? metadata : { ...metadata, annotations },
    ...(status === undefined ? {} : { status }),
  };
}

function withoutStatus(manifest: Manifest): Manifest {
  const { status: _, ...rest } = manifest;
  return rest;
}

function itemOfTarget(cluster: Cluster, app: App, target: Manifest): JsonObject {
  const namespace = namespaceOf(app);
  const key = keyOf(target, namespace);
  const wanted = placed(target, namespace);
  const identity = {
    ...(key.group === '' ? {} : { group: key.group }),
    kind: key.kind,
    ...(key.namespace === '' ? {} : { namespace: key.namespace }),
    name: key.name,
    targetState: sortedJson(wanted),
  };
  const live = cluster.get(key);
  if (live === undefined) {
    const nothing = {
      liveState: 'null',
      normalizedLiveState: 'null',
      predictedLiveState: sortedJson(wanted),
    };
    return { ...identity, ...nothing, modified: true };
  }
  const shown = liveManifest(live);
  const predicted = merge(withoutStatus(shown), wanted, live.last);
  return {
    ...identity,
    liveState: sortedJson(shown),
    normalizedLiveState: sortedJson(withoutStatus(shown)),
    predictedLiveState: sortedJson(isObject(predicted) ? predicted : shown),
    resourceVersion: String(live.resourceVersion),
    ...(differs(live.manifest, wanted, live.last) ? { modified: true } : {}),
  };
}

function itemOfExtra(live: LiveObject): JsonObject {
  const hook = hookOf(live.manifest) !== undefined;
  return {
    ...(live.key.group === '' ? {} : { group: live.key.group }),
    kind: live.key.kind,
    namespace: live.key.namespace,
    name: live.key.name,
    targetState: 'null',
    liveState: sortedJson(liveManifest(live)),
    normalizedLiveState: sortedJson(withoutStatus(liveManifest(live))),
    predictedLiveState: 'null',
    ...(hook ? { hook: true } : {}),
    resourceVersion: String(live.resourceVersion),
    modified: true,
  };
}

/** `GET …/managed-resources`. States are JSON inside strings. */
export function managedResources(cluster: Cluster, app: App): readonly JsonObject[] {
  const wanted = app.targets.filter((target) => hookOf(target) === undefined);
  return [
    ...wanted.map((target) => itemOfTarget(cluster, app, target)),
    ...extraObjects(cluster, app).map(itemOfExtra),
  ];
}
