import { randomUUID } from 'node:crypto';
import { isoSeconds, type StandInClock } from './clock.ts';
import { kubernetesDefaults } from './defaults.ts';
import { at, isObject, type JsonObject, put, sameJson, sortedJson, textAt } from './json.ts';
import {
  annotate,
  groupVersion,
  imagesOf,
  keyOf,
  keyText,
  kindOf,
  mapContainers,
  nameOf,
  placed,
  workloads,
} from './manifest.ts';
import { merge } from './merge.ts';
import { trackingId } from './render/render.ts';
import {
  acted,
  doneRecord,
  firstRecord,
  isObserved,
  isRollout,
  nextOf,
  type RolloutAction,
  type RolloutRecord,
  type RolloutView,
  rolloutHealth,
} from './rollouts.ts';
import type { Health, Manifest, ResourceKey } from './types.ts';

/** One object of the cluster. */
export interface LiveObject {
  readonly key: ResourceKey;
  readonly version: string;
  readonly manifest: Manifest;
  /** What was applied last: the base of the next three-way merge. */
  readonly last: Manifest;
  readonly uid: string;
  readonly createdAt: string;
  readonly resourceVersion: number;
  readonly generation: number;
  readonly health: Health | undefined;
  /** Images that Pods run: the old ones until a rollout is through. */
  readonly running: readonly string[];
  /** Of a Rollout: how far its controller is. */
  readonly rollout?: RolloutRecord;
}

export interface ClusterOptions {
  readonly clock: StandInClock;
  /** From a new pod template to Healthy. */
  readonly rolloutMs: () => number;
  /** From a new pod template with a bad image to Degraded. */
  readonly progressDeadlineMs: () => number;
  readonly isBadImage: (image: string) => boolean;
  /** Its Pods do not come up, whatever their image. */
  readonly hasTrouble: (key: ResourceKey) => boolean;
  readonly nextVersion: () => number;
  /** Called after each change of an object that Argo CD would see as an event. */
  readonly changed: (object: LiveObject) => void;
}

export interface Cluster {
  get(key: ResourceKey): LiveObject | undefined;
  all(): readonly LiveObject[];
  /** `kubectl apply`: the word that kubectl prints; throws what the API server would refuse. */
  apply(manifest: Manifest, namespace: string): 'created' | 'configured' | 'unchanged';
  /** A change behind Argo CD's back. */
  setImage(key: ResourceKey, container: string | undefined, image: string): void;
  /** The whole of an object, written by its own controller. */
  replace(key: ResourceKey, manifest: Manifest): void;
  /** Fixes an object's health; undefined lets the rollout decide again. */
  setHealth(key: ResourceKey, health: Health | undefined): void;
  /** The rollout of an object is through at once. */
  settleNow(key: ResourceKey): void;
  /** Somebody tells a Rollout to go on, to give up, to try again. */
  act(key: ResourceKey, action: RolloutAction, message?: string): void;
  remove(key: ResourceKey): void;
  hasNamespace(name: string): boolean;
  addNamespace(name: string): void;
}

const generationMessage: Readonly<Record<string, string>> = {
  Deployment: 'Waiting for rollout to finish: observed deployment generation less than desired generation',
  StatefulSet: 'Waiting for statefulset spec update to be observed...',
  DaemonSet: 'Waiting for rollout to finish: observed daemon set generation less than desired generation',
};

/** What Kubernetes says of a spec that it does not take; undefined where it takes it. */
function invalid(manifest: Manifest): string | undefined {
  const replicas = at(manifest, 'spec', 'replicas');
  if (!workloads.has(kindOf(manifest)) || typeof replicas !== 'number' || replicas >= 0) return undefined;
  const type = `${kindOf(manifest)}.${groupVersion(manifest).group}`;
  return `${type} "${nameOf(manifest)}" is invalid: spec.replicas: Invalid value: ${replicas}: must be greater than or equal to 0`;
}

