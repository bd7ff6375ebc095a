import { type App, isMultiSource } from './app.ts';
import { isoSeconds } from './clock.ts';
import { type Cluster, type LiveObject, ownerOf } from './cluster.ts';
import { groupVersion, hookOf, keyOf, keyText, kindsWithHealth, placed } from './manifest.ts';
import { differs } from './merge.ts';
import { sourcesOf } from './render/render.ts';
import {
  type Condition,
  type Health,
  healthOrder,
  type Manifest,
  type ResourceStatus,
  type Status,
} from './types.ts';

export function namespaceOf(app: App): string {
  return app.spec.destination.namespace ?? 'default';
}

function identity(key: LiveObject['key'], version: string) {
  return {
    ...(key.group === '' ? {} : { group: key.group }),
    version,
    kind: key.kind,
    ...(key.namespace === '' ? {} : { namespace: key.namespace }),
    name: key.name,
  };
}

function statusOfTarget(cluster: Cluster, namespace: string, target: Manifest): ResourceStatus {
  const key = keyOf(target, namespace);
  const live = cluster.get(key);
  const inSync = live !== undefined && !differs(live.manifest, placed(target, namespace), live.last);
  const health: Health | undefined = live === undefined ? { status: 'Missing' } : live.health;
  return {
    ...identity(key, groupVersion(target).version),
    status: inSync ? 'Synced' : 'OutOfSync',
    ...(health === undefined ? {} : { health }),
  };
}

function statusOfExtra(live: LiveObject): ResourceStatus {
  const hook = hookOf(live.manifest) !== undefined;
  return {
    ...identity(live.key, live.version),
    ...(hook ? { hook: true } : { status: 'OutOfSync' }),
    ...(live.health === undefined ? {} : { health: live.health }),
    requiresPruning: true,
  };
}

/** Objects of this application that Git does not hold any more, and its hooks. */
export function extraObjects(cluster: Cluster, app: App): readonly LiveObject[] {
  const wanted = new Set(
    app.targets
      .filter((target) => hookOf(target) === undefined)
      .map((target) => keyText(keyOf(target, namespaceOf(app)))),
  );
  return cluster.all().filter((live) => ownerOf(live) === app.name && !wanted.has(keyText(live.key)));
}

/** `status.resources`, in the order in which Argo CD lists them. */
export function resourceStatuses(cluster: Cluster, app: App): readonly ResourceStatus[] {
  const wanted = app.targets
    .filter((target) => hookOf(target) === undefined)
    .map((target) => statusOfTarget(cluster, namespaceOf(app), target));
  const order = (status: ResourceStatus) =>
    `${status.group ?? ''}/${status.kind}/${status.namespace}/${status.name}`;
  return [...wanted, ...extraObjects(cluster, app).map(statusOfExtra)].toSorted((a, b) =>
    order(a) < order(b) ? -1 : 1,
  );
}

/** The worst health of what counts: hooks and kinds without a health check do not. */
export function worstHealth(resources: readonly ResourceStatus[]): Health['status'] {
  return resources
    .filter((resource) => resource.hook === undefined && kindsWithHealth.has(resource.kind))
    .map((resource) => resource.health?.status ?? 'Healthy')
    .reduce(
      (worst: Health['status'], status) =>
        healthOrder.indexOf(status) > healthOrder.indexOf(worst) ? status : worst,
      'Healthy',
    );
}

/** The application's health; its time moves only with its status. */
export function appHealth(before: Status['health'], status: Health['status'], now: number): Status['health'] {
  if (before.status === status && before.lastTransitionTime !== undefined) return before;
  return { status, lastTransitionTime: isoSeconds(now) };
}

export function comparedTo(app: App): NonNullable<Status['sync']['comparedTo']> {
  const { source, sources, destination } = app.spec;
  if (sources !== undefined) return { source: { repoURL: '' }, destination, sources };
  const [only] = source === undefined ? sourcesOf(app.spec) : [source];
  return only === undefined ? { destination } : { source: only, destination };
}

export function syncRevisions(app: App, commits: readonly string[]): Partial<Status['sync']> {
  if (isMultiSource(app.spec)) return { revisions: commits };
  const [revision] = commits;
  return revision === undefined ? {} : { revision };
}

/** A condition keeps its time while its message stays. */
export function condition(
  before: readonly Condition[] | undefined,
  type: string,
  message: string,
  now: number,
): Condition {
  const same = before?.find((one) => one.type === type && one.message === message);
  return same ?? { type, message, lastTransitionTime: isoSeconds(now) };
}

/** Images of the Pods that the application's workloads run. */
export function runningImages(cluster: Cluster, app: App): readonly string[] {
  const images = cluster.all().flatMap((live) => (ownerOf(live) === app.name ? live.running : []));
  return [...new Set(images)].toSorted();
}
