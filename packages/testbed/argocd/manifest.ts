import { at, isObject, type Json, type JsonObject, listAt, objectAt, put, textAt } from './json.ts';
import type { Manifest, ResourceKey } from './types.ts';

const clusterScoped = new Set([
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'PersistentVolume',
  'StorageClass',
  'PriorityClass',
]);

/** Kinds whose health Argo CD can tell; the others never count. */
export const kindsWithHealth = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Pod',
  'Job',
  'Service',
  'Ingress',
  'PersistentVolumeClaim',
  'HorizontalPodAutoscaler',
  'Rollout',
]);

/** Kinds that roll out a pod template. */
export const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout']);

export function groupVersion(manifest: Manifest): { group: string; version: string } {
  const [first = '', second] = (textAt(manifest, 'apiVersion') ?? 'v1').split('/');
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

export function kindOf(manifest: Manifest): string {
  return textAt(manifest, 'kind') ?? '';
}

export function nameOf(manifest: Manifest): string {
  return textAt(manifest, 'metadata', 'name') ?? '';
}

export function isNamespaced(kind: string): boolean {
  return !clusterScoped.has(kind);
}

/** The key under which the cluster keeps an object. */
export function keyOf(manifest: Manifest, defaultNamespace: string): ResourceKey {
  const kind = kindOf(manifest);
  const namespace = textAt(manifest, 'metadata', 'namespace') ?? defaultNamespace;
  return {
    group: groupVersion(manifest).group,
    kind,
    namespace: isNamespaced(kind) ? namespace : '',
    name: nameOf(manifest),
  };
}

export function keyText(key: ResourceKey): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`;
}

/** The pod spec of a workload, a CronJob, or a Pod. */
function podSpecPath(manifest: Manifest): readonly string[] {
  const kind = kindOf(manifest);
  if (kind === 'Pod') return ['spec'];
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return ['spec', 'template', 'spec'];
}

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** The images of an object's containers, each once, in order. */
export function imagesOf(manifest: Manifest): readonly string[] {
  const spec = at(manifest, ...podSpecPath(manifest));
  const images = containerLists
    .flatMap((list) => listAt(spec, list))
    .map((container) => textAt(container, 'image'))
    .filter((image) => image !== undefined);
  return [...new Set(images)];
}

/** A copy of the object in which `change` has seen every container. */
export function mapContainers(
  manifest: Manifest,
  change: (container: JsonObject, list: (typeof containerLists)[number]) => JsonObject,
): Manifest {
  const path = podSpecPath(manifest);
  const spec = at(manifest, ...path);
  if (!isObject(spec)) return manifest;
  const lists = containerLists
    .filter((list) => spec[list] !== undefined)
    .map((list): [string, Json] => [
      list,
      listAt(spec, list).map((container) => (isObject(container) ? change(container, list) : container)),
    ]);
  return put(manifest, path, { ...spec, ...Object.fromEntries(lists) });
}

/** A copy with one annotation more. */
export function annotate(manifest: Manifest, name: string, value: string): Manifest {
  const annotations = { ...objectAt(manifest, 'metadata', 'annotations'), [name]: value };
  return put(manifest, ['metadata', 'annotations'], annotations);
}

export const hookAnnotation = 'argocd.argoproj.io/hook';

/** `PreSync`, `Sync`, `PostSync` … for a hook, else undefined. */
export function hookOf(manifest: Manifest): string | undefined {
  return textAt(manifest, 'metadata', 'annotations', hookAnnotation);
}

/** The object with the namespace that it is applied to. */
export function placed(manifest: Manifest, defaultNamespace: string): Manifest {
  const { kind, namespace } = keyOf(manifest, defaultNamespace);
  return isNamespaced(kind) ? put(manifest, ['metadata', 'namespace'], namespace) : manifest;
}
