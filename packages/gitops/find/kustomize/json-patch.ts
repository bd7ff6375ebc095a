import type { Place } from '../../change.ts';
import { formatPath, parsePath, resolvePath, type Step } from '../../path.ts';
import { type ImageReference, readReference } from '../../reference.ts';
import type { Scalar } from '../../scalar.ts';
import type { ScalarNode, YamlNode } from '../../yaml/tree.ts';
import {
  child,
  entriesOf,
  isMapping,
  isScalar,
  itemsOf,
  type Reached,
  readOne,
  textAt,
} from '../../yaml/walk.ts';
import { elementSteps } from '../element.ts';
import { CONTAINER_LISTS } from '../manifest.ts';
import type { ImageSite } from '../site.ts';
import { type Patch, patchesIn } from './patches.ts';

type JsonPatchPlace = Extract<Place, { type: 'json-patch' }>;

/** Whether a document is a JSON patch (RFC 6902): a list of operations. */
export function isJsonPatch(root: Reached | undefined): boolean {
  const operations = itemsOf(root);
  return (
    operations.length > 0 &&
    operations.every((one) => OPERATIONS.has(textAt(one, 'op') ?? '') && pointerOf(one) !== undefined)
  );
}

const OPERATIONS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function pointerOf(operation: Reached): string | undefined {
  const path = textAt(operation, 'path');
  return path === '' || path?.startsWith('/') ? path : undefined;
}

/** The images that the operations of a JSON patch set, or test for. `target` says what the patch is for. */
export function jsonPatchSites(root: Reached, target: string | undefined): ImageSite[] {
  return operationImages(root).map(({ pointer, value, image, isTest }) => {
    const path = elementOfList(pointer, value, image.steps);
    const place = { type: 'json-patch', ...(target !== undefined && { target }), pointer, path } as const;
    return operationSite(place, image, isTest);
  });
}

/** An image in the value of an operation. `image.steps` lead to it from the operation. */
interface OperationImage {
  readonly index: number;
  readonly pointer: string;
  readonly value: Reached;
  readonly image: Found;
  readonly isTest: boolean;
}

/** The images in the operations of a JSON patch, in their turn. */
export function operationImages(root: Reached): OperationImage[] {
  const set = new Set<string>();
  return itemsOf(root).flatMap((operation, index) => {
    const op = textAt(operation, 'op');
    const pointer = pointerOf(operation) ?? '';
    const value = child(operation, 'value');
    if (value === undefined || !['add', 'replace', 'test'].includes(op ?? '')) return [];
    // What an operation before has set is tested for under its new value.
    const isTest = op === 'test' && !set.has(pointer);
    if (op !== 'test') set.add(pointer);
    return imagesIn(value, [{ key: 'value' }], roleOf(pointer)).map((image) => ({
      index,
      pointer,
      value,
      image,
      isTest,
    }));
  });
}

export function operationSite(place: Place, { value, reference }: Found, isTest: boolean): ImageSite {
  const site = { type: 'reference', place, value, reference } as const;
  return isTest ? { ...site, tested: true } : site;
}

/** The images in the containers of a part of an object whose name is not known: of a strategic merge patch. */
export function fragmentSites(root: Reached, target: string | undefined): ImageSite[] {
  return imagesIn(root, [], 'other').map(({ steps, value, reference }) => {
    const path = formatPath(steps);
    const place = { type: 'json-patch', ...(target !== undefined && { target }), pointer: '', path } as const;
    return { type: 'reference', place, value, reference };
  });
}

type Role = 'containers' | 'container' | 'image' | 'name' | 'other';

interface Found {
  readonly steps: readonly Step[];
  readonly value: Reached<ScalarNode>;
  readonly reference: ImageReference;
}

