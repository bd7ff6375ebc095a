import { formatPath, parsePath, resolvePath } from '../../path.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { child, follow, itemsOf, type Reached, textAt } from '../../yaml/walk.ts';

/** A Kubernetes object of a file, also one inside of a `List`. */
export interface KubeObject {
  readonly root: Reached;
  readonly apiVersion: string;
  readonly kind: string;
  /** As the file says; absent where it says nothing. */
  readonly namespace?: string;
  readonly name: string;
}

/** By what a place finds its object again. */
export type ObjectName = Omit<KubeObject, 'root'>;

/** The group of an `apiVersion`; of the core group the empty string. */
export function apiGroup(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** Whether a document is a Kubernetes object: it has an `apiVersion` and a `kind`. */
export function isManifest(document: YamlNode): boolean {
  const root = follow(document);
  return textAt(root, 'apiVersion') !== undefined && textAt(root, 'kind') !== undefined;
}

/** The objects of a document: a `List` stands for its items, which are looked up by their own names. */
export function objectsOf(document: YamlNode): readonly KubeObject[] {
  return objectsIn(follow(document));
}

/** `list` is the type that the items of a list have without saying so. */
function objectsIn(
  root: Reached | undefined,
  list: Pick<KubeObject, 'apiVersion' | 'kind'> = { apiVersion: '', kind: '' },
): KubeObject[] {
  if (root === undefined) return [];
  const apiVersion = textAt(root, 'apiVersion') ?? list.apiVersion;
  const kind = textAt(root, 'kind') ?? list.kind;
  const items = itemsOf(child(root, 'items'));
  if (kind === 'List' && apiVersion === 'v1') return items.flatMap((item) => objectsIn(item));
  if (isTypedList(kind, items)) {
    const type = { apiVersion, kind: kind.slice(0, -'List'.length) };
    return items.flatMap((item) => objectsIn(item, type));
  }
  const namespace = textAt(root, 'metadata', 'namespace');
  const name = textAt(root, 'metadata', 'name') ?? textAt(root, 'metadata', 'generateName') ?? '';
  return [{ root, apiVersion, kind, ...(namespace !== undefined && { namespace }), name }];
}

/** `DeploymentList`: kubectl, kustomize and Argo CD take its items apart. A custom resource may be called a list of something else. */
function isTypedList(kind: string, items: readonly Reached[]): boolean {
  const hasName = (item: Reached) => textAt(item, 'metadata', 'name') !== undefined;
  return /.List$/.test(kind) && items.length > 0 && items.every(hasName);
}

/** An object without what it holds. */
export function nameOf({ apiVersion, kind, namespace, name }: ObjectName): ObjectName {
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}

/** Finds objects of one file by name. Of the version of their API only the group counts. */
export function objectFinder(all: readonly KubeObject[]): (name: ObjectName) => readonly KubeObject[] {
  const keyOf = ({ apiVersion, kind, name }: ObjectName) =>
    JSON.stringify([apiGroup(apiVersion), kind, name]);
  const objects = Map.groupBy(all, keyOf);
  return (name) => inNamespace(objects.get(keyOf(name)) ?? [], name.namespace);
}

/** Of things with one name those in this namespace. */
export function inNamespace<T extends { readonly namespace?: string | undefined }>(
  named: readonly T[],
  namespace: string | undefined,
): readonly T[] {
  const exact = named.filter((one) => one.namespace === namespace);
  if (exact.length > 0) return exact;
  // A namespace that was added or taken away since: it is still that object.
  return named.filter((one) => one.namespace === undefined || namespace === undefined);
}

/** What stands at a path below a node, and what holds it; nothing where several could be meant. */
export function reach(
  root: Reached | undefined,
  path: string,
): { readonly value?: Reached; readonly holder?: Reached } {
  const steps = parsePath(path);
  const value = resolvePath(root, steps);
  if (value.type === 'found') return { value: value.value };
  if (value.type === 'ambiguous' || value.at !== formatPath(steps)) return {};
  const holder = steps.length === 1 ? undefined : resolvePath(root, steps.slice(0, -1));
  if (steps.length === 1) return root === undefined ? {} : { holder: root };
  return holder?.type === 'found' ? { holder: holder.value } : {};
}
