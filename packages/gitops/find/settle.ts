import type { Edit } from '../change.ts';
import { describePlace } from '../describe.ts';
import { isDowngrade } from '../downgrade.ts';
import type { PlaceRefusal } from '../reasons.ts';
import { insertEntry } from '../yaml/insert.ts';
import type { ScalarNode, YamlNode } from '../yaml/tree.ts';
import { readScalar } from '../yaml/value.ts';
import { aliasUses, duplicateKeyAbove, isAnchored } from '../yaml/walk.ts';
import { type Splice, writeScalar } from '../yaml/write.ts';
import { type ImageSite, nodesOfSite } from './site.ts';
import type { Wish } from './wish.ts';

export type Settled =
  | { readonly ok: true; readonly edit: Edit; readonly splice: Splice | undefined }
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
    aliasUses: text.includes('*') ? aliasUses(documents) : new Map(),
  };
}

function groupBy<T>(items: readonly T[], nodesOf: (item: T) => readonly ScalarNode[]): Map<ScalarNode, T[]> {
  const groups = new Map<ScalarNode, T[]>();
  for (const item of items) {
    for (const node of nodesOf(item)) groups.set(node, [...(groups.get(node) ?? []), item]);
  }
  return groups;
}

/** Turns a wish into an edit and its splice, or says why it must not be written. */
export function settle(wish: Wish, file: FileView): Settled {
  const { place, target, to, image } = wish;
  const refuse = (code: PlaceRefusal, why: string): Settled => ({
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
  const others = file.wishesFor.get(node) ?? [];
  if (others.some((other) => other.to !== to))
    return refuse('conflicting-values', 'two different values are wanted for it');
  if (from === to) return { ok: true, edit, splice: undefined };
  const shared = sharedWith(wish, node, others, file);
  if (shared !== undefined) return refuse('shared-value', shared);
  const { found, wanted } = wish.tags ?? {};
  if (!file.allowDowngrade && found !== undefined && wanted !== undefined && isDowngrade(found, wanted)) {
    return refuse('outdated', `${wanted} is older than ${found}`);
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
  const aliased = others.filter(({ target }) => target.type === 'scalar' && target.value.via.length > 0);
  const sites = file.sitesWith.get(node)?.length ?? 0;
  const isShared = (file.aliasUses.get(node) ?? 0) > placesOf(aliased).size || sites > placesOf(others).size;
  return isShared ? 'an anchor shares this value with a place that does not get the same image' : undefined;
}

/** Distinct ones: a place can be found by its shape and be named by the user as well. */
function placesOf(wishes: readonly Wish[]): Set<string> {
  return new Set(wishes.map(({ place }) => describePlace(place)));
}
