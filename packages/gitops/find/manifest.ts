import type { Place } from '../change.ts';
import { readReference } from '../reference.ts';
import type { ScalarNode, YamlNode } from '../yaml/tree.ts';
import { child, follow, isScalar, itemsOf, type Reached, textAt } from '../yaml/walk.ts';
import type { ImageSite } from './site.ts';

export type ContainerPlace = Extract<Place, { type: 'container' }>;

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
const TEMPLATE = ['spec', 'template', 'spec'];

/** Where each kind holds its pod's specification, by API group. A new kind is one line here. */
const POD_SPECS: Readonly<Record<string, { groups: readonly string[]; path: readonly string[] }>> = {
  Pod: { groups: [''], path: ['spec'] },
  PodTemplate: { groups: [''], path: ['template', 'spec'] },
  ReplicationController: { groups: [''], path: TEMPLATE },
  Deployment: { groups: ['apps', 'extensions'], path: TEMPLATE },
  StatefulSet: { groups: ['apps'], path: TEMPLATE },
  DaemonSet: { groups: ['apps', 'extensions'], path: TEMPLATE },
  ReplicaSet: { groups: ['apps', 'extensions'], path: TEMPLATE },
  Job: { groups: ['batch'], path: TEMPLATE },
  CronJob: { groups: ['batch'], path: ['spec', 'jobTemplate', ...TEMPLATE] },
  Rollout: { groups: ['argoproj.io'], path: TEMPLATE },
};

export interface Container {
  readonly place: ContainerPlace;
  readonly image: Reached<ScalarNode>;
}

/** The group of an `apiVersion`; of the core group the empty string. */
export function apiGroup(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** Whether a document is a Kubernetes object: it has an `apiVersion` and a `kind`. */
export function isManifest(document: YamlNode): boolean {
  const root = follow(document);
  return textAt(root, 'apiVersion') !== undefined && textAt(root, 'kind') !== undefined;
}

/** Every container of a document's Kubernetes objects that has an image; none where the kind holds no pod. */
export function containersOf(document: YamlNode): Container[] {
  return objectsIn(follow(document)).flatMap(containersIn);
}

/** A `List` stands for its items, which are looked up by their own names. */
function objectsIn(root: Reached | undefined): (Reached | undefined)[] {
  if (textAt(root, 'kind') !== 'List' || textAt(root, 'apiVersion') !== 'v1') return [root];
  return itemsOf(child(root, 'items')).flatMap(objectsIn);
}

function containersIn(root: Reached | undefined): Container[] {
  const apiVersion = textAt(root, 'apiVersion') ?? '';
  const kind = textAt(root, 'kind') ?? '';
  const spec = Object.hasOwn(POD_SPECS, kind) ? POD_SPECS[kind] : undefined;
  if (spec === undefined || !spec.groups.includes(apiGroup(apiVersion))) return [];
  const namespace = textAt(root, 'metadata', 'namespace');
  const name = textAt(root, 'metadata', 'name') ?? textAt(root, 'metadata', 'generateName') ?? '';
  const pod = child(root, ...spec.path);
  const object = {
    type: 'container',
    apiVersion,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
  } as const;
  return LISTS.flatMap((list) =>
    itemsOf(child(pod, list)).flatMap((item) => {
      const image = child(item, 'image');
      const container = textAt(item, 'name') ?? '';
      return isScalar(image) ? [{ place: { ...object, list, container }, image }] : [];
    }),
  );
}

/** The images of a Kubernetes object's containers. */
export function manifestSites(document: YamlNode): ImageSite[] {
  return containersOf(document).flatMap(({ place, image }) => {
    const reference = readReference(image.node.text);
    return reference === undefined ? [] : [{ type: 'reference', place, value: image, reference } as const];
  });
}