/** The health of an object that has only just been created or changed. */
function firstHealth(manifest: Manifest): Health | undefined {
  const kind = kindOf(manifest);
  const message = generationMessage[kind];
  if (message !== undefined) return { status: 'Progressing', message };
  if (kind === 'Job' || kind === 'Pod' || kind === 'Rollout') return { status: 'Progressing' };
  if (['Service', 'Ingress', 'PersistentVolumeClaim', 'HorizontalPodAutoscaler'].includes(kind)) {
    return { status: 'Healthy' };
  }
  return undefined;
}

/** Which application an object belongs to, by its tracking annotation. */
export function ownerOf(object: LiveObject): string | undefined {
  return textAt(object.manifest, 'metadata', 'annotations', trackingId)?.split(':')[0];
}

/** The pod template decides when a rollout begins. */
const templateOf = (manifest: Manifest) => at(manifest, 'spec', 'template');

export function createCluster(options: ClusterOptions): Cluster {
  const objects = new Map<string, LiveObject>();
  const forced = new Map<string, Health>();
  const namespaces = new Set<string>();

  function store(object: LiveObject, changes: Partial<LiveObject>): void {
    const health = forced.get(keyText(object.key)) ?? changes.health ?? object.health;
    const next = { ...object, ...changes, health, resourceVersion: options.nextVersion() };
    objects.set(keyText(object.key), next);
    options.changed(next);
  }

  /** Sets the health of an object unless another generation has come in between. */
  function settle(key: ResourceKey, generation: number, health: Health): void {
    const object = objects.get(keyText(key));
    if (object === undefined || object.generation !== generation) return;
    const running = health.status === 'Healthy' ? imagesOf(object.manifest) : object.running;
    store(object, { health, running });
  }

  const isStuck = ({ key, manifest }: LiveObject): boolean =>
    imagesOf(manifest).some(options.isBadImage) || options.hasTrouble(key);

  const refersTo = (rollout: LiveObject, { key }: LiveObject): boolean => {
    const reference = at(rollout.manifest, 'spec', 'workloadRef');
    const isNamed = textAt(reference, 'kind') === key.kind && textAt(reference, 'name') === key.name;
    return isRollout(rollout.key) && isNamed && rollout.key.namespace === key.namespace;
  };

  /** A Rollout with the template of the workload that it refers to. */
  function resolved(object: LiveObject): Omit<RolloutView, 'rollout'> {
    const workload = [...objects.values()].find((one) => refersTo(object, one));
    if (workload === undefined) return object;
    const manifest = put(object.manifest, ['spec', 'template'], templateOf(workload.manifest));
    return { manifest, generation: object.generation, workload: workload.generation };
  }

  const isSame = (view: RolloutView, now: LiveObject): boolean => resolved(now).workload === view.workload;

  /** Whoever refers to it rolls it out. */
  function follow(workload: LiveObject): void {
    for (const one of [...objects.values()])
      if (one.rollout !== undefined && refersTo(one, workload)) progress(one, one.rollout);
  }

  /** Shows how far a Rollout is, and what comes next after its time, unless something else has come in between. */
  function progress(object: LiveObject, rollout: RolloutRecord): void {
    const view = { ...resolved(object), rollout };
    const isThrough = isObserved(view) && rollout.current === rollout.stable;
    const running = isThrough ? imagesOf(object.manifest) : object.running;
    store(object, { rollout, health: rolloutHealth(view), running });
    const times = { clock: options.clock, step: options.rolloutMs, deadline: options.progressDeadlineMs };
    const next = nextOf(view, times, isStuck(object));
    if (next === undefined) return;
    options.clock.after(next.after, () => {
      const now = objects.get(keyText(object.key));
      if (now?.rollout === rollout && now.generation === object.generation && isSame(view, now))
        progress(now, next.record);
    });
  }

  function rollOut(object: LiveObject): void {
    const { key, generation } = object;
    if (isRollout(key)) {
      progress(object, object.rollout ?? firstRecord(resolved(object).manifest));
      return;
    }
    if (isStuck(object)) {
      const message = `${key.kind} "${key.name}" exceeded its progress deadline`;
      options.clock.after(options.progressDeadlineMs(), () =>
        settle(key, generation, { status: 'Degraded', message }),
      );
      return;
    }
    options.clock.after(options.rolloutMs(), () => settle(key, generation, { status: 'Healthy' }));
  }

  function change(object: LiveObject, manifest: JsonObject, last: Manifest): void {
    const rolls =
      workloads.has(object.key.kind) && !sameJson(templateOf(manifest), templateOf(object.manifest));
    const generation = sameJson(manifest.spec, object.manifest.spec)
      ? object.generation
      : object.generation + 1;
    const health = rolls ? firstHealth(manifest) : object.health;
    store(object, { manifest, last, generation, health });
    const stored = objects.get(keyText(object.key));
    const isSeen = isRollout(object.key) && generation !== object.generation;
    if ((rolls || isSeen) && stored !== undefined) rollOut(stored);
    if (generation !== object.generation) follow({ ...object, generation });
  }

  function create(key: ResourceKey, manifest: Manifest, last: Manifest): void {
    const fresh: LiveObject = {
      key,
      version: groupVersion(manifest).version,
      manifest,
      last,
      uid: randomUUID(),
      createdAt: isoSeconds(options.clock.now()),
      resourceVersion: 0,
      generation: 1,
      health: firstHealth(manifest),
      running: [],
    };
    store(fresh, {});
    if (workloads.has(key.kind)) rollOut(fresh);
    follow(fresh);
  }

  return {
    get: (key) => objects.get(keyText(key)),
    all: () => [...objects.values()],
    apply(manifest, namespace) {
      const refusal = invalid(manifest);
      if (refusal !== undefined) throw new Error(refusal);
      const key = keyOf(manifest, namespace);
      const here = placed(manifest, namespace);
      const target = annotate(
        here,
        'kubectl.kubernetes.io/last-applied-configuration',
        `${sortedJson(here)}\n`,
      );
      const found = objects.get(keyText(key));
      if (found === undefined) {
        create(key, kubernetesDefaults(target), here);
        return 'created';
      }
      const merged = merge(found.manifest, target, found.last);
      if (!isObject(merged) || sameJson(merged, found.manifest)) return 'unchanged';
      change(found, kubernetesDefaults(merged), here);
      return 'configured';
    },
    setImage(key, container, image) {
      const object = objects.get(keyText(key));
      if (object === undefined) throw new Error(`the cluster has no ${keyText(key)}`);
      const manifest = mapContainers(object.manifest, (found) =>
        container === undefined || found.name === container ? { ...found, image } : found,
      );
      change(object, manifest, object.last);
    },
    replace(key, manifest) {
      const object = objects.get(keyText(key));
      if (object !== undefined) change(object, manifest, object.last);
    },
    setHealth(key, health) {
      if (health === undefined) forced.delete(keyText(key));
      else forced.set(keyText(key), health);
      const object = objects.get(keyText(key));
      if (object === undefined) return;
      if (health !== undefined) store(object, { health });
      else if (object.rollout !== undefined)
        store(object, { health: rolloutHealth({ ...resolved(object), rollout: object.rollout }) });
      else settle(key, object.generation, { status: 'Healthy' });
    },
    settleNow(key) {
      const object = objects.get(keyText(key));
      if (object?.health === undefined) return;
      if (isRollout(key)) progress(object, doneRecord(resolved(object)));
      else settle(key, object.generation, { status: 'Healthy' });
    },
    act(key, action, message) {
      const object = objects.get(keyText(key));
      const { rollout } = object ?? {};
      if (object === undefined || rollout === undefined)
        throw new Error(`the cluster has no ${keyText(key)}`);
      progress(object, acted({ ...object, rollout }, action, isoSeconds(options.clock.now()), message));
    },
    remove(key) {
      const object = objects.get(keyText(key));
      objects.delete(keyText(key));
      if (object !== undefined) options.changed(object);
    },
    hasNamespace: (name) => namespaces.has(name),
    addNamespace: (name) => namespaces.add(name),
  };
}
