import type { Place } from '../change.ts';
import { parsePath, resolvePath } from '../path.ts';
import type { Scalar } from '../scalar.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { readScalar } from '../yaml/value.ts';
import { child, duplicateKeyAbove, isScalar, type Reached } from '../yaml/walk.ts';
import { readJsonPatch } from './json-patch.ts';
import { kustomizeEntries } from './kustomize.ts';
import { apiGroup, type Container, type ContainerPlace, containersOf } from './manifest.ts';
import { readObjectValue } from './object-value.ts';

/**
 * Looks places of one file up by name. What it gives is what stands there: more than one value where several objects bear that
 * name, none where nothing does. A digest, or a field of a kustomize entry, that is not there reads as the empty text: it means the same.
 */
export function placeReader(documents: readonly YamlNode[]): (place: Place) => Scalar[] {
  let containers: ReadonlyMap<string, Container[]> | undefined;
  let images: ReadonlyMap<string, ReturnType<typeof kustomizeEntries>> | undefined;
  return (place) => {
    switch (place.type) {
      case 'container':
        containers ??= Map.groupBy(documents.flatMap(containersOf), (one) => nameOf(one.place));
        return inNamespace(containers.get(nameOf(place)) ?? [], place).flatMap(({ image }) => readOne(image));
      case 'kustomize-image':
        images ??= Map.groupBy(kustomizeEntries(documents[0]), ({ name }) => name);
        return (images.get(place.name) ?? []).flatMap(({ holder }) => {
          const value = child(holder, place.field);
          return value === undefined ? [''] : readOne(value);
        });
      case 'helm-value':
        return valueAt(documents[0], place.path) ?? (place.holds === 'digest' ? [''] : []);
      case 'json-patch':
        return readJsonPatch(documents, place);
      case 'object-value':
        return readObjectValue(documents, place);
      case 'value':
        return valueAt(documents[place.document], place.path) ?? [];
    }
  };
}

/** What a container is looked up by; of the version of its API only the group counts. */
function nameOf({ apiVersion, kind, name, list, container }: ContainerPlace): string {
  return JSON.stringify([apiGroup(apiVersion), kind, name, list, container]);
}

function inNamespace(named: readonly Container[], place: ContainerPlace): readonly Container[] {
  const exact = named.filter(({ place: other }) => other.namespace === place.namespace);
  if (exact.length > 0) return exact;
  // A namespace that was added or taken away since: it is still that object.
  return named.filter(({ place: other }) => other.namespace === undefined || place.namespace === undefined);
}

function valueAt(root: YamlNode | undefined, path: string): Scalar[] | undefined {
  const resolved = resolvePath(root, parsePath(path));
  return resolved.type === 'found' ? readOne(resolved.value) : undefined;
}

/** Of a key that its mapping holds twice no reader can be sure. */
function readOne(value: Reached): Scalar[] {
  return isScalar(value) && duplicateKeyAbove(value.node) === undefined ? [readScalar(value.node)] : [];
}
