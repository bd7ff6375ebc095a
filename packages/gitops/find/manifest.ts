import type { Place } from '../change.ts';
import { describePlace } from '../describe.ts';
import { readReference } from '../reference.ts';
import type { ScalarNode } from '../yaml/tree.ts';
import { child, isScalar, itemsOf, type Reached, textAt } from '../yaml/walk.ts';
import { apiGroup, type KubeObject, nameOf, type ObjectName } from './objects/object-lookup.ts';
import type { ImageSite } from './site.ts';
import { expressionAt } from './templated.ts';

export type ContainerPlace = Extract<Place, { type: 'container' }>;

export const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
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

/** Where a kind that everybody knows holds its pod; undefined for others. */
export function podSpecPath({ apiVersion, kind }: ObjectName): readonly string[] | undefined {
  const spec = Object.hasOwn(POD_SPECS, kind) ? POD_SPECS[kind] : undefined;
  return spec?.groups.includes(apiGroup(apiVersion)) ? spec.path : undefined;
}

/** The API group of a kind that everybody knows, where only the kind is given. */
export function podGroup(kind: string): string | undefined {
  return Object.hasOwn(POD_SPECS, kind) ? POD_SPECS[kind]?.groups[0] : undefined;
}

/** Every container of a Kubernetes object that has an image; none where the kind holds no pod. */
export function containersIn(object: KubeObject): Container[] {
  const path = podSpecPath(object);
  return path === undefined ? [] : containersOfPod(child(object.root, ...path), object);
}

/** The containers of a pod's specification. `pod` is its path, where the kind of the object does not tell. */
export function containersOfPod(spec: Reached | undefined, name: ObjectName, pod?: string): Container[] {
  const object = { type: 'container', ...nameOf(name), ...(pod !== undefined && { pod }) } as const;
  return CONTAINER_LISTS.flatMap((list) =>
    itemsOf(child(spec, list)).flatMap((item) => {
      const image = child(item, 'image');
      const container = textAt(item, 'name') ?? '';
      return isScalar(image) ? [{ place: { ...object, list, container }, image }] : [];
    }),
  );
}

/** The images of a Kubernetes object's containers. */
export function manifestSites(object: KubeObject): ImageSite[] {
  return containersIn(object).flatMap(containerSite);
}

/** A container as a place of an image; none where what it says is no reference. */
export function containerSite({ place, image }: Container): ImageSite[] {
  const { text } = image.node;
  const reference = readReference(text);
  return reference === undefined
    ? expressionAt(describePlace(place), text)
    : [{ type: 'reference', place, value: image, reference }];
}
