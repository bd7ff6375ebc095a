import type { Edit } from '../change.ts';
import { describePlace } from '../describe.ts';
import { isDowngrade } from '../downgrade.ts';
import { insertEntry } from '../yaml/insert.ts';
import type { ScalarNode, YamlNode } from '../yaml/tree.ts';
import { readScalar } from '../yaml/value.ts';
import { duplicateKeyAbove, isAnchored, usesThroughAliases } from '../yaml/walk.ts';
import { type Splice, writeScalar } from '../yaml/write.ts';
import type { ImageSite } from './site.ts';
import type { Wish } from './wish.ts';

export type Settled =
  | { readonly ok: true; readonly edit: Edit; readonly splice: Splice | undefined }
  | { readonly ok: false; readonly place: string; readonly code: string; readonly why: string };

export interface FileView {
  readonly text: string;
  readonly documents: readonly YamlNode[];
  readonly sites: readonly ImageSite[];
  /** Everything that is wanted of this file. */
  readonly wishes: readonly Wish[];
  readonly allowDowngrade: boolean;
}

/** Turns a wish into an edit and its splice, or says why it must not be written. */
export function settle(wish: Wish, file: FileView): Settled {
  const { place, target, to, image } = wish;
  const refuse = (code: string, why: string): Settled => ({
    ok: false,
    place: describePlace(place),
    code,
    why,
  });
  if (target.type === 'absent') return refuse('no-such-field', target.why);
  if (target.type === 'entry') {
    const splice = insertEntry(file.text, target.holder.node, target.key, String(to));
    if (splice === undefined || target.holder.via.length > 0 || isAnchored(target.holder.node)) {
      return refuse('no-such-field', `there is no ${target.key}, and none can be added behind the last key`);
    }
    return { ok: true, edit: { place, from: null, to, ...(image !== undefined && { image }) }, splice };
  }
  const { node } = target.value;
  const from = readScalar(node);
  const edit = { place, from, to, ...(image !== undefined && { image }) };
  const duplicate = duplicateKeyAbove(node);
  if (duplicate !== undefined) return refuse('duplicate-key', `the key ${duplicate} stands there twice`);
  const others = file.wishes.filter(
    (other) => other.target.type === 'scalar' && other.target.value.node === node,
  );
  if (others.some((other) => other.to !== to))
    return refuse('conflict', 'two different values are wanted for it');
  if (from === to) return { ok: true, edit, splice: undefined };
  const shared = sharedWith(wish, node, others, file);
  if (shared !== undefined) return refuse('shared-value', shared);
  const { found, wanted } = wish.tags ?? {};
  if (!file.allowDowngrade && found !== undefined && wanted !== undefined && isDowngrade(found, wanted)) {
    return refuse('downgrade', `${wanted} is older than ${found}`);
  }
  const written = writeScalar(file.text, node, to, wish.plain);
  return written.ok ? { ok: true, edit, splice: written.splice } : refuse('not-writable', written.why);
}

/** Why a value must not be changed because something else uses it too; undefined where it may be. */
function sharedWith(
  wish: Wish,
  node: ScalarNode,
  others: readonly Wish[],
  file: FileView,
): string | undefined {
  if (!isAnchored(node)) return undefined;
  if (wish.place.type === 'value') {
    // Whoever names the place of the anchor itself means its users too; by way of an alias it would be a surprise.
    const through = wish.target.type === 'scalar' ? wish.target.value.via[0]?.name : undefined;
    return through === undefined
      ? undefined
      : `its value stands at the anchor &${through}; name that place instead`;
  }
  const holders = file.sites.filter((site) => nodesOf(site).includes(node));
  const places = new Set(others.map((other) => describePlace(other.place)));
  const throughAliases = new Set(
    others.flatMap((other) =>
      other.target.type === 'scalar' && other.target.value.via.length > 0 ? [describePlace(other.place)] : [],
    ),
  );
  const root = file.documents.find((document) => contains(document, node));
  const uses = root === undefined ? undefined : usesThroughAliases(root, node);
  if (uses === undefined || uses > throughAliases.size || holders.length > places.size) {
    return 'an anchor shares this value with a place that does not get the same image';
  }
  return undefined;
}

function nodesOf(site: ImageSite): (ScalarNode | undefined)[] {
  if (site.type === 'reference') return [site.value.node];
  return site.type === 'helm' ? [site.tag?.value.node, site.digest?.value.node] : [];
}

function contains(root: YamlNode, node: ScalarNode): boolean {
  let top: YamlNode = node;
  while (top.parent !== undefined) top = top.parent;
  return top === root;
}
