import type { Edit } from '../change.ts';
import { describePlace } from '../describe.ts';
import { isDowngrade } from '../images/downgrade.ts';
import type { PlaceRefusal } from '../reasons.ts';
import type { Scalar } from '../scalar.ts';
import { type Embedded, embeddingOf } from '../yaml/embedded.ts';
import { insertEntry } from '../yaml/insert.ts';
import { removeEntry } from '../yaml/remove-entry.ts';
import type { ScalarNode, ValueNode, YamlNode } from '../yaml/tree.ts';
import { readScalar } from '../yaml/value.ts';
import { aliasUses, duplicateKeyAbove, isAnchored } from '../yaml/walk.ts';
import { type Splice, writeScalar } from '../yaml/write.ts';
import { type ImageSite, nodesOfSite } from './site.ts';
import type { Wish } from './wish.ts';

export type Settled =
  | {
      readonly ok: true;
      readonly edit: Edit;
      readonly splice: Splice | undefined;
      /** The text inside a scalar that the splice is of; undefined where it is the file itself. */
      readonly within: Embedded | undefined;
    }
  | { readonly ok: false; readonly place: string; readonly code: PlaceRefusal; readonly why: string };

/** A file with what is found in it and wanted of it, by the scalar that holds it. */
export interface FileView {
  readonly text: string;
  readonly allowDowngrade: boolean;
  readonly wishes: readonly Wish[];
  readonly wanted: ReadonlyMap<ScalarNode, Wanted>;
  /** How many sites a scalar is of. */
  readonly sitesWith: ReadonlyMap<ScalarNode, number>;
  readonly aliasUses: ReadonlyMap<ScalarNode, number>;
}

/** What is wanted of one scalar. Aliases can make it thousands of places. */
interface Wanted {
  readonly values: Set<Scalar>;
  /** Distinct ones: a place can be found by its shape and be named by the user as well. */
  readonly places: Set<string>;
  /** Those that reach it by way of an alias. */
  readonly aliased: Set<string>;
}

/** What `settle` needs to know of a file. */
export function viewFile(
  file: { readonly text: string; readonly documents: readonly YamlNode[]; readonly allowDowngrade: boolean },
  sites: readonly ImageSite[],
  wishes: readonly Wish[],
): FileView {
  const { text, documents, allowDowngrade } = file;
  return {
    text,
    allowDowngrade,
    wishes,
    wanted: wantedOf(wishes),
    sitesWith: countOf(sites.flatMap(nodesOfSite)),
    aliasUses: text.includes('*') ? usesIn(documents, wishes) : new Map(),
  };
}

/** In the file, and in the texts of YAML that it holds. */
function usesIn(documents: readonly YamlNode[], wishes: readonly Wish[]): ReadonlyMap<ScalarNode, number> {
  const embedded = new Set(
    wishes.flatMap(({ target }) =>
      target.type === 'scalar' ? embeddingsOf(target.value.node).flatMap((one) => one.documents) : [],
    ),
  );
  return aliasUses([...documents, ...embedded]);
}

/** The texts that a node stands in, from the innermost out. */
function embeddingsOf(node: ValueNode): readonly Embedded[] {
  const embedded = embeddingOf(node);
  return embedded === undefined ? [] : [embedded, ...embeddingsOf(embedded.scalar)];
}

/** The node and the scalars whose texts it stands in. */
const chainOf = (node: ValueNode): readonly ValueNode[] => [
  node,
  ...embeddingsOf(node).map(({ scalar }) => scalar),
];

function wantedOf(wishes: readonly Wish[]): Map<ScalarNode, Wanted> {
  const wanted = new Map<ScalarNode, Wanted>();
  for (const { target, place, to } of wishes) {
    if (target.type !== 'scalar') continue;
    const { node, via } = target.value;
    const one = wanted.get(node) ?? { values: new Set(), places: new Set(), aliased: new Set() };
    wanted.set(node, one);
    one.values.add(to);
    const described = describePlace(place);
    one.places.add(described);
    if (via.length > 0) one.aliased.add(described);
  }
  return wanted;
}

function countOf(nodes: readonly ScalarNode[]): Map<ScalarNode, number> {
  const counts = new Map<ScalarNode, number>();
  for (const node of nodes) counts.set(node, (counts.get(node) ?? 0) + 1);
  return counts;
}

type Refuse = (code: PlaceRefusal, why: string) => Settled;
type Target<T extends Wish['target']['type']> = Extract<Wish['target'], { type: T }>;

