import type { App } from './app.ts';
import { type LiveObject, ownerOf } from './cluster.ts';
import { ApiError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { imagesOf, keyText, workloads } from './manifest.ts';
import type { Rig } from './rig.ts';
import { eventList, type PodTrouble, shapeOf } from './troubles.ts';

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

/** Why the new Pods of a workload do not come up. */
function troubleOf(rig: Rig, live: LiveObject): PodTrouble | undefined {
  const isBad = imagesOf(live.manifest).some((image) => rig.badImages.has(image));
  return rig.troubles.get(keyText(live.key)) ?? (isBad ? 'image' : undefined);
}

const podInfo = (reason: string, isReady: boolean, restarts = 0): readonly JsonObject[] => [
  { name: 'Status Reason', value: reason },
  { name: 'Node', value: 'node-1' },
  { name: 'Containers', value: isReady ? '1/1' : '0/1' },
  ...(restarts > 0 ? [{ name: 'Restart Count', value: String(restarts) }] : []),
];

interface PodSet {
  readonly live: LiveObject;
  readonly images: readonly string[];
  readonly suffix: string;
  readonly isDone: boolean;
  readonly trouble: PodTrouble | undefined;
}

/** A set of Pods for each generation of images that runs or is being rolled out. */
function podSets(rig: Rig, live: LiveObject): readonly PodSet[] {
  const wanted = imagesOf(live.manifest);
  const isDone = wanted.join() === live.running.join();
  const sets = isDone || live.running.length === 0 ? [wanted] : [wanted, live.running];
  return sets.map((images, index) => ({
    ...{ live, images },
    suffix: `${live.generation}-${index}`,
    isDone: isDone || index > 0,
    trouble: isDone || index > 0 ? undefined : troubleOf(rig, live),
  }));
}

const setName = ({ live, suffix }: PodSet): string => `${live.key.name}-${suffix}`;

/** A ReplicaSet and its Pod, where one could be made. */
function podNodes(set: PodSet): readonly JsonObject[] {
  const { live, images, suffix, isDone, trouble } = set;
  const { group, kind, namespace, name } = live.key;
  const replicaSet = setName(set);
  const shape = trouble && shapeOf(trouble, live, `${replicaSet}-a`);
  const common = { version: 'v1', namespace, createdAt: live.createdAt };
  const parent = (owner: { group: string; kind: string; name: string }, uid: string) => [
    { ...owner, version: 'v1', namespace, uid },
  ];
  const health = { status: isDone ? 'Healthy' : 'Progressing' };
  const pod = {
    ...common,
    kind: 'Pod',
    name: `${replicaSet}-a`,
    uid: `${live.uid}-${suffix}-a`,
    parentRefs: parent({ group: 'apps', kind: 'ReplicaSet', name: replicaSet }, `${live.uid}-${suffix}`),
    info: podInfo(shape?.reason ?? (isDone ? 'Running' : 'Pending'), isDone, shape?.restarts),
    images,
    health: shape?.health ?? health,
  };
  const owner = {
    ...common,
    group: 'apps',
    kind: 'ReplicaSet',
    name: replicaSet,
    uid: `${live.uid}-${suffix}`,
    parentRefs: parent({ group, kind, name }, live.uid),
    info: [{ name: 'Revision', value: `Rev:${live.generation}` }],
    health,
  };
  return shape !== undefined && shape.reason === undefined ? [owner] : [pod, owner];
}

/** The run of an analysis that made a Rollout give up. */
function analysisNode(live: LiveObject): readonly JsonObject[] {
  const { rollout, key } = live;
  if (rollout?.abort === undefined) return [];
  const message = rollout.abort.message.split(': ').slice(2).join(': ');
  return [
    {
      ...{ group: 'argoproj.io', version: 'v1alpha1', kind: 'AnalysisRun', namespace: key.namespace },
      name: `${key.name}-${rollout.current}-2`,
      uid: `${live.uid}-analysis`,
      parentRefs: [{ ...key, version: live.version, uid: live.uid }],
      health: { status: 'Degraded', message: message === '' ? 'Analysis run failed' : message },
      createdAt: rollout.abort.at,
    },
  ];
}

/** The Pod of a Job that has ended badly. */
function jobNode(live: LiveObject): readonly JsonObject[] {
  const { key, health } = live;
  if (key.kind !== 'Job' || health?.status !== 'Degraded') return [];
  const name = `${key.name}-x7k2p`;
  return [
    {
      ...{ version: 'v1', kind: 'Pod', namespace: key.namespace, name, uid: `${live.uid}-pod` },
      parentRefs: [{ ...key, version: live.version, uid: live.uid }],
      info: podInfo('Error', false),
      images: imagesOf(live.manifest),
      health: { status: 'Degraded', message: `container "${key.name}" failed with exit code 1` },
      createdAt: live.createdAt,
    },
  ];
}

const ownedBy = (rig: Rig, app: App) => rig.cluster.all().filter((live) => ownerOf(live) === app.name);

/** `GET …/resource-tree`. Only Pods carry images; without nodes in the cluster there are none. */
export function resourceTree(rig: Rig, app: App): JsonObject {
  const owned = ownedBy(rig, app);
  const working = rig.pods ? owned.filter(({ key }) => workloads.has(key.kind)) : [];
  const pods = [
    ...working.flatMap((live) => podSets(rig, live)).flatMap(podNodes),
    ...(rig.pods ? owned.flatMap(jobNode) : []),
  ];
  return { nodes: [...owned.flatMap((live) => [nodeOf(live), ...analysisNode(live)]), ...pods] };
}

/** `GET …/events?resourceUID=…`: of an object of the tree. */
export function resourceEvents(rig: Rig, app: App, query: URLSearchParams): JsonObject {
  const [uid, name, namespace] = ['resourceUID', 'resourceName', 'resourceNamespace'].map(
    (key) => query.get(key) ?? '',
  );
  const nodes = resourceTree(rig, app).nodes;
  const node = (Array.isArray(nodes) ? nodes : []).find((one) => one.uid === uid && one.name === name);
  if (node === undefined || (node.namespace ?? '') !== namespace)
    throw new ApiError(3, `${name} not found as part of application ${app.name}`);
  const kind = String(node.kind);
  const events = ownedBy(rig, app)
    .filter(({ key }) => workloads.has(key.kind))
    .flatMap((live) => podSets(rig, live))
    .filter((set) => setName(set) === name || `${setName(set)}-a` === name)
    .flatMap((set) =>
      set.trouble === undefined ? [] : shapeOf(set.trouble, set.live, `${setName(set)}-a`).events,
    )
    .filter(({ of }) => of === kind);
  return eventList(
    { kind, name: name ?? '', namespace: namespace ?? '', uid: uid ?? '' },
    events,
    rig.clock.now(),
  );
}
