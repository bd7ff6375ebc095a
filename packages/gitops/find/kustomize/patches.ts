import { readEmbedded } from '../../yaml/embedded.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { child, follow, isMapping, isScalar, itemsOf, type Reached, textAt } from '../../yaml/walk.ts';
import { podGroup } from '../manifest.ts';
import { type KubeObject, objectsOf } from '../objects/object-lookup.ts';
import { isKustomizationRoot } from './kustomize.ts';

/** A patch, or one of the documents of one. */
export interface Patch {
  readonly root: Reached;
  /** What it is for, as a person names it: `Deployment/shop`. Absent where the patch does not say. */
  readonly target?: string;
  /** The object that it is a part of, where its name is known. */
  readonly object?: KubeObject;
}

/** A patch that stands in a kustomization as text, before it is read. */
export interface InlinePatch {
  readonly text: Reached;
  readonly target: Reached | undefined;
}

/** The patches that a kustomization holds itself, not those in files that it names. */
export function inlinePatches(documents: readonly YamlNode[]): readonly InlinePatch[] {
  const kustomization = follow(documents[0]);
  if (!isKustomizationRoot(kustomization)) return [];
  const withTarget = ['patches', 'patchesJson6902'].flatMap((key) =>
    itemsOf(child(kustomization, key)).map((item) => ({
      text: child(item, 'patch'),
      target: child(item, 'target'),
    })),
  );
  // A name of a file reads as a text, a patch as a map.
  const merged = itemsOf(child(kustomization, 'patchesStrategicMerge')).map((text) => ({
    text,
    target: undefined,
  }));
  return [...withTarget, ...merged].flatMap(({ text, target }) =>
    text === undefined ? [] : [{ text, target }],
  );
}

/** The patches of a file: those that a kustomization holds, or else the file's own documents. */
export function patchesIn(documents: readonly YamlNode[]): readonly Patch[] {
  const inline = inlinePatches(documents).flatMap(readPatch);
  if (inline.length > 0) return inline;
  return documents.flatMap(objectsOf).map((object) => ({ root: object.root, ...nameFor(undefined, object) }));
}

/** The documents of a patch; none where it is not YAML. */
export function readPatch({ text, target }: InlinePatch): Patch[] {
  const embedded = isScalar(text) ? readEmbedded(text.node) : undefined;
  if (embedded === undefined || 'message' in embedded) return [];
  return embedded.documents.flatMap((document) => {
    const root = follow(document, text.via);
    if (root === undefined || isScalar(root)) return [];
    const [own] = isMapping(root) ? objectsOf(document) : [];
    return [{ root, ...nameFor(target, own === undefined ? undefined : { ...own, root }) }];
  });
}

/** The target tells what a patch is for, whatever the patch calls itself: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ */
function nameFor(target: Reached | undefined, own: KubeObject | undefined): Pick<Patch, 'target' | 'object'> {
  if (target === undefined) {
    if (own === undefined || own.kind === '') return {};
    const described = describeTarget(own.kind, own.namespace, own.name);
    return own.name === '' ? { target: described } : { target: described, object: own };
  }
  const kind = textAt(target, 'kind');
  const name = textAt(target, 'name');
  const namespace = textAt(target, 'namespace') ?? own?.namespace;
  const selector = ['labelSelector', 'annotationSelector'].flatMap((key) => textAt(target, key) ?? []);
  const described = `${describeTarget(kind, namespace, name)}${selector.map((one) => ` (${one})`).join('')}`;
  const apiVersion = kind === undefined ? undefined : versionFor(target, own, kind);
  if (own === undefined || !isLiteral(kind) || !isLiteral(name) || apiVersion === undefined)
    return { target: described };
  const object = { root: own.root, apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
  return { target: described, object };
}

function describeTarget(
  kind: string | undefined,
  namespace: string | undefined,
  name: string | undefined,
): string {
  return [kind || '*', ...(namespace === undefined ? [] : [namespace]), name || '*'].join('/');
}

/** kustomize takes the fields of a target as regular expressions. */
const isLiteral = (text: string | undefined): text is string => text !== undefined && /^[\w.-]+$/.test(text);

function versionFor(target: Reached, own: KubeObject | undefined, kind: string): string | undefined {
  const group = textAt(target, 'group');
  const version = textAt(target, 'version') ?? 'v1';
  if (group !== undefined) return group === '' ? version : `${group}/${version}`;
  if (own !== undefined && own.apiVersion !== '' && own.kind === kind) return own.apiVersion;
  const known = podGroup(kind);
  if (known === undefined) return undefined;
  return known === '' ? version : `${known}/${version}`;
}
