import type { Place } from '../change.ts';
import { parsePath, resolvePath } from '../path.ts';
import type { Scalar } from '../scalar.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { child, readOne } from '../yaml/walk.ts';
import { jsonPatchReader } from './kustomize/json-patch.ts';
import { kustomizeEntries } from './kustomize/kustomize.ts';
import { inlinePatches, readPatch } from './kustomize/patches.ts';
import { type Container, type ContainerPlace, containersIn, containersOfPod } from './manifest.ts';
import {
  apiGroup,
  inNamespace,
  type KubeObject,
  objectFinder,
  objectsOf,
  reach,
} from './objects/object-lookup.ts';
import { readObjectValue } from './objects/object-value.ts';

/**
 * Looks places of one file up by name. What it gives is what stands there: more than one value where several objects bear that
 * name, none where nothing does. A digest, or a field of a kustomize entry, that is not there reads as the empty text: it means the same.
 */
export function placeReader(documents: readonly YamlNode[]): (place: Place) => Scalar[] {
  let containers: ReadonlyMap<string, Container[]> | undefined;
  let images: ReadonlyMap<string, ReturnType<typeof kustomizeEntries>> | undefined;
  let objects: ReturnType<typeof objectFinder> | undefined;
  let patches: ReturnType<typeof jsonPatchReader> | undefined;
  let known: readonly KubeObject[] | undefined;
  const all = (): readonly KubeObject[] => {
    known ??= [
      ...documents.flatMap(objectsOf),
      ...inlinePatches(documents)
        .flatMap(readPatch)
        .flatMap(({ object }) => object ?? []),
    ];
    return known;
  };
  const containersNamed = (place: ContainerPlace): readonly Container[] => {
    const { pod } = place;
    if (pod === undefined) {
      containers ??= Map.groupBy(all().flatMap(containersIn), (one) => nameOf(one.place));
      const named = (containers.get(nameOf(place)) ?? []).map((one) => ({
        ...one,
        namespace: one.place.namespace,
      }));
      return inNamespace(named, place.namespace);
    }
    objects ??= objectFinder(all());
    return objects(place)
      .flatMap((object) => containersOfPod(reach(object.root, pod).value, object, pod))
      .filter((one) => one.place.list === place.list && one.place.container === place.container);
  };
  return (place) => {
    switch (place.type) {
      case 'container':
        return containersNamed(place).flatMap(({ image }) => readOne(image));
      case 'kustomize-image':
        images ??= Map.groupBy(kustomizeEntries(documents[0]), ({ name }) => name);
        return (images.get(place.name) ?? []).flatMap(({ holder }) => {
          const value = child(holder, place.field);
          return value === undefined ? [''] : readOne(value);
        });
      case 'helm-value':
        return valueAt(documents[0], place.path) ?? (place.holds === 'digest' ? [''] : []);
      case 'json-patch':
        patches ??= jsonPatchReader(documents);
        return patches(place);
      case 'object-value':
        objects ??= objectFinder(all());
        return objects(place).flatMap((object) => readObjectValue(object, place));
      case 'value':
        return valueAt(documents[place.document], place.path) ?? [];
    }
  };
}

/** What a container is looked up by; of the version of its API only the group counts. */
function nameOf({ apiVersion, kind, name, list, container }: ContainerPlace): string {
  return JSON.stringify([apiGroup(apiVersion), kind, name, list, container]);
}

function valueAt(root: YamlNode | undefined, path: string): Scalar[] | undefined {
  const resolved = resolvePath(root, parsePath(path));
  return resolved.type === 'found' ? readOne(resolved.value) : undefined;
}
