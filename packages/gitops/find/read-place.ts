import type { Place } from '../change.ts';
import { parsePath, resolvePath } from '../path.ts';
import type { Scalar } from '../scalar.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { readScalar } from '../yaml/value.ts';
import { child, duplicateKeyAbove, isScalar, type Reached } from '../yaml/walk.ts';
import { kustomizeEntries } from './kustomize.ts';
import { apiGroup, type ContainerPlace, containersOf } from './manifest.ts';

/**
 * What a file holds at a place, looked up by name; more than one value where several objects bear that name,
 * none where nothing does. A digest, or a field of a kustomize entry, that is not there reads as the empty text: it means the same.
 */
export function readPlace(documents: readonly YamlNode[], place: Place): Scalar[] {
  switch (place.type) {
    case 'container':
      return containersNamed(documents, place).flatMap(({ image }) => readOne(image));
    case 'kustomize-image':
      return kustomizeEntries(documents[0])
        .filter(({ name }) => name === place.name)
        .flatMap(({ holder }) => {
          const value = child(holder, place.field);
          return value === undefined ? [''] : readOne(value);
        });
    case 'helm-value':
      return valueAt(documents[0], place.path) ?? (place.holds === 'digest' ? [''] : []);
    case 'value':
      return valueAt(documents[place.document], place.path) ?? [];
  }
}

function containersNamed(documents: readonly YamlNode[], place: ContainerPlace) {
  const named = documents
    .flatMap(containersOf)
    .filter(
      ({ place: other }) =>
        other.kind === place.kind &&
        other.name === place.name &&
        other.list === place.list &&
        other.container === place.container &&
        apiGroup(other.apiVersion) === apiGroup(place.apiVersion),
    );
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