/** Turns a wish into an edit and its splice, or says why it must not be written. */
export function settle(wish: Wish, file: FileView): Settled {
  const { target } = wish;
  const place = describePlace(wish.place);
  const refuse: Refuse = (code, why) => ({ ok: false, place, code, why });
  if (target.type === 'absent') return refuse('no-such-field', target.why);
  return target.type === 'entry'
    ? settleEntry(wish, target, file, refuse)
    : settleScalar(wish, target, file, refuse);
}

function editOf({ place, to, image }: Wish, from: Scalar): Edit {
  return { place, from, to, ...(image !== undefined && { image }) };
}

function settleEntry(wish: Wish, { holder, key }: Target<'entry'>, file: FileView, refuse: Refuse): Settled {
  const { node, via } = holder;
  const within = embeddingOf(node);
  const splice = insertEntry(within?.text ?? file.text, node, key, String(wish.to));
  if (splice === undefined || via.length > 0 || chainOf(node).some(isAnchored))
    return refuse('no-such-field', `there is no ${key}, and none can be added behind the last key`);
  return { ok: true, edit: editOf(wish, null), splice, within };
}

function settleScalar(wish: Wish, { value }: Target<'scalar'>, file: FileView, refuse: Refuse): Settled {
  const { node } = value;
  const from = readScalar(node);
  const edit = editOf(wish, from);
  const [duplicate] = chainOf(node).flatMap((one) => duplicateKeyAbove(one) ?? []);
  if (duplicate !== undefined) return refuse('duplicate-key', `the key ${duplicate} stands there twice`);
  if ((file.wanted.get(node)?.values.size ?? 0) > 1)
    return refuse('conflicting-values', 'two different values are wanted for it');
  if (from === wish.to) return { ok: true, edit, splice: undefined, within: undefined };
  if (wish.tested === true)
    return refuse('tested-value', 'a `test` of the patch asks for the image in place');
  const shared = sharedWith(wish, node, file);
  if (shared !== undefined) return refuse('shared-value', shared);
  const { found, wanted } = wish.tags ?? {};
  if (!file.allowDowngrade && found !== undefined && wanted !== undefined && isDowngrade(found, wanted)) {
    return refuse('outdated', `${wanted} is older than ${found}`);
  }
  const within = embeddingOf(node);
  const source = within?.text ?? file.text;
  const removal = wish.orAbsent === true && wish.to === '' ? removeEntry(source, node) : undefined;
  if (removal !== undefined) return { ok: true, edit, splice: removal, within };
  const written = writeScalar(source, node, wish.to, wish.plain);
  return written.ok
    ? { ok: true, edit, splice: written.splice, within }
    : refuse('not-writable', written.why);
}

/** Why a value must not be changed because something else uses it too; undefined where it may be. */
function sharedWith(wish: Wish, node: ScalarNode, file: FileView): string | undefined {
  const chain = chainOf(node);
  if (!chain.some(isAnchored)) return undefined;
  if (node.parent?.kind === 'mapping' && node.parent.entries.some(({ key }) => key === node))
    return 'its value stands at an anchor that is a key';
  if (wish.place.type === 'value') {
    // Whoever names the place of the anchor itself means its users too; by way of an alias it would be a surprise.
    const through = wish.target.type === 'scalar' ? wish.target.value.via[0]?.name : undefined;
    return through === undefined
      ? undefined
      : `its value stands at the anchor &${through}; name that place instead`;
  }
  const { places, aliased } = file.wanted.get(node) ?? {};
  if (wish.place.type === 'container' && places?.size === aliased?.size && isMeantOtherwise(node))
    return 'an anchor shares this value with a field of the object that is no image';
  const sites = file.sitesWith.get(node) ?? 0;
  const uses = Math.max(...chain.map((one) => (one.kind === 'scalar' ? (file.aliasUses.get(one) ?? 0) : 0)));
  const isShared = uses > (aliased?.size ?? 0) || sites > (places?.size ?? 0);
  return isShared ? 'an anchor shares this value with a place that does not get the same image' : undefined;
}

/** Whether an anchor stands where an object says something of its own, and not where it is only defined. */
function isMeantOtherwise(node: ScalarNode): boolean {
  let below: ValueNode = node;
  for (let at = node.parent; at !== undefined; below = at, at = at.parent) {
    const entry = at.kind === 'mapping' ? at.entries.find(({ value }) => value === below) : undefined;
    if (entry?.key.kind === 'scalar' && MEANT_OTHERWISE.has(entry.key.text)) return true;
  }
  return false;
}

const MEANT_OTHERWISE = new Set(['metadata', 'data', 'stringData', 'env', 'args', 'command']);
