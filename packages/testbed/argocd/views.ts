import type { App } from './app.ts';
import type { Cluster, LiveObject } from './cluster.ts';
import { ownerOf } from './cluster.ts';
import { extraObjects, namespaceOf } from './compare.ts';
import { workloadStatus } from './defaults.ts';
import { isObject, type JsonObject, objectAt, sortedJson } from './json.ts';
import { hookOf, imagesOf, keyOf, placed, workloads } from './manifest.ts';
import { differs, merge } from './merge.ts';
import type { Rig } from './rig.ts';
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
  const status = workloadStatus(live.manifest, live.generation, live.health?.status === 'Healthy');
  return { ...live.manifest, metadata, ...(status === undefined ? {} : { status }) };
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

function nodeOf(live: LiveObject): JsonObject {
  return {
    ...(live.key.group === '' ? {} : { group: live.key.group }),
    version: live.version,
    kind: live.key.kind,
    ...(live.key.namespace === '' ? {} : { namespace: live.key.namespace }),
    name: live.key.name,
    uid: live.uid,
    resourceVersion: String(live.resourceVersion),
    ...(live.health === undefined ? {} : { health: { ...live.health } }),
    createdAt: live.createdAt,
  };
}

/** A ReplicaSet and a Pod for each generation of images that runs or is being rolled out. */
function podNodes(live: LiveObject): readonly JsonObject[] {
  const wanted = imagesOf(live.manifest);
  const rolledOut = wanted.join() === live.running.join();
  const sets = rolledOut || live.running.length === 0 ? [wanted] : [wanted, live.running];
  return sets.flatMap((images, index) => {
    const suffix = `${live.generation}-${index}`;
    const health = { status: index === 0 && !rolledOut ? 'Progressing' : 'Healthy' };
    const common = { version: 'v1', namespace: live.key.namespace, createdAt: live.createdAt };
    const parent = (kind: string, name: string, uid: string) => [
      { group: 'apps', version: 'v1', kind, namespace: live.key.namespace, name, uid },
    ];
    const set = `${live.key.name}-${suffix}`;
    return [
      {
        ...common,
        kind: 'Pod',
        name: `${set}-a`,
        uid: `${live.uid}-${suffix}-a`,
        parentRefs: parent('ReplicaSet', set, `${live.uid}-${suffix}`),
        images,
        health,
      },
      {
        ...common,
        group: 'apps',
        kind: 'ReplicaSet',
        name: set,
        uid: `${live.uid}-${suffix}`,
        parentRefs: parent(live.key.kind, live.key.name, live.uid),
        health,
      },
    ];
  });
}

/** `GET …/resource-tree`. Only Pods carry images; without nodes in the cluster there are none. */
export function resourceTree(rig: Rig, app: App): JsonObject {
  const owned = rig.cluster.all().filter((live) => ownerOf(live) === app.name);
  const pods = rig.pods ? owned.filter((live) => workloads.has(live.key.kind)).flatMap(podNodes) : [];
  return { nodes: [...owned.map(nodeOf), ...pods] };
}