/** What stands at a pointer, by its last parts: `/spec/containers/0/image`. Nothing runs the data of a ConfigMap. */
function roleOf(pointer: string): Role {
  if (/^\/(?:data|stringData)\//.test(pointer)) return 'other';
  const [container, element, last] = ['', '', '', ...pointer.split('/')].slice(-3);
  if (isList(last)) return 'containers';
  if (isList(element)) return 'container';
  if (isList(container) && last === 'image') return 'image';
  return /image$/i.test(last ?? '') ? 'name' : 'other';
}

const isList = (key: string | undefined): boolean => CONTAINER_LISTS.some((list) => list === key);

function imagesIn(value: Reached, steps: readonly Step[], role: Role): Found[] {
  if (isScalar(value)) return referenceIn(value, steps, role);
  if (role === 'containers') {
    return itemsOf(value).flatMap((item, index) =>
      imagesIn(item, elementSteps(value, item, index, steps), 'container'),
    );
  }
  // Of what is deleted no image runs.
  if (!isMapping(value) || textAt(value, '$patch') === 'delete') return [];
  if (role === 'container') {
    const image = child(value, 'image');
    return image === undefined ? [] : imagesIn(image, [...steps, { key: 'image' }], 'image');
  }
  return entriesOf(value).flatMap((entry) =>
    // No path leads through an empty key.
    isScalar(entry.value) || entry.key === ''
      ? []
      : imagesIn(entry.value, [...steps, { key: entry.key }], isList(entry.key) ? 'containers' : 'other'),
  );
}

/** Only in a container a name without tag and digest is an image for sure. */
function referenceIn(value: Reached<ScalarNode>, steps: readonly Step[], role: Role): Found[] {
  const reference = role === 'image' || role === 'name' ? readReference(value.node.text) : undefined;
  if (reference === undefined) return [];
  const isPinned = reference.tag !== undefined || reference.digest !== undefined;
  return role === 'image' || isPinned ? [{ steps, value, reference }] : [];
}

/** The way from an operation's value. A container that is added to a list is found by its name, as one in a list is. */
function elementOfList(pointer: string, value: Reached, steps: readonly Step[]): string {
  const name = textAt(value, 'name');
  const [first, ...rest] = steps;
  const isElement = roleOf(pointer) === 'container' && name !== undefined && first !== undefined;
  const named = isElement ? [{ ...first, select: { field: 'name', text: name } }, ...rest] : steps;
  return formatPath(named).replace(/^value\.?/, '');
}

/** Objects of one file without a name that are told apart by what is in them. */
const MOST_UNNAMED = 500;

/** Reads what stands at places of JSON patches, or of parts of objects without a known name. A file may hold thousands of them. */
export function jsonPatchReader(documents: readonly YamlNode[]): (place: JsonPatchPlace) => Scalar[] {
  const patches = Map.groupBy(patchesIn(documents), ({ target }) => target);
  const operations = new Map<string | undefined, ReturnType<typeof groupOperations>>();
  const operationsOf = (target: string | undefined) => {
    const known = operations.get(target) ?? groupOperations(patches.get(target) ?? []);
    operations.set(target, known);
    return known;
  };
  return ({ target, pointer, path }) => {
    const fragments = pointer === '' && path !== '' ? fragmentsOf(patches.get(target) ?? []) : [];
    if (fragments.length > MOST_UNNAMED) return [];
    if (fragments.length > 0) return fragments.flatMap(({ root }) => valueAt(root, parsePath(path)));
    const way = path === '' || path.startsWith('[') ? path : `.${path}`;
    const [first = { key: '' }, ...rest] = parsePath(`value${way}`);
    const named = operationsOf(target).get(pointer);
    // Where the value is the element itself, the step that names it says which operation is meant.
    const own =
      first.select !== undefined && 'text' in first.select ? named?.get(first.select.text) : undefined;
    if (own !== undefined) return own.flatMap((one) => valueAt(one, [{ key: first.key }, ...rest]));
    return [...(named?.values() ?? [])].flat().flatMap((one) => valueAt(one, [first, ...rest]));
  };
}

function fragmentsOf(patches: readonly Patch[]): readonly Patch[] {
  return patches.length > MOST_UNNAMED ? patches : patches.filter(({ root }) => !isJsonPatch(root));
}

/** The operations with a value, by their pointer and by the name of what they set, if that has one. */
function groupOperations(patches: readonly Patch[]): ReadonlyMap<string, Map<string | undefined, Reached[]>> {
  const all = patches.flatMap(({ root }) => (isJsonPatch(root) ? itemsOf(root) : []));
  const set = all.filter((one) => child(one, 'value') !== undefined);
  const byPointer = Map.groupBy(set, (one) => pointerOf(one) ?? '');
  return new Map(
    [...byPointer].map(([pointer, group]) => [
      pointer,
      Map.groupBy(group, (one) => textAt(one, 'value', 'name')),
    ]),
  );
}

function valueAt(root: Reached, steps: readonly Step[]): Scalar[] {
  const resolved = resolvePath(root, steps);
  return resolved.type === 'found' ? readOne(resolved.value) : [];
}
