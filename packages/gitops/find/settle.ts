import type { Edit } from '../change.ts';
import { describePlace } from '../describe.ts';
import { isDowngrade } from '../downgrade.ts';
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
  readonly wishesFor: ReadonlyMap<ScalarNode, readonly Wish[]>;
  readonly sitesWith: ReadonlyMap<ScalarNode, readonly ImageSite[]>;
  readonly aliasUses: ReadonlyMap<ScalarNode, number>;
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
    wishesFor: groupBy(wishes, ({ target }) => (target.type === 'scalar' ? [target.value.node] : [])),
    sitesWith: groupBy(sites, nodesOfSite),
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

function groupBy<T>(items: readonly T[], nodesOf: (item: T) => readonly ScalarNode[]): Map<ScalarNode, T[]> {
  const groups = new Map<ScalarNode, T[]>();
  for (const item of items) {
    for (const node of nodesOf(item)) groups.set(node, [...(groups.get(node) ?? []), item]);
  }
  return groups;
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
  const others = file.wishesFor.get(node) ?? [];
  if (others.some((other) => other.to !== wish.to))
    return refuse('conflicting-values', 'two different values are wanted for it');
  if (from === wish.to) return { ok: true, edit, splice: undefined, within: undefined };
  if (wish.tested === true)
    return refuse('tested-value', 'a `test` of the patch asks for the image in place');
  const shared = sharedWith(wish, node, others, file);
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
function sharedWith(
  wish: Wish,
  node: ScalarNode,
  others: readonly Wish[],
  file: FileView,
): string | undefined {
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
  const aliased = others.filter(({ target }) => target.type === 'scalar' && target.value.via.length > 0);
  const sites = file.sitesWith.get(node)?.length ?? 0;
  const uses = Math.max(...chain.map((one) => (one.kind === 'scalar' ? (file.aliasUses.get(one) ?? 0) : 0)));
  const isShared = uses > placesOf(aliased).size || sites > placesOf(others).size;
  return isShared ? 'an anchor shares this value with a place that does not get the same image' : undefined;
}

/** Distinct ones: a place can be found by its shape and be named by the user as well. */
function placesOf(wishes: readonly Wish[]): Set<string> {
  return new Set(wishes.map(({ place }) => describePlace(place)));
}
