import { describePath, type FieldDifference, showsAfter, showsBefore, valueAt } from '../evidence/fields.ts';
import { at, text } from '../json.ts';
import { describeResource, type ResourceKey } from '../observation.ts';
import { comparedRevision, currentResources, isCommit, isSameObject, isUnavailable } from './look.ts';
import { podsLeft } from './pods-left.ts';
import type { Look, ManagedResource, RenderedDifference } from './types.ts';

/** What edits of no image have changed in rendered objects, but for hooks that no sync runs. */
export function renderedDifferences({ evidence: { rendered } }: Look): readonly RenderedDifference[] {
  if (rendered === undefined || isUnavailable(rendered)) return [];
  return rendered.differing.filter(({ dormant }) => dormant !== true);
}

/** Why the objects of the cluster do not hold what is rendered, one sentence for each; none where they do. */
export function fieldsLeft(look: Look): readonly string[] {
  const managed = currentResources(look)?.items;
  if (managed === undefined) return [];
  return renderedDifferences(look)
    .filter(({ hook }) => hook !== true)
    .map((one) => {
      const found = managed.find((item) => item.hook !== true && isSameObject(item, one));
      return one.gone === true ? stillThere(one, found) : notYet(one, found, look);
    })
    .filter((why) => why !== undefined);
}

/** Argo CD shows no value of a Secret. */
export function unreadable(look: Look): readonly string[] {
  return renderedDifferences(look)
    .filter((one) => one.gone !== true && (one.fields ?? []).some(({ path }) => isMasked(one, path)))
    .map((one) => `${describeResource(one)} is Synced by Argo CD's word: it shows no values of Secrets.`);
}

const isMasked = ({ group, kind }: ResourceKey, [first]: FieldDifference['path']): boolean =>
  group === '' && kind === 'Secret' && (first === 'data' || first === 'stringData');

function stillThere(one: RenderedDifference, found: ManagedResource | undefined): string | undefined {
  if (found?.live === undefined) return undefined;
  // https://argo-cd.readthedocs.io/en/stable/user-guide/compare-options/#ignoring-resources-that-are-extraneous
  const options = text(at(found.live, 'metadata', 'annotations', 'argocd.argoproj.io/compare-options'));
  return options?.includes('IgnoreExtraneous')
    ? undefined
    : `${describeResource(one)} is gone from Git and still in the cluster`;
}

function notYet(one: RenderedDifference, found: ManagedResource | undefined, look: Look): string | undefined {
  const what = describeResource(one);
  if (found?.target === undefined) return `${what} is not among what Argo CD compares`;
  if (found.live === undefined) return `${what} is not in the cluster yet`;
  const { target, live } = found;
  const fields = one.fields ?? [];
  const missing = fields.find((field) => !isSeen(field, one, { ...found, target, live }, look));
  if (missing !== undefined) {
    const where = describePath(missing.path);
    // Argo CD may not mask what it renders, and a sentence goes into logs.
    if (isMasked(one, missing.path)) return `${what} is not seen to hold the change: ${where} is not shown`;
    return `${what} does not hold the change: ${where} is ${shown(valueAt(live, missing.path))}, not ${shown(missing.after)}`;
  }
  const left = fields.some(({ path }) => path[0] === 'spec' && path[1] === 'template') ? podsLeft(live) : 0;
  return left > 0
    ? `${left} Pods of ${what} still run what was before: its updateStrategy leaves that to you`
    : undefined;
}

const shown = (value: unknown): string => {
  const said = value === undefined ? 'not set' : (JSON.stringify(value) ?? '');
  return said.length > 80 ? `${said.slice(0, 80)}…` : said;
};

/**
 * Whether Git's target and the live object hold a field of the change. Kubernetes writes some values in its own way, so that a value
 * that is neither the one before nor the new one is Argo CD's to compare; unless it was told to ignore that field, or nothing
 * tells which commit it has compared with.
 */
function isSeen(
  field: FieldDifference,
  key: ResourceKey,
  { target, live, normalized }: ManagedResource,
  look: Look,
): boolean {
  const resolved = isCommit(comparedRevision(look) ?? '');
  if (isMasked(key, field.path)) return resolved;
  if (field.path[0] === 'apiVersion') return true;
  if (resolved ? showsBefore(field, target) : !showsAfter(field, target)) return false;
  // Shown in another version of its API, a field may have another name.
  if (at(target, 'apiVersion') !== at(live, 'apiVersion')) return resolved;
  if (showsBefore(field, live)) return false;
  const ignored =
    normalized !== undefined &&
    valueAt(live, field.path) !== undefined &&
    valueAt(normalized, field.path) === undefined;
  return resolved && !ignored ? true : showsAfter(field, live);
}
